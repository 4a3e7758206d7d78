import { hash as digest } from "node:crypto";
import type { Loss, RecordOutcome } from "@suar/contract";
import type { Hit } from "@suar/formats";
import type { ReleaseItem, ReleaseOutcome } from "@suar/gate";
import { mayHaveLabels, namesIn, type StixObject, withMarking, withWarnings } from "@suar/stix";
import type { SubmissionOptions } from "@suar/submit";
import { resolveReferences } from "../normalize/resolve-references.ts";
import { addressees, type Plan } from "../plan/plan-release.ts";
import { tellWider } from "../plan/wider-contents.ts";
import type { StagedItem } from "../stage/staged-item.ts";
import { joinOutcome } from "./record-outcome.ts";

/** A staged object as the gate takes it, or why it does not get that far. */
export type FinalItem = {
  record: number;
  at: string;
  id: string;
  losses: Loss[];
  warnings: readonly Hit[];
} & (
  | { item: ReleaseItem; tells: ReturnType<typeof tellWider> }
  | { item: undefined; code: string; reason: string }
);

/** Gives a staged object its final references and marking; one without a marking is refused here. */
export function finalItem(staged: StagedItem, options: SubmissionOptions, plan: Plan): FinalItem {
  const { record, at, object, to, generated, keys, warnings = [] } = staged;
  const place = { record, at, id: object.id, losses: [], warnings };
  const refuse = (code: string, reason: string): FinalItem => ({ ...place, item: undefined, code, reason });
  if (plan.isUnknown(object.id))
    return refuse("unknown-marking", "Another record says it under a marking that is not known");
  const { tlp, pap } = plan.markings.get(object.id) ?? {};
  if (tlp === undefined)
    return refuse("unmarked", "No TLP marking in the record, in what contains it, or in tlp=");
  const resolved = resolveReferences(object, plan.ids);
  if (!resolved.ok) return refuse(resolved.code, resolved.reason);
  const reason = "It names a record that was rejected";
  const losses = resolved.losses.map((field) => ({ index: record, at, field, reason }));
  if (pap !== undefined && !mayHaveLabels(object))
    losses.push({ index: record, at, field: "pap", reason: "An observable has no place for PAP" });
  return {
    ...place,
    losses,
    tells: tellWider(plan.wider.get(object.id)),
    item: {
      kind: "released",
      object: withMarking(withWarnings(resolved.object, namesForAll(warnings)), { tlp, ...(pap && { pap }) }),
      tlp,
      pap,
      to: addressees(options, to),
      limits: options.limits,
      contentHash: finalHash(staged, resolved.object),
      generated,
      keys,
    },
  };
}

/** What an organisation's own lists are called is its own affair: its outcome tells of them, and no release. */
function namesForAll(warnings: readonly Hit[]): string[] {
  return warnings.flatMap(({ name, isShared }) => (isShared ? [name] : []));
}

/** The content's hash knows the submission's own names only: what these came to stand for is said, too. */
function finalHash({ object, hash }: StagedItem, resolved: StixObject): Buffer {
  const said = Buffer.from(hash, "base64");
  return resolved === object ? said : digest("sha256", `${hash} ${namesIn(resolved).join()}`, "buffer");
}

type Said = Pick<RecordOutcome, "outcome" | "code" | "reason" | "waiting">;

/** Where something is told already, that code stands, and both reasons do. */
function withTold(said: Said, tells: ReturnType<typeof tellWider>): Said {
  if (tells === undefined || said.outcome === "rejected") return said;
  const reasons = [said.reason, tells.reason].filter((one) => one !== undefined);
  return { ...said, code: said.code ?? tells.code, reason: reasons.join("; ") };
}

function listsOf(warnings: readonly Hit[]): Pick<RecordOutcome, "onLists"> {
  if (warnings.length === 0) return {};
  return { onLists: warnings.map(({ name: list, version }) => ({ list, version })) };
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
    const { id, ...given } = outcome;
    const said = withTold(given, refused ? undefined : one.tells);
    const ids = said.outcome === "rejected" ? [] : [id];
    const { record: index, at, warnings } = one;
    const onLists = said.outcome === "rejected" ? {} : listsOf(warnings);
    records.set(index, joinOutcome(records.get(index), { index, at, ...said, ids, ...onLists }));
  }
  return [...records.values()];
}
