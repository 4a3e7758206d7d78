import type { Loss, RecordOutcome } from "@suar/contract";
import type { ReleaseItem, ReleaseOutcome } from "@suar/gate";
import { ownMarkings } from "@suar/policy";
import type { SubmissionOptions } from "@suar/submit";
import { resolveReferences, withMarking } from "./normalize/resolve-references.ts";
import { addressees, type Plan } from "./plan-release.ts";
import { joinOutcome } from "./record-outcome.ts";
import type { StagedItem } from "./staged-item.ts";

/** A staged object as the gate takes it, or why it does not get that far. */
export type FinalItem = { record: number; at: string; id: string; losses: Loss[] } & (
  | { item: ReleaseItem }
  | { item: undefined; code: string; reason: string }
);

/** Gives a staged object its final references and marking; one without a marking is refused here. */
export function finalItem(staged: StagedItem, options: SubmissionOptions, plan: Plan | undefined): FinalItem {
  const { record, at, object, to, hash, generated, keys } = staged;
  const place = { record, at, id: object.id, losses: [] };
  const { tlp, pap } =
    plan === undefined ? ownMarkings(staged, options) : (plan.markings.get(object.id) ?? {});
  if (tlp === undefined) {
    return {
      ...place,
      item: undefined,
      code: "unmarked",
      reason: "No TLP marking in the record, in what contains it, or in tlp=",
    };
  }
  const resolved =
    plan === undefined ? { ok: true as const, object, losses: [] } : resolveReferences(object, plan.ids);
  if (!resolved.ok) return { ...place, item: undefined, code: resolved.code, reason: resolved.reason };
  const reason = "It names a record that was rejected";
  return {
    ...place,
    losses: resolved.losses.map((field) => ({ index: record, at, field, reason })),
    item: {
      kind: "released",
      object: withMarking(resolved.object, tlp),
      tlp,
      pap,
      to: addressees(options, to),
      contentHash: Buffer.from(hash, "base64"),
      generated,
      keys,
    },
  };
}

/** One outcome a record: accepted when anything of it was, else the first refusal. */
export function byRecord(items: readonly FinalItem[], released: readonly ReleaseOutcome[]): RecordOutcome[] {
  const records = new Map<number, RecordOutcome>();
  let next = 0;
  for (const one of items) {
    const refused = one.item === undefined;
    const outcome = refused
      ? { outcome: "rejected" as const, id: one.id, code: one.code, reason: one.reason }
      : released[next++];
    if (outcome === undefined) throw new Error("the gate answered for fewer objects than it was given");
    const { id, ...said } = outcome;
    const ids = said.outcome === "rejected" ? [] : [id];
    const { record: index, at } = one;
    records.set(index, joinOutcome(records.get(index), { index, at, ...said, ids }));
  }
  return [...records.values()];
}
