import { isConnectionLost, sqlStateOf } from "@suar/runtime";

/** Connection, transaction state, deadlock, no room, a lock that was waited for in vain, an operator's act, the machine. */
const NOBODYS = /^(?:08|25|40|53|55P03|57|58)/;
const QUERY_CANCELED = "57014";

/**
 * Whether a failure is that of one of the objects that were looked at, so that the others can be decided without it. A
 * statement that took too long is an object's where it was about this one alone: among many it would take as long again
 * for every half of them, under the producer's lock; whoever asks asks for fewer.
 */
export function isOfObjects(error: unknown, many: number): boolean {
  if (isConnectionLost(error)) return false;
  const state = sqlStateOf(error);
  if (state === QUERY_CANCELED) return many === 1;
  return state === undefined || !NOBODYS.test(state);
}
