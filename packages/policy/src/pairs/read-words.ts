import type { Subject } from "../subject.ts";
import { type PolicySet, policiesOf } from "./policy-set.ts";

/** The labels and sectors that some rule asks for: no other can make a difference to a decision. */
export type ReadWords = { labels: ReadonlySet<string>; sectors: ReadonlySet<string> };

const known = new WeakMap<PolicySet, ReadWords>();

export function readWords(policies: PolicySet): ReadWords {
  const made = known.get(policies) ?? collect(policies);
  known.set(policies, made);
  return made;
}

function collect(policies: PolicySet): ReadWords {
  const conditions = policiesOf(policies).flatMap(({ policy }) => policy.rules.map((rule) => rule.if));
  return {
    labels: new Set(conditions.flatMap(({ label }) => label ?? [])),
    sectors: new Set(conditions.flatMap(({ sector }) => sector ?? [])),
  };
}

/** The subject without the labels and sectors that nobody asks for, so that those alike are one to a memo. */
export function asRead(subject: Subject, { labels, sectors }: ReadWords): Subject {
  const { labels: own, sectors: about, ...others } = subject;
  if (own === undefined && about === undefined) return subject;
  const asked = own?.filter((label) => labels.has(label)) ?? [];
  const told = about?.filter((sector) => sectors.has(sector)) ?? [];
  return {
    ...others,
    ...(asked.length > 0 && { labels: asked }),
    ...(told.length > 0 && { sectors: told }),
  };
}
