import { type Organisation, type PairPolicy, PUBLIC } from "@suar/policy";
import type { Platform } from "@suar/runtime";
import { anyAgencyOf } from "../explain/told-as.ts";

/** `asker`: the CERT of one of the two, whose reading decides what is counted. */
export type ReplayAsked = { policy: PairPolicy; asker: Organisation; since: Date };

export type Access = Pick<Platform, "directory" | "secrets" | "trust">;

export function isExporter({ policy, asker }: ReplayAsked): boolean {
  return asker.member === policy.exporter;
}

/** By its member, or by the law that it stands under where that is another's. */
export function standsUnder(
  { member, jurisdiction }: Pick<Organisation, "member" | "jurisdiction">,
  code: string,
) {
  return member === code || jurisdiction === code;
}

/**
 * For whom it is decided: the exporter is told of the importing member, and of its agencies by policy, whichever it has;
 * the importer's CERT of itself.
 */
export function recipientsOf(
  asked: ReplayAsked,
  organisations: readonly Organisation[],
): readonly Organisation[] {
  const { policy, asker } = asked;
  const importers = organisations.filter((one) => standsUnder(one, policy.importer));
  if (!isExporter(asked)) return importers.filter(({ id }) => id === asker.id);
  // Nobody of the directory stands for everybody.
  if (policy.importer === PUBLIC.code && importers.length === 0) return [PUBLIC];
  const certs = importers.filter(({ kind, member }) => kind === "cert" && member !== asker.member);
  return [...importers, ...certs.map(anyAgencyOf)];
}

/** What is decided at a moment, in milliseconds of the epoch, by a policy whose time is to come. */
export function asIfInForce(policy: PairPolicy, now: number): PairPolicy {
  if (Date.parse(policy.effective.from) <= now) return policy;
  return { ...policy, effective: { ...policy.effective, from: new Date(now).toISOString() } };
}
