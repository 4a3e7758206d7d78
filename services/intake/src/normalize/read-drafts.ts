import { AppError, type Loss, type RecordOutcome } from "@suar/contract";
import type { Draft, Marking, ReadContext, Reader, ReaderEvent, Reject, WholeMarking } from "@suar/formats";
import { ownMarkings } from "@suar/policy";
import { Slices } from "@suar/runtime";
import { isStixId } from "@suar/stix";
import { normalizeDraft } from "./normalize-draft.ts";
import { idsOfValue } from "./normalize-value.ts";
import type { DraftContext, Normalized } from "./normalized.ts";

/** A batch of what a reader found, normalized. `records` is how many records were seen so far. */
export type NormalizedBatch = {
  items: { at: string; normalized: Normalized }[];
  rejected: RecordOutcome[];
  /** What was rejected and has an id: others may name it, or say the same. */
  refused: Refused[];
  losses: Loss[];
  /** What the input says of all that it holds. */
  marking: Marking;
  /** Losses that the reader only counted. */
  untold: number;
  records: number;
  /** A unit of the input ends with it: what follows names nothing before it by a local, but these. */
  unitEnds?: readonly string[];
};

export type Refused = {
  id: string;
  /** The name by which others name what its submitter holds already: that is there, and they keep naming it. */
  local?: string | undefined;
  marking?: Marking | undefined;
  unknown?: true | undefined;
  /** Locals or ids of what it holds: they inherit its marking all the same. */
  contains?: readonly string[] | undefined;
  /** Its submitter holds it already, or all do: it is not stated again, and no secret. */
  held?: true;
};

export type NormalizeContext = ReadContext &
  DraftContext & {
    /** What is marked TLP:RED is rejected by itself, not with all the rest: a page that was pulled is no report. */
    redApart?: true;
    /** It names people: TLP:RED anywhere in it makes all of it red, and it addresses no organisation. */
    toPeople?: true;
  };

/**
 * Reads and normalizes: the way from bytes to objects that dry runs and jobs share. Memory stays at a batch.
 * Throws a FormatError where the whole cannot be read, and `red-needs-people` at the first TLP:RED, unless these
 * are to be set apart, or people are named: then at the first organisation that it addresses by itself.
 */
export async function* readDrafts(
  reader: Reader,
  source: AsyncIterable<Uint8Array>,
  context: NormalizeContext,
): AsyncGenerator<NormalizedBatch> {
  let records = 0;
  const slices = new Slices();
  for await (const events of reader.read(source, context)) {
    for (const unit of byUnits(events)) {
      const batch = emptyBatch(records);
      for (const event of unit) {
        if (slices.over) await slices.next();
        takeEvent(batch, event, context);
      }
      ({ records } = batch);
      yield batch.rejected.length === 0 ? batch : withOneOutcomeEach(batch);
    }
  }
}

/** Cut behind each end of a unit. */
function* byUnits(events: readonly ReaderEvent[]): Generator<readonly ReaderEvent[]> {
  let from = 0;
  for (const [at, event] of events.entries()) {
    if (!("unitEnds" in event)) continue;
    yield events.slice(from, at + 1);
    from = at + 1;
  }
  if (from < events.length) yield from === 0 ? events : events.slice(from);
}

function emptyBatch(records: number): NormalizedBatch {
  return { items: [], rejected: [], refused: [], losses: [], marking: {}, untold: 0, records };
}

function takeEvent(batch: NormalizedBatch, event: ReaderEvent, context: NormalizeContext): void {
  if ("draft" in event) {
    batch.records = Math.max(batch.records, event.draft.index + 1);
    takeDraft(batch, event.draft, context);
  } else if ("reject" in event) {
    batch.records = Math.max(batch.records, event.reject.index + 1);
    takeReject(batch, event.reject, context);
  } else if ("loss" in event) batch.losses.push(event.loss);
  else if ("untold" in event) batch.untold += event.untold;
  else if ("unitEnds" in event) batch.unitEnds = event.unitEnds;
  else takeMarking(batch, event.marking, context);
}

/** A record is rejected once, and only when nothing of it was understood: what else it said is a loss then. */
function withOneOutcomeEach(batch: NormalizedBatch): NormalizedBatch {
  const told = new Set(batch.items.map(({ normalized }) => normalized.index));
  const rejected: RecordOutcome[] = [];
  const losses = [...batch.losses];
  for (const one of batch.rejected) {
    const { index, at = "", reason = "" } = one;
    if (told.has(index)) losses.push({ index, at, field: "value", reason });
    else rejected.push(one);
    told.add(index);
  }
  return { ...batch, rejected, losses };
}

function takeMarking(
  batch: NormalizedBatch,
  { at, ...marking }: WholeMarking,
  { toPeople }: NormalizeContext,
): void {
  if (marking.tlp === "red" && toPeople === undefined) throw redAt(at);
  batch.marking = ownMarkings(batch.marking, marking);
}

function redAt(at: string): AppError {
  return new AppError("red-needs-people", `Marked TLP:RED at ${at}: name people with to=person:<id>`);
}

/** One thing that is red makes the whole so (a part that is red and a rest for others would tell of it). */
function markRed(batch: NormalizedBatch): void {
  batch.marking = ownMarkings(batch.marking, { tlp: "red" });
}

function takeDraft(batch: NormalizedBatch, draft: Draft, context: NormalizeContext): void {
  const result = normalizeDraft(draft, context);
  if (result.ok) {
    for (const normalized of result.items) {
      if (context.toPeople) takeForPeople(batch, draft.at, normalized);
      else if (normalized.tlp === "red") takeRed(batch, draft.at, normalized, context);
      else batch.items.push({ at: draft.at, normalized });
    }
  } else takeReject(batch, { ...result.reject, ...markingOf(draft) }, context);
}

function takeForPeople(batch: NormalizedBatch, at: string, normalized: Normalized): void {
  if (normalized.to !== undefined && normalized.to.length > 0)
    throw new AppError(
      "red-needs-people",
      `At ${at} it addresses organisations: TLP:RED is for people alone`,
    );
  if (normalized.tlp === "red") markRed(batch);
  batch.items.push({ at, normalized });
}

/** Rejected with its marking and with what it contains: that is as red. */
function takeRed(
  batch: NormalizedBatch,
  at: string,
  { index, object, contains }: Normalized,
  context: NormalizeContext,
): void {
  if (context.redApart === undefined) throw redAt(at);
  const reason = "Marked TLP:RED, which goes to named people alone";
  batch.rejected.push({ index, at, outcome: "rejected", code: "red-needs-people", reason, ids: [] });
  batch.refused.push({ id: object.id, marking: { tlp: "red" }, contains });
}

function markingOf(draft: Draft): Pick<Reject, "marking" | "raw"> {
  const raw = draft.kind === "value" ? draft.value.raw : undefined;
  return { ...(draft.marking && { marking: draft.marking }), ...(raw !== undefined && { raw }) };
}

function takeReject(batch: NormalizedBatch, reject: Reject, context: NormalizeContext): void {
  const { index, at, code, reason, id, marking, unknownMarking: unknown, raw } = reject;
  if (marking?.tlp === "red") {
    if (context.toPeople) markRed(batch);
    else if (context.redApart === undefined) throw redAt(at);
  }
  batch.rejected.push({ index, at, outcome: "rejected", code, reason, ids: [] });
  if (isStixId(id)) batch.refused.push({ id, marking, unknown });
  if (raw === undefined || (marking === undefined && unknown === undefined)) return;
  for (const named of idsOfValue(raw, context)) batch.refused.push({ id: named, marking, unknown });
}
