import type { DryRunDecision, DryRunLine, ToldDecision, ToldGuideEntry, ToldTreatment } from "@suar/contract";
import { cleanText } from "../shell/clean-text.ts";

type Spoken = Pick<ToldDecision, "decision" | "approvers" | "fourEyes">;

/** What a decision does, in a few words. */
export function decisionText({ decision, approvers, fourEyes }: Spoken): string {
  if (decision !== "approve") return WORDS[decision];
  return `when ${approvers.join(" and ")} ${fourEyes ? "agree, two people of each" : "agrees"}`;
}

const WORDS = { allow: "as it is", redact: "as a copy", withhold: "nothing" };

/** What a copy leaves out, by operation and kind: `drop email (2), hmac account`. */
export function redactionText({
  redactions,
  redactionsInAll,
}: Pick<ToldTreatment, "redactions" | "redactionsInAll">): string {
  const counts = new Map<string, number>();
  for (const { op, class: kind } of redactions)
    counts.set(`${op} ${kind}`, (counts.get(`${op} ${kind}`) ?? 0) + 1);
  const named = [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count})`));
  const more = redactionsInAll - redactions.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

const SHOWN_DECISIONS = 10;

/** Why, of a dry run: objects of which the same is decided, and for whom. */
export function dryRunDecisionLines(decisions: readonly DryRunDecision[], inAll: number): string[] {
  if (decisions.length === 0) return [];
  const shown = decisions.slice(0, SHOWN_DECISIONS);
  const more = inAll - shown.length;
  return [
    "  why, and why not:",
    ...shown.flatMap(({ objects, objectsInAll, recipients }) => [
      `    ${cleanText(objects[0] ?? "")}${objectsInAll > 1 ? ` and ${objectsInAll - 1} more` : ""}`,
      ...recipients.map((line) => `      ${lineText(line)}`),
    ]),
    ...(more > 0 ? [`    and ${more} more; all of them with --json`] : []),
  ];
}

function lineText(line: DryRunLine): string {
  const { organisations, reasons, obligations, unnamed } = line;
  const because = reasons.map(({ code, rule }) => `${code} (${rule})`).join(", ");
  const parts = [
    `${organisations.join(", ")}: ${decisionText(line)}`,
    redactionText(line),
    unnamed > 0 ? `${unnamed} names changed` : "",
    obligations.length > 0 ? `undertakes ${obligations.join(", ")}` : "",
    because,
  ];
  return cleanText(parts.filter((part) => part !== "").join("; "), 400);
}

/** What the reasons name, with a mark on what nobody checked. */
export function guideLines(guide: readonly ToldGuideEntry[]): string[] {
  if (guide.length === 0) return [];
  return [
    "sources in the comparative guide:",
    ...guide.map(
      ({ id, resulting, source, verified }) =>
        "  " +
        cleanText(
          `${id}: ${resulting} [${source}]${verified ? "" : " (not checked against the texts)"}`,
          600,
        ),
    ),
  ];
}
