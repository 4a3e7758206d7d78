import { type PolicySet, policiesOf, type Subject } from "@suar/policy";

const limited = new WeakMap<PolicySet, ReadonlySet<string>>();

/** Whether any policy of an exporter asks how many people it told of: then those who add to that go one after the other. */
export function isLimited(policies: PolicySet, exporter: string): boolean {
  const known =
    limited.get(policies) ??
    new Set(
      policiesOf(policies).flatMap(({ policy }) => {
        const { quota, rules } = policy;
        const asks = quota !== null || rules.some((rule) => rule.if.individualsYtd !== undefined);
        return asks ? [policy.exporter] : [];
      }),
    );
  limited.set(policies, known);
  return known.has(exporter);
}

type Limit = { importer: string; from: number; isQuota: boolean };

/**
 * Where counts of individuals make a difference: the quotas and the conditions of one exporter's policies. Between two of
 * them a decision stays what it is, however many were counted meanwhile.
 */
export class IndividualLimits {
  readonly #limits: readonly Limit[];

  constructor(policies: PolicySet, exporter: string) {
    this.#limits = policiesOf(policies).flatMap(({ policy }): Limit[] => {
      if (policy.exporter !== exporter) return [];
      const { importer, quota, rules } = policy;
      const conditions = rules.flatMap((rule) => rule.if.individualsYtd?.gte ?? []);
      const limits = conditions.map((from): Limit => ({ importer, from, isQuota: false }));
      return quota === null ? limits : [...limits, { importer, from: quota, isQuota: true }];
    });
  }

  /** On which side of each limit a subject stands; the count itself where it may be the one that passes a quota. */
  sideOf({ findings }: Pick<Subject, "findings">, ytd: (importer: string) => number): string {
    if (this.#limits.length === 0) return "";
    const most = findings.reduce((sum, { individuals }) => sum + individuals, 0);
    return this.#limits
      .map(({ importer, from, isQuota }) => {
        const count = ytd(importer);
        if (!isQuota) return count >= from;
        return count + most <= from || count > from ? count > from : count;
      })
      .join();
  }
}
