import type { Queryable } from "@suar/runtime";
import { selectSaidBy } from "../store/said-by.ts";

/** What a list says that another organisation of this platform stated, under one of these ids. */
export type SaidBy = { producer: number; ids: readonly string[] };

/**
 * Whether it did, in the order of what is asked, as far as the organisation that asks was sent it, or stated it itself:
 * `withdrawn` where nothing is left of it, undefined where it was told of nothing of the kind.
 */
export async function readSaidBy(
  db: Queryable,
  organisationId: number,
  asked: readonly (SaidBy | undefined)[],
): Promise<("held" | "withdrawn" | undefined)[]> {
  const ids = new Set(asked.flatMap((one) => one?.ids ?? []));
  if (ids.size === 0) return asked.map(() => undefined);
  const byId = Map.groupBy(await selectSaidBy(db, organisationId, [...ids]), ({ id }) => id);
  return asked.map((one) => {
    const said = one?.ids.flatMap((id) => byId.get(id) ?? []).filter((row) => row.producer === one.producer);
    if (said === undefined || said.length === 0) return undefined;
    return said.some(({ withdrawn }) => !withdrawn) ? "held" : "withdrawn";
  });
}
