import type { StixObject } from "@suar/stix";
import type { Normalized } from "./normalize/normalized.ts";
import type { StagedRow } from "./store/staged.ts";

/** What a staged row's `item` holds. */
export type StagedItem = {
  object: StixObject;
  at: string;
  local: string | null;
  generated: boolean;
  hash: string;
  keys: readonly string[];
  /** Organisations that the content itself addresses. */
  to: readonly string[];
};

/** A normalized object as a row to stage. */
export function stagedRow(
  ordinal: number,
  at: string,
  normalized: Normalized,
  refs: readonly string[],
): StagedRow {
  const item: StagedItem = {
    object: normalized.object,
    at,
    local: normalized.local ?? null,
    generated: normalized.generated,
    hash: normalized.contentHash.toString("base64"),
    keys: normalized.keys,
    to: normalized.to ?? [],
  };
  return {
    ordinal,
    record: normalized.index,
    stix_id: normalized.object.id,
    own_tlp: normalized.tlp ?? null,
    own_pap: normalized.pap ?? null,
    contains: normalized.contains.length === 0 ? null : normalized.contains,
    refs: refs.length === 0 ? null : [...refs],
    item: JSON.stringify(item),
  };
}

export function parseStagedItem(row: StagedRow): StagedItem {
  return JSON.parse(row.item) as StagedItem;
}
