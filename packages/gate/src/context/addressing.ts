import type { Subject } from "@suar/policy";

/**
 * To whom an originator ever addressed a version: what was once said further is not taken back by somebody who decides
 * anew. Those named in any statement, and whether one of them named nobody (then it was for the community).
 */
export type Addressed = { named: readonly string[] | null; community: boolean };

/** What was addressed before and what subjects say now, in one; undefined where these say nothing new. */
export function addressing(
  subjects: readonly Pick<Subject, "to">[],
  before?: Addressed,
): Addressed | undefined {
  const named = new Set(before?.named);
  const already = named.size;
  for (const { to } of subjects) for (const code of to) named.add(code);
  const community = before?.community === true || subjects.some(({ to }) => to.length === 0);
  if (before !== undefined && named.size === already && community === before.community) return undefined;
  return { named: named.size === 0 ? null : [...named].sort(), community };
}

/** The statements that amount to the same: to those who are named, and to the community. */
export function statements({ named, community }: Addressed): { to: readonly string[] }[] {
  return [...(community ? [{ to: [] }] : []), ...(named === null ? [] : [{ to: named }])];
}

/** An older version is for those, too, whom its originator named for a newer one. */
export function joinAddressed(a: Addressed, b: Addressed): Addressed {
  const named = [...(a.named ?? []), ...(b.named ?? [])];
  return {
    named: named.length === 0 ? null : [...new Set(named)].sort(),
    community: a.community || b.community,
  };
}
