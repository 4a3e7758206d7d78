import type { Outcome } from "./outcome.ts";
import { NOWHERE, type Reason } from "./reason.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules.ts";
import { Ruling } from "./ruling.ts";
import type { MarkedSubject, Organisation } from "./subject.ts";

const NOT_IN_AUDIENCE: Reason = {
  code: "not-in-audience",
  rule: "default-deny",
  source: "Suar house rule",
  paths: NOWHERE,
};
/** What markings alone say, as if there were no borders. Without a time whatever has an end has ended. */
export function decideByMarking(
  subject: MarkedSubject,
  recipient: Organisation,
  now = Number.POSITIVE_INFINITY,
  rules: readonly Rule[] = RULES,
): Outcome {
  const ruling = new Ruling();
  judgeMarkings(subject, recipient, now, rules, ruling);
  return ruling.outcome("");
}

/** All rules run; from whoever none of them permits it is withheld. */
export function judgeMarkings(
  subject: MarkedSubject,
  recipient: Organisation,
  now: number,
  rules: readonly Rule[],
  ruling: Ruling,
): void {
  for (const each of rules) {
    try {
      const finding = each.apply(subject, recipient, now);
      if (finding === undefined) continue;
      if (finding.say === "permit") ruling.permit(finding.reason);
      else if (finding.say === "withhold") ruling.withhold(finding.reason);
      else ruling.withhold(failed(each));
    } catch {
      ruling.withhold(failed(each));
    }
  }
  if (!ruling.permitted && !ruling.withheld) ruling.withhold(NOT_IN_AUDIENCE);
}

function failed({ id, source }: Rule): Reason {
  return { code: "rule-failed", rule: id, source, paths: NOWHERE };
}
