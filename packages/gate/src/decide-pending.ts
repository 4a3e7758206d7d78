import type { Outcome } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { canonicalJson } from "@suar/stix";
import type { Ruled } from "./copies.ts";
import { type Anew, decideAnew } from "./decide-anew.ts";
import type { Decided } from "./decided.ts";
import type { ReleaseContext } from "./release-item.ts";
import { SentBefore } from "./sent-before.ts";
import { selectDecisionBodies } from "./store/decision.ts";
import type { PendingRow } from "./store/pending.ts";
import { selectEveryVersion } from "./store/version.ts";

/** What is decided now of what waits: `same` are those for whom the very same is asked as was asked then. */
export type DecidedPending = {
  anew: Anew;
  before: SentBefore;
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
  const live = versions.filter((one) => one.withdrawn_at === null);
  const version = live.find((one) => one.version === pending.version);
  if (version === undefined) return undefined;
  const since = live.filter((one) => one.rank > version.rank).sort((a, b) => b.rank - a.rank);
  // Of all versions: who has a copy of another one gets this under the id that they know it by.
  const before = await SentBefore.read(db, new Map([[stixId, versions]]));
  const anew = await decideAnew(db, context, version, { since, holders: [] });
  if (anew === undefined) return undefined;
  const asked = await askedFor(db, pending);
  const same = anew.decision.asking.flatMap(({ readers, outcome }): Ruled[] => {
    const left = readers.filter((reader) => organisations.includes(reader));
    return left.length > 0 && essenceOf(outcome) === asked ? [{ readers: left, outcome }] : [];
  });
  const isSame = same.flatMap(({ readers }) => readers).length === organisations.length;
  return { anew, before, same, isSame };
}

/** The outcomes that were asked for, as they were kept, by the ids of the decisions. */
export async function askedOutcomes(
  db: Queryable,
  rows: readonly Pick<PendingRow, "decision_id">[],
): Promise<Map<number, Decided>> {
  const bodies = await selectDecisionBodies(db, [...new Set(rows.map((row) => row.decision_id))]);
  return new Map([...bodies].map(([id, body]) => [id, JSON.parse(body) as Decided]));
}

async function askedFor(db: Queryable, pending: PendingRow): Promise<string> {
  const asked = (await askedOutcomes(db, [pending])).get(pending.decision_id);
  if (asked === undefined) throw new Error("what was asked is gone");
  const { reasons, redactions } = asked;
  return essence({ reasons, redactions, approvers: pending.approvers, fourEyes: pending.four_eyes });
}

type Essence = Pick<Decided, "reasons" | "redactions"> & { approvers: readonly string[]; fourEyes: boolean };

function essenceOf({ reasons, redactions, approvers, fourEyes }: Outcome): string {
  return essence({ reasons, redactions, approvers, fourEyes });
}

/** What an approval stands for. A policy's version is in the names of its rules. */
function essence({ reasons, redactions, approvers, fourEyes }: Essence): string {
  return canonicalJson({
    rules: reasons.map(({ code, rule }) => `${code} ${rule}`),
    redactions: redactions.map(({ path, op, class: kind }) => `${kind} ${op} ${path}`),
    approvers: [...approvers].sort(),
    fourEyes,
  });
}
