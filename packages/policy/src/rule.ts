import { NOWHERE, type Reason, type ReasonCode } from "./reason.ts";
import type { MarkedSubject, Organisation } from "./subject.ts";

/**
 * What one rule says of one recipient. `undefined` is silence. A permission opens the door that is shut by
 * default; no permission takes a withholding away again.
 */
export type Finding = { say: "permit" | "withhold"; reason: Reason } | undefined;

export type Rule = {
  id: string;
  /** The text that the rule stands on; it travels in every reason. */
  source: string;
  apply: (subject: MarkedSubject, recipient: Organisation, now: number) => Finding;
};

type Speech = { permit: (code: ReasonCode) => Finding; withhold: (code: ReasonCode) => Finding };

/** Builds a rule whose findings are made once per code: the decision runs for every object and recipient. */
export function rule(
  id: string,
  source: string,
  judge: (subject: MarkedSubject, recipient: Organisation, speech: Speech, now: number) => Finding,
): Rule {
  const permits = new Map<string, Finding>();
  const withholds = new Map<string, Finding>();
  const speech: Speech = {
    permit: (code) => recall(permits, code, () => ({ say: "permit", reason: reasonOf(code) })),
    withhold: (code) => recall(withholds, code, () => ({ say: "withhold", reason: reasonOf(code) })),
  };
  const reasonOf = (code: ReasonCode): Reason => ({ code, rule: id, source, paths: NOWHERE });
  return { id, source, apply: (subject, recipient, now) => judge(subject, recipient, speech, now) };
}

function recall(made: Map<string, Finding>, code: string, make: () => Finding): Finding {
  const known = made.get(code);
  if (known !== undefined) return known;
  const finding = make();
  made.set(code, finding);
  return finding;
}
