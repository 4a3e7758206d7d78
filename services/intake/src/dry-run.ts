import type { DryRun, Loss, RecordOutcome } from "@suar/contract";
import { decide, type Organisation, type Outcome, type Subject } from "@suar/policy";
import { referencesOf, type StixObject } from "@suar/stix";
import type { SubmissionOptions } from "@suar/submit";
import type { Input } from "./input.ts";
import { resolveReferences, withMarking } from "./normalize/resolve-references.ts";
import { type Plan, planRelease } from "./plan-release.ts";
import { type NormalizeContext, readDrafts } from "./read-drafts.ts";
import { stagedRow } from "./staged-item.ts";
import type { StagedShape } from "./store/staged.ts";

const MOST_RECORDS = 5_000;
const MOST_LOSSES = 1_000;

type Parties = { producer: Organisation; organisations: readonly Organisation[] };
type Allowed = { organisation: string; outcome: Outcome };
type Found = { shape: StagedShape; at: string; object: StixObject; to: readonly string[] };

/** What would be understood, what lost, and who would receive it. Stores nothing. */
export async function dryRun(
  input: Input,
  options: SubmissionOptions,
  context: NormalizeContext,
  parties: Parties,
): Promise<DryRun> {
  const { found, rejected, losses, records, truncated } = await understand(input, context);
  const plan = planRelease(
    found.map(({ shape }) => shape),
    [],
    options,
  );
  const receivers = new Map<string, { objects: number; reasons: Set<string> }>();
  const decisions = decisionMemo(parties.organisations);
  const outcomes = new Map<number, DryRun["records"][number]>();
  const seen = new Set<string>();
  for (const one of found) {
    const outcome = judge(one, plan, seen);
    const before = outcomes.get(one.shape.record);
    outcomes.set(
      one.shape.record,
      before === undefined
        ? outcome
        : {
            ...before,
            ids: [...before.ids, ...outcome.ids],
            objects: [...before.objects, ...outcome.objects],
          },
    );
    const markings = plan.markings.get(one.shape.stix_id);
    if (outcome.outcome !== "accepted" || markings?.tlp === undefined) continue;
    const subject = {
      type: one.object.type,
      tlp: markings.tlp,
      pap: markings.pap,
      producer: parties.producer,
      to: [...options.to, ...one.to],
    };
    for (const { organisation, outcome: allowed } of decisions(subject)) {
      const receiver = receivers.get(organisation) ?? { objects: 0, reasons: new Set<string>() };
      receiver.objects += 1;
      for (const reason of allowed.reasons) receiver.reasons.add(reason.code);
      receivers.set(organisation, receiver);
    }
  }
  const all = [...outcomes.values(), ...rejected.map((outcome) => ({ ...outcome, objects: [] }))].sort(
    (a, b) => a.index - b.index,
  );
  return {
    dryRun: true,
    format: input.reader.name,
    counts: countAll(all, records),
    records: all,
    losses: losses.slice(0, MOST_LOSSES),
    recipients: [...receivers].map(([organisation, { objects, reasons }]) => ({
      organisation,
      objects,
      reasons: [...reasons],
    })),
    truncated,
  };
}

async function understand(input: Input, context: NormalizeContext) {
  const found: Found[] = [];
  const rejected: RecordOutcome[] = [];
  const losses: Loss[] = [];
  let records = 0;
  for await (const batch of readDrafts(input.reader, input.source, context)) {
    records = batch.records;
    rejected.push(...batch.rejected);
    losses.push(...batch.losses);
    for (const { at, normalized } of batch.items) {
      const refs = referencesOf(normalized.object).map((reference) => reference.id);
      const { item: _item, ...row } = stagedRow(found.length, at, normalized, refs);
      found.push({
        shape: { ...row, local: normalized.local ?? null },
        at,
        object: normalized.object,
        to: normalized.to ?? [],
      });
    }
    if (records >= MOST_RECORDS) return { found, rejected, losses, records, truncated: true };
  }
  return { found, rejected, losses, records, truncated: false };
}

function judge({ shape, at, object }: Found, plan: Plan, seen: Set<string>): DryRun["records"][number] {
  const place = { index: shape.record, at };
  const tlp = plan.markings.get(shape.stix_id)?.tlp;
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
  const merged = seen.has(shape.stix_id);
  seen.add(shape.stix_id);
  return {
    ...place,
    outcome: merged ? "merged" : "accepted",
    ids: [shape.stix_id],
    objects: [withMarking(resolved.object, tlp)],
  };
}

/** Each organisation that may see a subject, with its own reasons; remembered for each kind of subject. */
function decisionMemo(organisations: readonly Organisation[]): (subject: Subject) => readonly Allowed[] {
  const known = new Map<string, readonly Allowed[]>();
  return (subject) => {
    const key = JSON.stringify([subject.type, subject.tlp, subject.pap, subject.to]);
    const decided =
      known.get(key) ??
      organisations
        .map((organisation) => ({ organisation: organisation.code, outcome: decide(subject, organisation) }))
        .filter(({ outcome }) => !outcome.withheld);
    known.set(key, decided);
    return decided;
  };
}

function countAll(outcomes: readonly RecordOutcome[], records: number): DryRun["counts"] {
  const counts = { records, accepted: 0, merged: 0, unchanged: 0, rejected: 0 };
  for (const { outcome } of outcomes) counts[outcome] += 1;
  return counts;
}
