import type { ReasonCode } from "@suar/policy";
import type { ReleaseContext } from "../context/release-item.ts";
import type { Decision, Decisions } from "../decide/decisions.ts";

/** Why somebody lost a copy: as policy says it, or one of these. */
export type LossCode =
  | ReasonCode
  /** It has another copy in the place of this one. */
  | "replaced"
  /** It is no organisation of Suar's any more. */
  | "removed"
  /** Of what it may have of it nothing is left that could be sent. */
  | "nothing-left";

/** Reasons that are given beside others, and never take anything away. */
const PERMITS: ReadonlySet<ReasonCode> = new Set([
  "own-original",
  "community",
  "named",
  "client-of-named",
  "client-of-producer",
  "pair-allows",
  "personal-data-redacted",
]);

/** By the very decision by which a reader loses a copy; several where it was said to it more than once. */
export function whyLost(
  { organisations }: Pick<ReleaseContext, "organisations">,
  { decision, decisions }: { decision: Decision; decisions: Decisions },
  reader: number,
): LossCode[] {
  if (decision.groups.some(({ readers }) => readers.includes(reader))) return ["replaced"];
  const recipient = organisations.find(({ id }) => id === reader);
  if (recipient === undefined) return ["removed"];
  const reasons = decision.subjects.flatMap((subject) => decisions.why(subject, recipient).reasons);
  const codes = new Set(reasons.map(({ code }) => code).filter((code) => !PERMITS.has(code)));
  return codes.size === 0 ? ["nothing-left"] : [...codes].sort();
}
