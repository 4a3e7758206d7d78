import type { StixObject } from "@suar/stix";
import type { MispEvent } from "../write/misp/misp-shape.ts";
import { EventPlan, type PlannedEvent } from "../write/misp/plan-events.ts";
import { writeEvent } from "../write/misp/write-event.ts";
import type { ExportItem } from "../write/writer.ts";

export const NOW = Date.parse("2026-06-01T00:00:00Z");
const CREATED = "2026-01-01T00:00:00.000Z";
export const id = (type: string, n: number): string =>
  `${type}--5b0f2a7e-9d44-4c6b-8a1e-${String(n).padStart(12, "0")}`;

let seq = 0;
export function item(
  object: Partial<StixObject> & { type: string; id: string },
  more: Partial<ExportItem> = {},
): ExportItem {
  const times = { spec_version: "2.1", created: CREATED, modified: CREATED };
  const whole = { ...times, ...object } as StixObject;
  seq += 1;
  const at = `2026-05-01T00:00:${String(seq % 60).padStart(2, "0")}.000001Z`;
  return {
    object: whole,
    body: JSON.stringify(whole),
    tlp: "green",
    pap: undefined,
    producer: "SG",
    seq,
    at,
    ...more,
  };
}
export const indicator = (
  n: number,
  pattern: string,
  object: Partial<StixObject> = {},
  more: Partial<ExportItem> = {},
) =>
  item(
    {
      type: "indicator",
      id: id("indicator", n),
      pattern,
      pattern_type: "stix",
      valid_from: CREATED,
      ...object,
    },
    more,
  );
export const report = (refs: readonly ExportItem[], object: Partial<StixObject> = {}) =>
  item({
    type: "report",
    id: id("report", 1),
    name: "A campaign",
    published: CREATED,
    object_refs: refs.map((one) => one.object.id),
    ...object,
  });
export const relationship = (n: number, kind: string, source: ExportItem, target: ExportItem) =>
  item({
    type: "relationship",
    id: id("relationship", n),
    relationship_type: kind,
    source_ref: source.object.id,
    target_ref: target.object.id,
  });

export function planned(items: readonly ExportItem[], now = NOW): PlannedEvent[] {
  const plan = new EventPlan(now, "MY", undefined);
  for (const one of items) plan.add(one);
  return plan.events();
}

export function eventsOf(items: readonly ExportItem[], exercise?: string): MispEvent[] {
  return planned(items).flatMap((plan) => {
    const own = items.filter((one) => plan.seqs.includes(one.seq));
    const written = writeEvent(plan, own, { now: NOW, exercise });
    return written === undefined ? [] : [written.event];
  });
}

export function only<T>(all: readonly T[]): T {
  const [one, ...more] = all;
  if (one === undefined || more.length > 0) throw new Error(`one was meant, and there are ${all.length}`);
  return one;
}
