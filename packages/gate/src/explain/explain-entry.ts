import type { Organisation } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import type { Decided } from "../decide/decided.ts";
import { selectOpening } from "../store/opening.ts";

/** What a receiver may be told of the decision by which it has an entry. */
export type ReceivedDecision = Pick<
  Decided,
  "decision" | "redactions" | "obligations" | "policyHash" | "bases" | "pii"
>;

/**
 * What was decided of an entry, as one of its receivers may know it: what its receipt opens for it, and the grounds on
 * which it crossed to this receiver. By which rules would tell of the others who share the copy: their pairs are in it.
 * The caller has seen to it that the reader may see the entry. Undefined where nothing was decided or kept.
 */
export async function explainEntry(
  db: Queryable,
  seq: number,
  { producer, reader }: Record<"producer" | "reader", Pick<Organisation, "member">>,
): Promise<ReceivedDecision | undefined> {
  const row = await selectOpening(db, seq);
  if (row === undefined || row.decision === null || row.kind === "withdrawn") return undefined;
  const { decision, redactions, obligations, policyHash, bases, pii } = JSON.parse(row.decision) as Decided;
  const border = `${producer.member}>${reader.member}@`;
  const own = bases.filter((basis) => basis.startsWith(border));
  return { decision, redactions, obligations, policyHash, bases: own, pii };
}
