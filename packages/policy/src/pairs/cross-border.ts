import { NOWHERE } from "../reason.ts";
import type { Ruling } from "../ruling.ts";
import type { Organisation, Subject } from "../subject.ts";
import type { CompiledPair, CompiledRule } from "./compiled-pair.ts";
import type { BasisStatus, Crossing, Test } from "./condition.ts";
import { treatPersonalData } from "./treat-personal-data.ts";

/** What a decision reads beside the object and the recipient. */
export type BorderContext = {
  /** Milliseconds of the epoch. */
  now: number;
  /** How many people's data went from exporter to importer this year. */
  individualsYtd: (exporter: string, importer: string) => number;
};

/**
 * What the policy of one pair says of an object on its way to a recipient: all of its rules run, the exporter's and
 * the importer's, and none takes back what another said.
 */
export function crossBorder(
  pair: CompiledPair,
  subject: Subject,
  recipient: Organisation,
  context: BorderContext,
  ruling: Ruling,
): void {
  const crossing = crossingOf(pair, subject, recipient, context);
  judgeInForce(pair, crossing.basisStatus, context.now, ruling);
  judgeClass(pair, crossing, ruling);
  const spoken = runRules(pair, crossing, ruling);
  if (subject.findings.length > 0)
    judgeQuota(pair, treatPersonalData(pair, spoken, subject.findings, ruling), crossing, ruling);
  ruling.oblige(pair.obligations);
  if (crossing.onward && !crossing.named && ruling.obligations.includes("no-onward"))
    ruling.withhold(pair.reasons["no-onward"]);
}

function judgeQuota(
  pair: CompiledPair,
  individuals: number,
  { individualsYtd, exporter, importer }: Crossing,
  ruling: Ruling,
): void {
  const { quota } = pair.policy;
  if (quota === null || individuals === 0) return;
  if (!(individualsYtd(exporter, importer) + individuals <= quota))
    ruling.withhold(pair.reasons["quota-reached"]);
}

function crossingOf(
  { policy, basis }: CompiledPair,
  subject: Subject,
  recipient: Organisation,
  { now, individualsYtd }: BorderContext,
): Crossing {
  return {
    subject,
    recipient,
    named: subject.to.includes(recipient.code),
    onward: recipient.kind === "agency",
    basisStatus: basisStatusAt(basis, now),
    basisKind: policy.basis.kind,
    exporter: policy.exporter,
    importer: policy.importer,
    individualsYtd,
  };
}

/** A contract whose time is over is no contract, whatever its file says; one that is signed tomorrow is a draft. */
function basisStatusAt({ status, signed, expires }: CompiledPair["basis"], now: number): BasisStatus {
  if (status !== "none" && !(now < expires)) return "expired";
  return status === "signed" && !(now >= signed) ? "draft" : status;
}

/** Each comparison is put so that no number at all withholds. */
function judgeInForce(pair: CompiledPair, basisStatus: BasisStatus, now: number, ruling: Ruling): void {
  if (!(now >= pair.from)) ruling.withhold(pair.reasons["policy-not-effective"]);
  if (!(now < pair.until)) ruling.withhold(pair.reasons["policy-expired"]);
  if (basisStatus === "expired" || basisStatus === "suspended")
    ruling.withhold(pair.reasons["basis-not-in-force"]);
  ruling.ground(pair.basis.uses[basisStatus]);
}

function judgeClass(pair: CompiledPair, { subject, named }: Crossing, ruling: Ruling): void {
  const { contentClass } = subject;
  if (pair.allow.has(contentClass)) ruling.permissions.push(pair.reasons["pair-allows"]);
  else if (!pair.allowNamed.has(contentClass)) ruling.withhold(pair.reasons["class-not-allowed"]);
  else if (named) ruling.permissions.push(pair.reasons["pair-allows"]);
  else ruling.withhold(pair.reasons["class-needs-naming"]);
}

/** The rules that redact, where they speak; the others have had their say. */
function runRules(
  pair: CompiledPair,
  crossing: Crossing,
  ruling: Ruling,
): readonly CompiledRule[] | undefined {
  let redacting: CompiledRule[] | undefined;
  for (const rule of pair.rules.get(crossing.subject.contentClass) ?? []) {
    const speaks = isSpeaking(rule.tests, crossing);
    if (speaks === false) {
      if (rule.unless !== undefined) standOnAgreement(rule, rule.unless, crossing, ruling);
      continue;
    }
    if (speaks === "failed") ruling.withhold({ ...rule.reason, code: "rule-failed" });
    else if (rule.verb === "withhold") ruling.withhold(rule.reason);
    else if (rule.verb === "approve") {
      ruling.askFirst(rule.approvers, rule.fourEyes, pair.policy.deadlineHours);
      ruling.restrictions.push(rule.reason);
    } else {
      redacting ??= [];
      redacting.push(rule);
    }
    ruling.oblige(rule.obligations);
  }
  return redacting;
}

/** A rule is silent because of an agreement: the decision stands on its terms, and says on which. */
function standOnAgreement(
  { reason }: CompiledRule,
  { agreement, tests }: NonNullable<CompiledRule["unless"]>,
  crossing: Crossing,
  ruling: Ruling,
): void {
  if (isSpeaking(tests, crossing) !== true) return;
  const source = `${agreement} ${crossing.recipient.terms?.[agreement] ?? ""}`.trimEnd();
  ruling.permissions.push({ code: "agreement-in-force", rule: reason.rule, source, paths: NOWHERE });
}

/** What goes wrong may quote the object: it is not passed on, and withholds. */
function isSpeaking(tests: readonly Test[], crossing: Crossing): boolean | "failed" {
  try {
    for (const test of tests) if (!test(crossing)) return false;
    return true;
  } catch {
    return "failed";
  }
}
