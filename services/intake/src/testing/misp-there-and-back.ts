import { createHash } from "node:crypto";
import { EventPlan, type ExportItem, readers, WarningLists, writeEvent } from "@suar/formats";
import { normalizeDraft } from "../normalize/normalize-draft.ts";
import { resolveReferences } from "../normalize/resolve-references.ts";

type Json = Record<string, unknown>;
/** What was told of an input besides its objects: losses and rejects, each with its place. */
export type Told = { at: string; field: string; reason: string };

const NOW = Date.parse("2026-06-01T00:00:00Z");
const CONTEXT = {
  producer: "SG",
  producerIdentity: "identity--11111111-1111-4111-8111-111111111111",
  idMac: (text: string) => createHash("sha256").update(text).digest("hex"),
  receivedAt: "2026-03-01T00:00:00.000Z",
  warnings: new WarningLists([]),
};

/** MISP to STIX, as it is submitted, and back, as it is exported: every event that comes of it, and what was told. */
export async function thereAndBack(text: string): Promise<{ events: Json[]; told: Told[] }> {
  const told: Told[] = [];
  const ids = new Map<string, string>();
  const objects = new Map<string, Omit<ExportItem, "seq" | "body">>();
  for await (const events of readers.misp.read(chunk(text), CONTEXT)) {
    for (const event of events) {
      if ("loss" in event) told.push(event.loss);
      else if ("reject" in event) told.push({ ...event.reject, field: event.reject.code });
      else if ("draft" in event) {
        const result = normalizeDraft(event.draft, CONTEXT);
        if (!result.ok) told.push({ ...result.reject, field: result.reject.code });
        else
          for (const { object, local, tlp = "amber+strict", pap } of result.items) {
            if (local !== undefined) ids.set(local, object.id);
            // Said again, it is merged: the first stands.
            if (!objects.has(object.id))
              objects.set(object.id, { object, tlp, pap, producer: "SG", at: CONTEXT.receivedAt });
          }
      }
    }
  }
  const items = [...objects.values()].flatMap((item, at): ExportItem[] => {
    const resolved = resolveReferences(item.object, ids);
    if (!resolved.ok) return [];
    return [{ ...item, object: resolved.object, body: JSON.stringify(resolved.object), seq: at + 1 }];
  });
  return { events: written(items), told };
}

async function* chunk(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

function written(items: readonly ExportItem[]): Json[] {
  const plan = new EventPlan(NOW, "MY", undefined);
  for (const item of items) plan.add(item);
  return plan.events().flatMap((planned) => {
    const seqs = new Set(planned.seqs);
    const own = items.filter(({ seq }) => seqs.has(seq));
    const event = writeEvent(planned, own, { now: NOW, exercise: undefined })?.event;
    return event === undefined ? [] : [JSON.parse(JSON.stringify(event)) as Json];
  });
}
