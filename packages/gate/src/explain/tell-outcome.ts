import { joinOutcomes, type Organisation, type Outcome, type Subject } from "@suar/policy";
import type { Decision, Decisions } from "../decide/decisions.ts";
import { mildest } from "../decide/mildest.ts";

/** A thing that an object names, and the id under which a recipient sees it named; null where it does not. */
export type ShownName = { id: string; shown: string | null };

/** What is decided of an object for one recipient, and why. */
export type ToldOutcome = {
  outcome: Outcome;
  /** What the copy names otherwise than the original does. */
  names: readonly ShownName[];
  /** Policy lets the recipient have it, and nothing would be left of it. */
  isEmptied: boolean;
};

type Decided = Pick<Decision, "subjects" | "groups" | "asking">;

/**
 * What a decision is for one of the organisations that it was made for. Who gets what is read from the decision itself;
 * only the reasons are asked for again, by the very same question.
 */
export function tellOutcome(
  { subjects, groups, asking }: Decided,
  decisions: Decisions,
  recipient: Organisation,
): ToldOutcome {
  const outcomes = subjects.map((subject) => decisions.why(subject, recipient));
  const has = (readers: readonly number[]) => readers.includes(recipient.id);
  const group = groups.find(({ readers }) => has(readers));
  if (group !== undefined) {
    const said = mildest(outcomes.filter(({ withheld, approvers }) => !withheld && approvers.length === 0));
    const redactions = group.view?.redactions ?? [];
    const names = [...(group.view?.renames ?? [])].map(([id, shown]) => ({ id, shown: shown ?? null }));
    const decision = redactions.length + names.length > 0 ? "redact" : "allow";
    return { outcome: { ...(said ?? group.outcome), redactions, decision }, names, isEmptied: false };
  }
  const asked = asking.find(({ readers }) => has(readers));
  if (asked !== undefined) return { outcome: asked.outcome, names: [], isEmptied: false };
  const left = mildest(outcomes.filter(({ withheld }) => !withheld));
  return { outcome: left ?? joinOutcomes(...outcomes), names: [], isEmptied: left !== undefined };
}

/**
 * What policy says of a recipient for whom nothing was decided: agencies that a member may have or not, and the public
 * where nobody reads for it. Of a relationship it does not know who has its ends.
 */
export function tellPolicy(
  subjects: readonly Subject[],
  decisions: Decisions,
  recipient: Organisation,
): ToldOutcome {
  const outcomes = subjects.map(({ ends: _, ...subject }) => decisions.why(subject, recipient));
  const permitted = mildest(outcomes.filter(({ withheld }) => !withheld));
  return { outcome: permitted ?? joinOutcomes(...outcomes), names: [], isEmptied: false };
}
