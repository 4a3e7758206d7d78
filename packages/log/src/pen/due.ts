import type { Work } from "../store/checkpoint.ts";

/** A checkpoint a second while the log grows. */
const SIGN_EVERY_MS = 1_000;
/**
 * Witnesses are slower than that: the one that they are asked for stays the same until enough have cosigned it, so
 * that they come together on one; and is given up after a minute, so that it is not waited for in vain.
 */
const ASK_EVERY_MS = 10_000;
const GIVE_UP_MS = 60_000;

/** What is due. Asking for the newest may follow signing it. */
export function dueOf({ seq, epoch, last, asked }: Omit<Work, "waiting">): { sign: boolean; ask: boolean } {
  const sign = seq > (last?.size ?? 0) && (last === null || last.age >= SIGN_EVERY_MS);
  const newest = sign ? seq : (last?.size ?? 0);
  return { sign, ask: newest > (asked?.size ?? 0) && isOver(asked, epoch) };
}

function isOver(asked: Work["asked"], epoch: string): boolean {
  if (asked === null || asked.epoch !== epoch || asked.age >= GIVE_UP_MS) return true;
  return asked.witnessed && asked.age >= ASK_EVERY_MS;
}
