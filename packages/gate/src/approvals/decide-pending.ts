import type { Outcome } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { canonicalJson } from "@suar/stix";
import { type Anew, decideAnew } from "../anew/decide-anew.ts";
import { statedOf } from "../anew/stated-version.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import type { Ruled } from "../copies/copies.ts";
import { type Decided, keptDecision } from "../decide/decided.ts";
import { selectDecisionBodies } from "../store/decision.ts";
import type { PendingRow } from "../store/pending.ts";
import { selectEveryVersion } from "../store/version.ts";

/** What is decided now of what waits: `same` are those for whom the very same is asked as was asked then. */
export type DecidedPending = {
  anew: Anew;
  same: readonly Ruled[];
  /** The same is asked for each of those for whom it waits. */
  isSame: boolean;
};

/**
 * Decides what waits by the policies and the version of this moment. It is the same where it asks for the same rules,
 * redactions and approvers. Undefined where the version is gone.
 */
export async function decidePending(
  db: Queryable,
  context: ReleaseContext,
  pending: PendingRow,
): Promise<DecidedPending | undefined> {
  const { stix_id: stixId, organisations } = pending;
  const versions = await selectEveryVersion(db, pending.producer, stixId);
  const isIt = ({ version }: { version: string }) => version === pending.version;
  const [stated] = await statedOf(db, context, versions, isIt);
  if (stated === undefined) return undefined;
  const anew = await decideAnew(db, context, stated);
  const asked = await askedFor(db, pending);
  const same = anew.decision.asking.flatMap(({ readers, outcome }): Ruled[] => {
    const left = readers.filter((reader) => organisations.includes(reader));
    return left.length > 0 && essenceOf(outcome) === asked ? [{ readers: left, outcome }] : [];
  });
  const isSame = same.flatMap(({ readers }) => readers).length === organisations.length;
  return { anew, same, isSame };
}

/** The outcomes that were asked for, as they were kept, by the ids of the decisions. */
export async function askedOutcomes(
  db: Queryable,
  rows: readonly Pick<PendingRow, "decision_id">[],
): Promise<Map<number, Decided>> {
  const bodies = await selectDecisionBodies(db, [...new Set(rows.map((row) => row.decision_id))]);
  return new Map([...bodies].map(([id, body]) => [id, JSON.parse(body) as Decided]));
}

/** What stands behind one that waits, or was approved: the outcome that was asked for, as it was kept. */
export async function askedFor(db: Queryable, pending: Asked): Promise<string> {
  return essenceAsked(await askedOutcomes(db, [pending]), pending);
}

type Asked = Pick<PendingRow, "decision_id" | "approvers" | "four_eyes">;

/** The same where the outcomes are read. */
export function essenceAsked(outcomes: ReadonlyMap<number, Decided>, pending: Asked): string {
  const asked = outcomes.get(pending.decision_id);
  if (asked === undefined) throw new Error("what was asked is gone");
  return essence(asked, pending.approvers, pending.four_eyes);
}

export function essenceOf(outcome: Outcome): string {
  return essence(JSON.parse(keptDecision(outcome).body) as Decided, outcome.approvers, outcome.fourEyes);
}

/**
 * What an approval stands for: the rules, what is left out, what the recipient undertakes, on which grounds, and who had
 * to agree. A policy's version is in the names of its rules and in its grounds.
 */
function essence(
  { reasons, redactions, obligations, bases }: Decided,
  approvers: readonly string[],
  fourEyes: boolean,
): string {
  return canonicalJson({
    rules: reasons.map(({ code, rule }) => `${code} ${rule}`),
    redactions: redactions.map(({ path, op, class: kind }) => `${kind} ${op} ${path}`),
    obligations,
    bases,
    approvers: [...approvers].sort(),
    fourEyes,
  });
}
