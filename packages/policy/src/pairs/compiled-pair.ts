import { ContentClass } from "../content-class.ts";
import type { BasisUse } from "../outcome.ts";
import { NOWHERE, type Reason, type ReasonCode } from "../reason.ts";
import { type BasisStatus, type Test, testsOf } from "./condition.ts";
import { PII_CLASSES, strictnessOf } from "./operation.ts";
import { type Obligation, type PairPolicy, type PairRule, pairName, policyHash } from "./pair-policy.ts";

/** Whether both members signed it, or it is what Suar ships until they do. */
export type PolicyStanding = "shipped" | "signed";

/** A rule as a decision needs it. */
export type CompiledRule = {
  tests: readonly Test[];
  /** What silences it for recipients that have it: an agreement, where all else of the condition holds. */
  unless: { agreement: string; tests: readonly Test[] } | undefined;
  verb: PairRule["then"];
  /** For `withhold` and `approve`. */
  reason: Reason;
  approvers: readonly string[];
  fourEyes: boolean;
  /** Strictness by kind of personal data; 0 where it says nothing of it. */
  strictness: readonly number[];
  namesAllPii: boolean;
  obligations: readonly Obligation[];
};

/** Why the pair itself, rather than one of its rules, withholds or allows. */
type PairReasons = { readonly [code in PairCode]: Reason };
type PairCode = Extract<
  ReasonCode,
  | "pair-allows"
  | "policy-not-effective"
  | "policy-expired"
  | "basis-not-in-force"
  | "class-not-allowed"
  | "class-needs-naming"
  | "no-onward"
  | "quota-reached"
  | "rule-failed"
>;

/** What an outcome says of the basis, by the status that it has then. */
type BasisUses = Readonly<Record<BasisStatus, readonly BasisUse[]>>;

/** A policy made ready: times as numbers, rules by content class, reasons written out. */
export type CompiledPair = {
  policy: PairPolicy;
  standing: PolicyStanding;
  hash: string;
  from: number;
  until: number;
  basis: { status: BasisStatus; signed: number; expires: number; uses: BasisUses };
  allow: ReadonlySet<string>;
  allowNamed: ReadonlySet<string>;
  rules: ReadonlyMap<string, readonly CompiledRule[]>;
  strictness: readonly number[];
  byDefault: Reason;
  obligations: readonly Obligation[];
  reasons: PairReasons;
};

export function compilePair(policy: PairPolicy, standing: PolicyStanding): CompiledPair {
  const { basis, effective } = policy;
  const label = `pairs/${pairName(policy)}.json@${policy.version}`;
  return {
    policy,
    standing,
    hash: policyHash(policy),
    from: Date.parse(effective.from),
    until: instant(effective.until, Number.POSITIVE_INFINITY),
    basis: {
      status: basis.status,
      signed: instant(basis.signed, Number.NEGATIVE_INFINITY),
      expires: instant(basis.expires, Number.POSITIVE_INFINITY),
      uses: usesOf(policy),
    },
    allow: new Set(policy.allow),
    allowNamed: new Set(policy.allowNamed),
    rules: rulesByClass(policy, label),
    strictness: strictnessOfAll(policy.personalData),
    obligations: policy.obligations.toSorted(),
    byDefault: reason("personal-data-redacted", `${label}#personalData`, standingText(policy, standing)),
    reasons: reasonsOf(policy, standing, label),
  };
}

function instant(text: string | null, otherwise: number): number {
  return text === null ? otherwise : Date.parse(text);
}

function usesOf({ exporter, importer, version, basis }: PairPolicy): BasisUses {
  const use = (status: BasisStatus): readonly BasisUse[] => {
    return [{ pair: `${exporter}>${importer}`, version, id: basis.id, kind: basis.kind, status }];
  };
  return {
    none: use("none"),
    draft: use("draft"),
    signed: use("signed"),
    expired: use("expired"),
    suspended: use("suspended"),
  };
}

/** Under each class the rules that can speak of it, so that a decision asks no others. */
function rulesByClass(policy: PairPolicy, label: string): Map<string, CompiledRule[]> {
  const compiled = policy.rules.map((rule) => ({ rule, compiled: compileRule(rule, label) }));
  return new Map(
    ContentClass.options.map((name) => [
      name,
      compiled
        .filter(({ rule }) => rule.if.contentClass === undefined || rule.if.contentClass.includes(name))
        .map((each) => each.compiled),
    ]),
  );
}

const CODES = {
  withhold: "rule-withholds",
  approve: "approval-needed",
  redact: "personal-data-redacted",
} as const satisfies Record<PairRule["then"], ReasonCode>;

const BESIDE_AGREEMENT = ["contentClass", "lacksAgreement"] as const;

function compileRule(rule: PairRule, label: string): CompiledRule {
  const strictness = strictnessOfAll(rule.then === "redact" ? rule.ops : {});
  const agreement = rule.if.lacksAgreement;
  return {
    tests: testsOf(rule.if, ["contentClass"]),
    unless: agreement === undefined ? undefined : { agreement, tests: testsOf(rule.if, BESIDE_AGREEMENT) },
    verb: rule.then,
    reason: { ...reason(CODES[rule.then], `${label}#${rule.id}`, rule.source), guide: rule.guide },
    approvers: rule.then === "approve" ? rule.approvers.toSorted() : [],
    fourEyes: rule.then === "approve" && rule.fourEyes,
    strictness,
    namesAllPii: strictness.every((each) => each > 0),
    obligations: (rule.obligations ?? []).toSorted(),
  };
}

function strictnessOfAll(ops: Partial<PairPolicy["personalData"]>): number[] {
  return PII_CLASSES.map((name) => {
    const op = ops[name];
    return op === undefined ? 0 : strictnessOf(op);
  });
}

function reasonsOf(policy: PairPolicy, standing: PolicyStanding, label: string): PairReasons {
  const text = standingText(policy, standing);
  const part = <Code extends PairCode>(code: Code, name: string) => reason(code, `${label}#${name}`, text);
  return {
    "pair-allows": part("pair-allows", "allow"),
    "policy-not-effective": part("policy-not-effective", "effective"),
    "policy-expired": part("policy-expired", "effective"),
    "basis-not-in-force": part("basis-not-in-force", "basis"),
    "class-not-allowed": part("class-not-allowed", "default"),
    "class-needs-naming": part("class-needs-naming", "allowNamed"),
    "no-onward": part("no-onward", "obligations"),
    "quota-reached": part("quota-reached", "quota"),
    "rule-failed": part("rule-failed", "default"),
  };
}

/** Whose word the policy is. */
function standingText({ exporter, importer, version }: PairPolicy, standing: PolicyStanding): string {
  const parties = importer === "public" ? exporter : `${exporter} and ${importer}`;
  return standing === "signed"
    ? `version ${version}, signed by ${parties}`
    : `shipped default, in force until ${parties} sign${importer === "public" ? "s" : ""} another`;
}

function reason(code: ReasonCode, rule: string, source: string): Reason {
  return { code, rule, source, paths: NOWHERE };
}
