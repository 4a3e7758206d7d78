import type { Outcome, Reason } from "./outcome.ts";
import type { Organisation, Subject } from "./subject.ts";

/**
 * What one rule says of one recipient. `undefined` is silence. A permission opens the door that is shut by
 * default; a restriction adds to the outcome, and no permission takes it away again.
 */
export type Finding = { say: "permit"; reason: Reason } | { say: "restrict"; outcome: Outcome } | undefined;

export type Rule = {
  id: string;
  /** The text that the rule stands on; it travels in every reason. */
  source: string;
  apply: (subject: Subject, recipient: Organisation) => Finding;
};

type Speech = { permit: (code: string) => Finding; withhold: (code: string) => Finding };

/** Builds a rule whose findings are made once per code: the decision runs for every object and recipient. */
export function rule(
  id: string,
  source: string,
  judge: (subject: Subject, recipient: Organisation, speech: Speech) => Finding,
): Rule {
  const permits = new Map<string, Finding>();
  const withholds = new Map<string, Finding>();
  const speech: Speech = {
    permit: (code) => recall(permits, code, () => ({ say: "permit", reason: { code, rule: id, source } })),
    withhold: (code) =>
      recall(withholds, code, () => ({
        say: "restrict",
        outcome: withheldBecause({ code, rule: id, source }),
      })),
  };
  return { id, source, apply: (subject, recipient) => judge(subject, recipient, speech) };
}

export function withheldBecause(reason: Reason): Outcome {
  return { withheld: true, approvers: [], redactions: [], reasons: [reason] };
}

function recall(made: Map<string, Finding>, code: string, make: () => Finding): Finding {
  const known = made.get(code);
  if (known !== undefined) return known;
  const finding = make();
  made.set(code, finding);
  return finding;
}
