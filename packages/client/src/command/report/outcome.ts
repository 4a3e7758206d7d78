import type { Counts, DryRun, Loss, RecordOutcome, SubmissionDetail } from "@suar/contract";
import { confidenceWord } from "@suar/stix";
import type { SuarClient } from "../../client.ts";
import { cleanText } from "../shell/clean-text.ts";
import { type Terminal, table } from "../shell/terminal.ts";
import { describeObject } from "../watch/describe-item.ts";
import { describeLife } from "../watch/describe-life.ts";
import { dryRunDecisionLines, guideLines } from "./decision-text.ts";

const SHOWN = 20;
/** How far to look for rejected records, so that a file of a million does not keep the user waiting. */
const LOOKED_AT = 20_000;

export type Outcome = { submission: SubmissionDetail; rejects: RecordOutcome[] };

/** Reads on until the rejects that will be shown are found; all of them are in `suar … --json` pages. */
export async function collectOutcome(client: SuarClient, submission: SubmissionDetail): Promise<Outcome> {
  const rejects: RecordOutcome[] = [];
  const wanted = Math.min(SHOWN, submission.counts.rejected);
  if (wanted === 0) return { submission, rejects };
  let seen = 0;
  for await (const record of client.submissions.records(submission.id)) {
    if (record.outcome === "rejected") rejects.push(record);
    if (rejects.length >= wanted || ++seen >= LOOKED_AT) break;
  }
  return { submission, rejects };
}

export function showOutcome(
  terminal: Terminal,
  file: string,
  { submission, rejects }: Outcome,
): Promise<void> {
  return terminal.show({ file, ...submission }, () =>
    [
      `${cleanText(file)}: ${submission.status} as ${submission.format}, submission ${submission.id}`,
      ...(submission.problem === null
        ? []
        : [terminal.style("red", `  ${submission.problem.detail} (${submission.problem.code})`)]),
      indent(countsTable(submission.counts)),
      ...rejectLines(terminal, rejects, submission.counts.rejected),
      ...lossLines(submission.losses, submission.lossesInAll),
      ...listLines(terminal, submission.records),
      ...approvalLines(submission.approvals),
    ].join("\n"),
  );
}

export function showDryRun(terminal: Terminal, file: string, result: DryRun): Promise<void> {
  return terminal.show({ file, ...result }, () => {
    const rejects = result.records.filter(({ outcome }) => outcome === "rejected").slice(0, SHOWN);
    const objects = result.records.flatMap((record) => record.objects);
    return [
      `${cleanText(file)}: understood as ${result.format}; nothing was stored${result.truncated ? "; only the first records were looked at" : ""}`,
      indent(countsTable(result.counts)),
      ...objectLines(objects, result.lives),
      ...rejectLines(terminal, rejects, result.counts.rejected),
      ...toldLines(result.records),
      ...lossLines(result.losses, result.losses.length),
      ...warningLines(terminal, result.warnings),
      ...listLines(terminal, result.records),
      ...receiverLines(result),
      ...waitingLines(result),
      ...dryRunDecisionLines(result.decisions, result.decisionsInAll),
      ...guideLines(result.guide),
    ].join("\n");
  });
}

export function countsTable({ records, accepted, merged, unchanged, rejected }: Counts): string {
  return table(
    ["records", "accepted", "merged", "unchanged", "rejected"],
    [[records, accepted, merged, unchanged, rejected]],
  );
}

function objectLines(objects: DryRun["records"][number]["objects"], lives: DryRun["lives"]): string[] {
  const known = new Map(lives.map((life) => [life.object, life]));
  return capped(objects, objects.length, (object) => {
    const life = known.get(object.id);
    return `  ${object.type}  ${describeObject(object)}${sureness(object, life)}`;
  });
}

/** STIX 2.1 appendix A.1: people say by a word how sure they are. */
function sureness(
  { confidence }: Record<string, unknown>,
  life: DryRun["lives"][number] | undefined,
): string {
  if (life !== undefined) return `  (${describeLife(life)})`;
  const word = confidenceWord(confidence);
  return word === undefined ? "" : `  (confidence ${confidence} (${word}))`;
}

function receiverLines(result: DryRun): string[] {
  const { recipients, people = [] } = result;
  if (people.length > 0) return ["  whose inbox it would be in:", indent(peopleTable(people), 4)];
  if (recipients.length === 0) return ["  nobody else would receive it"];
  return ["  who would receive it:", indent(recipientTable(result), 4)];
}

function waitingLines({ waiting }: DryRun): string[] {
  if (waiting.length === 0) return [];
  const rows = waiting.map(({ organisation, objects, approvers }) => [
    organisation,
    objects,
    approvers.join(" and "),
  ]);
  return [
    "  who would wait for whom:",
    indent(table(["organisation", "objects", "until these agree"], rows), 4),
  ];
}

function approvalLines(approvals: SubmissionDetail["approvals"]): string[] {
  return capped(approvals, approvals.length, (one) => {
    const asked = one.asked.map(({ approver, given, needed }) => `${approver} ${given}/${needed}`).join(", ");
    const why = one.refusal ?? one.lapsed;
    const end = one.state === "pending" ? `waits until ${one.deadline} for ${asked}` : one.state;
    return `  to ${one.organisations.join(", ")}: ${end}${why === null ? "" : ` (${cleanText(why)})`}, approval ${one.id}`;
  });
}

function peopleTable(people: NonNullable<DryRun["people"]>): string {
  return table(
    ["person", "organisation", "title", "objects", "of them redacted"],
    people.map((one) => [one.person, one.organisation, one.title, one.objects, one.redacted]),
  );
}

function recipientTable({ recipients }: DryRun): string {
  return table(
    ["organisation", "objects", "of them redacted", "because"],
    recipients.map(({ organisation, objects, redacted, reasons }) => [
      organisation,
      objects,
      redacted,
      reasons.join("; "),
    ]),
  );
}

export function rejectLines(terminal: Terminal, rejects: readonly RecordOutcome[], inAll: number): string[] {
  return capped(rejects, inAll, ({ index, at, reason, code }) =>
    terminal.style(
      "red",
      `  rejected ${cleanText(at ?? `record ${index}`)}: ${cleanText(reason ?? code ?? "no reason given")}`,
    ),
  );
}

/** Which warning lists values are on: each list once, with how many records. */
function listLines(terminal: Terminal, records: readonly RecordOutcome[]): string[] {
  const found = new Map<string, number>();
  for (const { onLists = [] } of records)
    for (const { list } of onLists) found.set(list, (found.get(list) ?? 0) + 1);
  return capped([...found], found.size, ([list, count]) =>
    terminal.style("yellow", `  ${count} ${count === 1 ? "record" : "records"} on ${cleanText(list)}`),
  );
}

/** Of what is taken and yet tells something: that it takes back, or leaves others wider. */
function toldLines(records: readonly RecordOutcome[]): string[] {
  const told = records.filter(({ outcome, reason }) => outcome !== "rejected" && reason !== undefined);
  return capped(told, told.length, ({ index, at, reason, outcome }) => {
    return `  ${outcome} ${cleanText(at ?? `record ${index}`)}: ${cleanText(reason ?? "")}`;
  });
}

function lossLines(losses: readonly Loss[], inAll: number): string[] {
  return capped(
    losses,
    inAll,
    ({ at, field, reason }) => `  lost ${cleanText(at)} ${cleanText(field)}: ${cleanText(reason)}`,
  );
}

function warningLines(terminal: Terminal, warnings: DryRun["warnings"]): string[] {
  return warnings.map(({ code, objects, objectsInAll }) => {
    const more = objectsInAll > 1 ? ` and ${objectsInAll - 1} more` : "";
    return terminal.style("yellow", `  ${cleanText(objects[0] ?? "")}${more}: ${WARNINGS[code]}`);
  });
}

const WARNINGS: Readonly<Record<DryRun["warnings"][number]["code"], string>> = {
  "on-warning-list": "on a warning list: it goes out, and no blocklist holds it",
  "cve-taken-as-published":
    "taken for published, since it bears a CVE number; label it undisclosed if that is reserved only",
};

function capped<T>(things: readonly T[], inAll: number, line: (thing: T) => string): string[] {
  const shown = things.slice(0, SHOWN).map(line);
  return inAll > shown.length ? [...shown, `  and ${inAll - shown.length} more`] : shown;
}

export function indent(text: string, by = 2): string {
  return text.replace(/^/gm, " ".repeat(by));
}
