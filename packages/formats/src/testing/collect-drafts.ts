import type { Draft, FieldLoss, ReadContext, Reader, Reject, WholeMarking } from "../draft.ts";

export type Collected = {
  drafts: Draft[];
  losses: FieldLoss[];
  rejects: Reject[];
  markings: WholeMarking[];
  untold: number;
  /** What stays known at each end of a unit. */
  units: (readonly string[])[];
};

const CONTEXT: ReadContext = { receivedAt: "2026-03-01T00:00:00.000Z", producer: "SG" };

/** Everything that a reader makes of an input, for tests. `step` cuts the input into chunks of so many bytes. */
export async function collect(
  reader: Reader,
  input: string | Uint8Array | object,
  { kind, step = 65_536 }: { kind?: "incident"; step?: number } = {},
): Promise<Collected> {
  const bytes = Buffer.from(
    typeof input === "string" || input instanceof Uint8Array ? input : JSON.stringify(input),
  );
  const collected: Collected = { drafts: [], losses: [], rejects: [], markings: [], untold: 0, units: [] };
  for await (const events of reader.read(chunksOf(bytes, step), { ...CONTEXT, ...(kind && { kind }) })) {
    for (const event of events) {
      if ("draft" in event) collected.drafts.push(event.draft);
      else if ("loss" in event) collected.losses.push(event.loss);
      else if ("untold" in event) collected.untold += event.untold;
      else if ("reject" in event) collected.rejects.push(event.reject);
      else if ("marking" in event) collected.markings.push(event.marking);
      else collected.units.push(event.unitEnds);
    }
  }
  return collected;
}

async function* chunksOf(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += step) yield bytes.subarray(from, from + step);
}

/** `kind raw` of each value draft. */
export function valuesOf({ drafts }: Collected): string[] {
  return drafts.flatMap((draft) =>
    draft.kind === "value" ? [`${draft.value.kind} ${draft.value.raw}`] : [],
  );
}

/** The objects of a STIX type. */
export function objectsOf({ drafts }: Collected, type: string): Record<string, unknown>[] {
  return drafts.flatMap((draft) =>
    draft.kind === "object" && draft.object.type === type ? [draft.object] : [],
  );
}
