import type { PolicyDiff, PolicyDiffExample } from "@suar/contract";
import { cleanText } from "../shell/clean-text.ts";
import { table } from "../shell/terminal.ts";

/** How many decisions of the last 90 days would change, into what. */
export function describeCounts(diff: PolicyDiff): string {
  const { pair, version, since, until, of, versions, decisions, unchanged, wider, changes } = diff;
  const changed = decisions - unchanged;
  return [
    `${cleanText(pair)} version ${version}, over what was ${of} from ${day(since)} to ${day(until)}:`,
    `${count(versions)} versions of objects, ${count(decisions)} decisions, ${count(changed)} of them changed, ${count(wider)} wider`,
    ...(changes.length === 0 ? [] : [countsTable(diff)]),
  ].join("\n");
}

/** The same with an example or more of each change: by which rules it is decided so, and would be. */
export function describeDiff(diff: PolicyDiff): string {
  const examples = diff.changes.flatMap((change) => change.examples.map(describeExample));
  return [describeCounts(diff), ...examples].join("\n");
}

function countsTable({ changes }: PolicyDiff): string {
  return table(
    ["class", "from", "to", "decisions", "wider"],
    changes.map((one) => [one.contentClass, one.before, one.after, count(one.count), count(one.wider)]),
  );
}

function describeExample({ object, recipient, before, after }: PolicyDiffExample): string {
  return [
    `${cleanText(object.id)} of ${cleanText(object.producer)} to ${cleanText(recipient)}`,
    `  before: ${describeTold(before)}`,
    `  after:  ${describeTold(after)}`,
  ].join("\n");
}

function describeTold({ decision, reasons, approvers, redactions }: PolicyDiffExample["before"]): string {
  const asked = approvers.length === 0 ? "" : ` after ${approvers.join(" and ")} agree`;
  const kinds = [...new Set(redactions.map((one) => `${one.class} ${one.op}`))];
  const taken = kinds.length === 0 ? "" : `, ${kinds.join(", ")}`;
  const why = reasons.map(({ code, rule }) => `${code} (${rule})`).join(", ");
  return cleanText(`${decision}${asked}${taken}: ${why}`, MOST_SHOWN);
}

const MOST_SHOWN = 1_000;

function day(instant: string): string {
  return cleanText(instant.slice(0, 10));
}

function count(number: number): string {
  return number.toLocaleString("en");
}
