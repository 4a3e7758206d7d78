import { joinOutcomes, type Outcome, type Reason } from "./outcome.ts";
import { type Finding, type Rule, withheldBecause } from "./rule.ts";
import { RULES } from "./rules.ts";
import type { Organisation, Subject } from "./subject.ts";

const NOT_IN_AUDIENCE = withheldBecause({
  code: "not-in-audience",
  rule: "default-deny",
  source: "Suar house rule",
});

/** May this recipient see this subject? Needs a permission, and the absence of every withholding. */
export function decide(subject: Subject, recipient: Organisation, rules: readonly Rule[] = RULES): Outcome {
  const permissions: Reason[] = [];
  const restrictions: Outcome[] = [];
  for (const each of rules) {
    const finding = run(each, subject, recipient);
    if (finding?.say === "permit") permissions.push(finding.reason);
    if (finding?.say === "restrict") restrictions.push(finding.outcome);
  }
  const restriction = joinOutcomes(...restrictions);
  // A reason to permit would mislead beside a withholding: only the reasons that decided are told.
  if (restriction.withheld) return restriction;
  if (permissions.length === 0) return joinOutcomes(restriction, NOT_IN_AUDIENCE);
  return joinOutcomes(restriction, { withheld: false, approvers: [], redactions: [], reasons: permissions });
}

/** A rule that throws, or that answers with something it may not say, withholds. */
function run(each: Rule, subject: Subject, recipient: Organisation): Finding {
  try {
    const finding = each.apply(subject, recipient);
    if (finding === undefined || finding.say === "permit" || finding.say === "restrict") return finding;
  } catch {
    // Falls through to withholding: what went wrong may quote the object, so that it is not passed on.
  }
  return {
    say: "restrict",
    outcome: withheldBecause({ code: "rule-failed", rule: each.id, source: each.source }),
  };
}
