import type { DryRun, RecordOutcome } from "@suar/contract";
import { type EndReaders, Ends, endsOf } from "@suar/gate";
import type { StixObject } from "@suar/stix";
import type { SubmissionOptions } from "@suar/submit";
import type { Input } from "./input.ts";
import { LossTally } from "./loss-tally.ts";
import { resolveReferences, withMarking } from "./normalize/resolve-references.ts";
import { outsideReferences, type Plan, planRelease, type StoredMarking } from "./plan-release.ts";
import { type NormalizeContext, readDrafts } from "./read-drafts.ts";
import { type Parties, Receivers } from "./receivers.ts";
import { countOutcomes, joinOutcome } from "./record-outcome.ts";
import { phaseOf, type StagedShape, shapeOf } from "./staged-item.ts";

const MOST_RECORDS = 5_000;

/** What was stated before about ids that the submission refers to. */
export type Stated = {
  markings(ids: readonly string[]): Promise<readonly StoredMarking[]>;
  ends(ids: readonly string[]): Promise<EndReaders>;
};
type Found = { shape: StagedShape; record: number; at: string; object: StixObject; to: readonly string[] };
type DryRecord = DryRun["records"][number];

/** What would be understood, what lost, and who would receive it. Stores nothing. */
export async function dryRun(
  input: Input,
  options: SubmissionOptions,
  context: NormalizeContext,
  parties: Parties,
  stated: Stated,
): Promise<DryRun> {
  const { found, rejected, losses, records, truncated } = await understand(input, context);
  const shapes = found.map(({ shape }) => shape);
  const plan = planRelease(shapes, await stated.markings(outsideReferences(shapes)), options);
  const ends = await stated.ends(
    found.flatMap(({ object }) => endsOf(object).map((id) => plan.ids.get(id) ?? id)),
  );
  const receivers = new Receivers(parties, new Ends(ends));
  const outcomes = new Map<number, DryRecord>();
  const seen = new Set<string>();
  for (const one of found.toSorted((a, b) => phaseOf(a.object.id) - phaseOf(b.object.id))) {
    const outcome = judge(one, plan, seen);
    const before = outcomes.get(one.record);
    const objects = [...(before?.objects ?? []), ...outcome.objects];
    outcomes.set(one.record, { ...joinOutcome(before, outcome), objects });
    const { tlp, pap } = plan.markings.get(one.object.id) ?? {};
    const [object] = outcome.objects;
    if (outcome.outcome !== "accepted" || tlp === undefined || object === undefined) continue;
    receivers.take(object as StixObject, { tlp, pap, to: [...options.to, ...one.to] });
  }
  const all = [...outcomes.values(), ...rejected.map((outcome) => ({ ...outcome, objects: [] }))].sort(
    (a, b) => a.index - b.index,
  );
  return {
    dryRun: true,
    format: input.reader.name,
    counts: { records, ...countOutcomes(all) },
    records: all,
    losses: losses.told,
    recipients: receivers.list(),
    truncated,
  };
}

async function understand(input: Input, context: NormalizeContext) {
  const found: Found[] = [];
  const rejected: RecordOutcome[] = [];
  const losses = new LossTally();
  let records = 0;
  for await (const batch of readDrafts(input.reader, input.source, context)) {
    records = batch.records;
    rejected.push(...batch.rejected);
    losses.add(batch);
    for (const { at, normalized } of batch.items) {
      const { index: record, object, to = [] } = normalized;
      found.push({ shape: shapeOf(normalized), record, at, object, to });
    }
    if (records >= MOST_RECORDS) return { found, rejected, losses, records, truncated: true };
  }
  return { found, rejected, losses, records, truncated: false };
}

function judge({ record, at, object }: Found, plan: Plan, seen: Set<string>): DryRecord {
  const place = { index: record, at };
  const tlp = plan.markings.get(object.id)?.tlp;
  const refuse = (code: string, reason: string) => ({
    ...place,
    outcome: "rejected" as const,
    code,
    reason,
    ids: [],
    objects: [],
  });
  if (tlp === undefined)
    return refuse("unmarked", "No TLP marking in the record, in what contains it, or in tlp=");
  if (tlp === "red") return refuse("red-needs-people", "TLP:RED goes to named people, who have no inbox yet");
  const resolved = resolveReferences(object, plan.ids);
  if (!resolved.ok) return refuse(resolved.code, resolved.reason);
  const merged = seen.has(object.id);
  seen.add(object.id);
  return {
    ...place,
    outcome: merged ? "merged" : "accepted",
    ids: [object.id],
    objects: [withMarking(resolved.object, tlp)],
  };
}
