import type { RecordOutcome, SubmissionDetail } from "@suar/contract";
import { emphasis, type Narrator } from "./narrator.ts";

const MOST_SHOWN = 4;

/** Prints what became of a submission: what was understood, merged, refused with which reason, and lost. */
export function showReport(narrator: Narrator, submission: SubmissionDetail): void {
  const { counts, records, losses, lossesInAll, problem } = submission;
  if (problem !== null) throw new Error(`the submission failed: ${problem.code}: ${problem.detail}`);
  const { accepted, merged, unchanged, rejected } = counts;
  narrator.facts("understood", [
    `${counts.records} records as ${emphasis(submission.format)}: ${accepted} accepted, ${merged} merged, ` +
      `${unchanged} unchanged, ${rejected} rejected, ${lossesInAll} ${lossesInAll === 1 ? "loss" : "losses"}`,
  ]);
  for (const outcome of ["merged", "rejected"] as const)
    narrator.facts(outcome, firstOf(records.filter((record) => record.outcome === outcome).map(describe)));
  narrator.facts("lost", firstOf(losses.map(({ at, field, reason }) => `${at}  ${field}: ${reason}`)));
}

function firstOf(lines: readonly string[]): string[] {
  const rest = lines.length - MOST_SHOWN;
  return rest > 0 ? [...lines.slice(0, MOST_SHOWN), `and ${rest} more`] : [...lines];
}

function describe({ index, at, reason, ids }: RecordOutcome): string {
  const place = at ?? `record ${index}`;
  return `${place}  ${reason ?? ids.map(shortId).join(", ")}`;
}

/** The ids that a submission newly put into the log. */
export function releasedIds({ records }: SubmissionDetail): string[] {
  return [...new Set(records.filter(({ outcome }) => outcome === "accepted").flatMap(({ ids }) => ids))];
}

/** `indicator--3f2a…`: enough to recognise it on a screen. */
export function shortId(id: string): string {
  const [type, uuid = ""] = id.split("--");
  return `${type}--${uuid.slice(0, 8)}…`;
}
