import type { DryRunDecision, DryRunLine, ToldDecision, ToldName } from "@suar/contract";
import {
  asProducer,
  DecisionText,
  type JudgedRelease,
  type ReleaseContext,
  type Send,
  tellOutcome,
  toldOf,
} from "@suar/gate";
import { subjectKey } from "@suar/policy";

const MOST_DECISIONS = 50;
const MOST_EXAMPLES = 10;
const MOST_REDACTIONS = 20;

type Explained = { decisions: DryRunDecision[]; decisionsInAll: number; guide: DecisionText["entries"] };

/**
 * Who would receive what and why, and who would not and by which rule: once for all objects of which the same is decided.
 * Of other members it tells the CERT, and agencies that the submitter named itself: which others there are, no dry run of
 * anybody's tells.
 */
export function explainDecisions(
  { sends, decisions }: Pick<JudgedRelease, "sends" | "decisions">,
  { organisations, policies, producer }: Pick<ReleaseContext, "organisations" | "policies" | "producer">,
): Explained {
  const text = new DecisionText(policies);
  const found = new Map<string, DryRunDecision>();
  const keys = new Map<string, string>();
  for (const send of sends) {
    const like = likenessOf(send);
    const known = found.get(keys.get(like) ?? "");
    if (known !== undefined) {
      add(known, send.item.object.id);
      continue;
    }
    const recipients = linesOf(
      toldOf(organisations, asProducer(producer, send.subjects)).map(({ organisation, told }) => {
        return { organisation: told, decision: text.now(tellOutcome(send, decisions, organisation)) };
      }),
    );
    const key = JSON.stringify(recipients);
    keys.set(like, key);
    const same = found.get(key) ?? { objects: [], objectsInAll: 0, recipients };
    add(same, send.item.object.id);
    found.set(key, same);
  }
  const all = [...found.values()];
  return { decisions: all.slice(0, MOST_DECISIONS), decisionsInAll: all.length, guide: text.entries };
}

/** Objects that are alike in all that a decision reads share its answer. */
function likenessOf({ subjects, groups, asking }: Send): string {
  const readers = groups.map(({ readers, view }) => [readers, [...(view?.renames ?? [])]]);
  return JSON.stringify([subjects.map(subjectKey), readers, asking.map((one) => one.readers)]);
}

function add(decision: DryRunDecision, id: string): void {
  decision.objectsInAll += 1;
  if (decision.objects.length < MOST_EXAMPLES) decision.objects.push(id);
}

type Line = { organisation: ToldName; decision: ToldDecision };

/** Recipients of whom the same is said, by the same rule of their pairs, in one line. */
function linesOf(lines: readonly Line[]): DryRunLine[] {
  const same = Map.groupBy(
    lines.map(({ organisation, decision }) => ({ organisation, line: lineOf(decision) })),
    ({ line }) => JSON.stringify(line),
  );
  return [...same.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    return [{ organisations: all.map(({ organisation }) => organisation).sort(), ...first.line }];
  });
}

function lineOf(decision: ToldDecision): Omit<DryRunLine, "organisations"> {
  const { reasons, redactions, redactionsInAll, approvers, fourEyes, deadlineHours, obligations, names } =
    decision;
  return {
    decision: decision.decision,
    reasons: reasons.map(({ code, rule, guide }) => ({ code, rule: ofAnyImporter(rule), guide })),
    redactions: redactions.slice(0, MOST_REDACTIONS),
    ...{ redactionsInAll, approvers, fourEyes, deadlineHours, obligations },
    unnamed: names.length,
  };
}

/** `pairs/CN-SG.json@1#allow` as `pairs/CN-*.json@1#allow`; to the public other things are decided. */
function ofAnyImporter(rule: string): string {
  return rule.replace(/^(pairs\/[A-Z]{2})-[A-Z]{2}\.json/, "$1-*.json");
}
