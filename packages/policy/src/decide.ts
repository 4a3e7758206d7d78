import { stricterPap, stricterTlp } from "@suar/stix";
import { ContentClass } from "./content-class.ts";
import { judgeMarkings } from "./decide-by-marking.ts";
import { purposesOf } from "./limits.ts";
import type { Outcome } from "./outcome.ts";
import { type BorderContext, crossBorder } from "./pairs/cross-border.ts";
import { type PolicySet, pairOf } from "./pairs/policy-set.ts";
import { NOWHERE, type Reason } from "./reason.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules.ts";
import { Ruling } from "./ruling.ts";
import { type Organisation, Purpose, type Subject } from "./subject.ts";

/** What a decision rests on beside the object and the recipient; nothing else is ever read. */
export type DecisionContext = BorderContext & { policies: PolicySet };

const HOUSE = "Suar house rule";
const UNKNOWN: Reason = { code: "unknown-value", rule: "values-known", source: HOUSE, paths: NOWHERE };
const FAILED: Reason = { code: "rule-failed", rule: "decide", source: HOUSE, paths: NOWHERE };

const CLASSES = new Set<string>(ContentClass.options);
const PURPOSES = new Set<string>(Purpose.options);

/**
 * May this recipient receive this subject, after whose approval and with what taken out? It needs a permission by its
 * marking, the absence of every withholding, and, where it crosses a border, the leave of that pair's policy.
 */
export function decide(
  subject: Subject,
  recipient: Organisation,
  context: DecisionContext,
  rules: readonly Rule[] = RULES,
): Outcome {
  const ruling = new Ruling();
  try {
    const marked = subject.parents === undefined ? subject : { ...subject, ...inherited(subject) };
    judgeMarkings(marked, recipient, context.now, rules, ruling);
    if (marked.producer.id !== recipient.id) {
      if (!isUnderstood(marked)) ruling.withhold(UNKNOWN);
      crossBorders(marked, recipient, context, ruling);
    }
  } catch {
    // What went wrong may quote the object, so that it is not passed on.
    ruling.withhold(FAILED);
  }
  return ruling.outcome(context.policies.hash);
}

function isUnderstood(subject: Subject): boolean {
  const purposes = purposesOf(subject);
  return (
    CLASSES.has(subject.contentClass) && purposes.length > 0 && purposes.every((one) => PURPOSES.has(one))
  );
}

/** The strictest of its own and its containers'. An unknown one is found by the rule `marking-known`. */
function inherited({ tlp, pap, parents = [] }: Subject): Pick<Subject, "tlp" | "pap"> {
  let strictest = { tlp, pap };
  for (const parent of parents)
    strictest = {
      tlp: parent.tlp === undefined ? strictest.tlp : stricterTlp(strictest.tlp, parent.tlp),
      pap: parent.pap === undefined ? strictest.pap : stricterPap(strictest.pap ?? "clear", parent.pap),
    };
  return strictest;
}

/**
 * Within one jurisdiction no policy of a pair applies. Who stands under two laws crosses the borders of both: a second one
 * never opens what the member's closes. The directory knows of members' laws alone.
 */
function crossBorders(
  subject: Subject,
  recipient: Organisation,
  context: DecisionContext,
  ruling: Ruling,
): void {
  const { producer } = subject;
  const cross = (exporter: string, importer: string): void => {
    if (exporter === importer) return;
    const pair = pairOf(context.policies, exporter, importer);
    if (pair === undefined) ruling.withhold(missing(exporter, importer));
    else crossBorder(pair, subject, recipient, context, ruling);
  };
  cross(producer.member, recipient.member);
  const from = producer.jurisdiction ?? producer.member;
  const to = recipient.jurisdiction ?? recipient.member;
  if (from === producer.member && to === recipient.member) return;
  if (from !== producer.member) cross(from, recipient.member);
  if (to !== recipient.member) cross(producer.member, to);
  if (from !== producer.member && to !== recipient.member) cross(from, to);
}

function missing(exporter: string, importer: string): Reason {
  return {
    code: "pair-missing",
    rule: `pairs/${exporter}-${importer}.json`,
    source: HOUSE,
    paths: NOWHERE,
  };
}
