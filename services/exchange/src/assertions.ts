import type { Assertion } from "@suar/contract";
import type { Directory, Queryable } from "@suar/runtime";
import { type AssertionRow, selectCorrelated } from "./store/assertion.ts";

/** Rows as the contract shows them. */
export async function toAssertions(
  directory: Directory,
  rows: readonly AssertionRow[],
): Promise<Assertion[]> {
  return await Promise.all(
    rows.map(async (row) => ({
      producer: (await directory.byId(row.producer))?.code ?? "?",
      tlp: row.tlp,
      seq: row.seq,
      at: row.at,
      withdrawn: row.withdrawn,
      object: JSON.parse(row.body) as Assertion["object"],
    })),
  );
}

/** The entries of the log that an answer with these rows hands over. */
export function handedBy(rows: readonly AssertionRow[]): number[] {
  return rows.filter(({ is_stub }) => !is_stub).map(({ seq }) => seq);
}

/**
 * "Also reported by N members", counted over what the caller may see and nothing else: members (a member's
 * agencies count as it), other than the producer's own.
 */
export async function countOthers(
  db: Queryable,
  directory: Directory,
  rows: readonly AssertionRow[],
): Promise<Map<number, number>> {
  const others = new Map<number, Set<string>>();
  const producers = new Map(rows.map((row) => [row.rendition_id, row.producer]));
  for (const { rendition_id, producer } of await selectCorrelated(db, [...producers.keys()])) {
    const member = (await directory.byId(producer))?.member;
    const own = (await directory.byId(producers.get(rendition_id) ?? 0))?.member;
    if (member === undefined || member === own) continue;
    others.set(rendition_id, (others.get(rendition_id) ?? new Set()).add(member));
  }
  return new Map([...others].map(([id, members]) => [id, members.size]));
}
