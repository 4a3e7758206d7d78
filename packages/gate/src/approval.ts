import type { Outcome } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { canonicalJson } from "@suar/stix";
import type { Ruled } from "./copies.ts";
import { type Decided, keptAs, keptDecision } from "./decided.ts";
import type { Decision } from "./decisions.ts";
import type { Readers } from "./sights.ts";
import { selectDecisionBodies } from "./store/decision.ts";
import { type PendingRow, selectApproved } from "./store/pending.ts";

type Asked = Pick<Decided, "reasons" | "redactions" | "obligations" | "bases"> & {
  approvers: readonly string[];
  fourEyes: boolean;
};

/**
 * What an approval stands for: the rules, what is left out, what the recipient undertakes, on which grounds, and who had
 * to agree. A policy's version is in the names of its rules and in its grounds.
 */
export function essenceOf(outcome: Outcome): string {
  const { approvers, fourEyes } = outcome;
  return essence({ ...(JSON.parse(keptDecision(outcome).body) as Decided), approvers, fourEyes });
}

/** The same of what was asked for, as it was kept: by the ids of what is pending or was. */
export async function essencesOf(
  db: Queryable,
  rows: readonly PendingRow[],
): Promise<ReadonlyMap<string, string>> {
  const bodies = await selectDecisionBodies(db, [...new Set(rows.map((row) => row.decision_id))]);
  return new Map(
    rows.map(({ id, decision_id: decision, approvers, four_eyes: fourEyes }) => {
      const body = bodies.get(decision);
      if (body === undefined) throw new Error("what was asked is gone");
      return [id, essence({ ...(JSON.parse(body) as Decided), approvers, fourEyes })];
    }),
  );
}

function essence({ reasons, redactions, obligations, bases, approvers, fourEyes }: Asked): string {
  return canonicalJson({
    rules: reasons.map(({ code, rule }) => `${code} ${rule}`),
    redactions: redactions.map(({ path, op, class: kind }) => `${kind} ${op} ${path}`),
    obligations,
    bases,
    approvers: [...approvers].sort(),
    fourEyes,
  });
}

/** The same with nobody to ask any more; what is kept of it tells who was. */
export function approvedOutcome(outcome: Outcome, { approvals }: Pick<PendingRow, "approvals">): Outcome {
  const approved = {
    rules: outcome.reasons.filter(({ code }) => code === "approval-needed").map(({ rule }) => rule),
    approvals: approvals.length,
    roles: [...new Set(approvals.map(({ role }) => role))].sort(),
    at: approvals.at(-1)?.at ?? "",
  };
  return keptAs({ ...outcome, approvers: [] }, approved);
}

/**
 * Of those for whom others have to agree, those who have it because they did agree, to the very same: an approval that was
 * given holds as long as its outcome does. Who lost it meanwhile is asked for anew.
 */
export async function approvedBefore(
  db: Queryable,
  place: { producer: number; stixId: string; version: string },
  { asking }: Pick<Decision, "asking">,
  holders: Readers,
): Promise<Ruled[]> {
  if (asking.length === 0 || holders.length === 0) return [];
  const rows = await selectApproved(db, place);
  const essences = await essencesOf(db, rows);
  const left = new Set(holders);
  return asking.flatMap(({ readers, outcome }) =>
    rows.flatMap((row): Ruled[] => {
      if (essences.get(row.id) !== essenceOf(outcome)) return [];
      const granted = readers.filter((reader) => row.organisations.includes(reader) && left.delete(reader));
      return granted.length === 0 ? [] : [{ readers: granted, outcome: approvedOutcome(outcome, row) }];
    }),
  );
}
