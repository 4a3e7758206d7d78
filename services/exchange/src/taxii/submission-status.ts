import type { RecordOutcome } from "@suar/contract";
import type { Realm } from "@suar/runtime";
import { timestampFromMicros } from "@suar/stix";
import { readSubmission } from "@suar/submit";
import { readEnvelope, type Status } from "@suar/taxii";
import {
  selectRecordOutcomes,
  selectTaxiiSubmission,
  type TaxiiSubmissionRow,
} from "../store/taxii-submission.ts";

/**
 * The status of what an organisation posted (TAXII 2.1 §4.3); undefined where it posted nothing under that id. While
 * it is pending there are counts; at its end there is a line for each object, with the id that it was posted under.
 */
export async function submissionStatus(
  realm: Realm,
  organisationId: number,
  id: string,
): Promise<Status | undefined> {
  const row = await selectTaxiiSubmission(realm.write, id, organisationId);
  if (row === undefined) return undefined;
  if (row.unlogged || (row.state !== "done" && row.state !== "failed")) return pendingStatus(row);
  const posted = await readEnvelope(readSubmission(realm.write, id, row.bytes), row.bytes);
  return completeStatus(row, posted.objects, await selectRecordOutcomes(realm.write, id));
}

/** How far it has come; `complete` is said only when everything of it can be read. */
export function pendingStatus({ id, objects, received_at: at, ...counts }: Pending): Status {
  const failures = Math.min(counts.rejected, objects);
  const successes = Math.min(counts.accepted + counts.merged + counts.unchanged, objects - failures);
  return {
    id,
    status: "pending",
    request_timestamp: sixDecimals(at),
    total_count: objects,
    success_count: successes,
    failure_count: failures,
    pending_count: objects - successes - failures,
  };
}

type Pending = Pick<
  TaxiiSubmissionRow,
  "id" | "objects" | "received_at" | "accepted" | "merged" | "unchanged" | "rejected"
>;

type Detail = { id: string; version: string; message?: string };

/** Of what no outcome tells (the TLP definitions, which are there for everybody) nothing was refused. */
export function completeStatus(
  row: Pick<TaxiiSubmissionRow, "id" | "objects" | "received_at" | "problem">,
  posted: readonly unknown[],
  outcomes: readonly RecordOutcome[],
): Status {
  const at = sixDecimals(row.received_at);
  const byPlace = new Map(outcomes.map((outcome) => [outcome.at, outcome]));
  const successes: Detail[] = [];
  const failures: Detail[] = [];
  for (const [index, object] of posted.entries()) {
    const outcome = byPlace.get(`/objects/${index}`);
    const message = row.problem?.detail ?? (outcome?.outcome === "rejected" ? reasonOf(outcome) : undefined);
    if (message !== undefined) failures.push({ ...named(object, at), message });
    else successes.push({ ...named(object, at), ...toldOf(outcome) });
  }
  return {
    id: row.id,
    status: "complete",
    request_timestamp: at,
    total_count: row.objects,
    success_count: successes.length,
    ...(successes.length > 0 && { successes }),
    failure_count: failures.length,
    ...(failures.length > 0 && { failures }),
    pending_count: 0,
  };
}

function reasonOf({ code, reason }: RecordOutcome): string {
  return [code, reason].filter((part) => part !== undefined).join(": ");
}

function toldOf(outcome: RecordOutcome | undefined): { message?: string } {
  return outcome === undefined || outcome.outcome === "accepted" ? {} : { message: outcome.outcome };
}

/** An object's id and version as it was posted; what has no version is of the time of its posting. */
function named(object: unknown, postedAt: string): Detail {
  const { id, modified, created } = object as Record<string, unknown>;
  const version = [modified, created].find((time) => typeof time === "string");
  return { id: typeof id === "string" ? id : "", version: (version as string | undefined) ?? postedAt };
}

function sixDecimals(at: Date): string {
  return timestampFromMicros(BigInt(at.getTime()) * 1_000n);
}
