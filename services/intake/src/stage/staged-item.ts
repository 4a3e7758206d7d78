import type { Hit } from "@suar/formats";
import { namesIn, type Pap, type StixObject, type Tlp } from "@suar/stix";
import type { Normalized } from "../normalize/normalized.ts";
import type { Refused } from "../normalize/read-drafts.ts";

/** A normalized object before its marking and its references are final, as a page of `staged` holds it. */
export type StagedItem = {
  record: number;
  at: string;
  object: StixObject;
  tlp?: Tlp | undefined;
  pap?: Pap | undefined;
  generated: boolean;
  hash: string;
  keys: readonly string[];
  warnings?: readonly Hit[] | undefined;
  /** Organisations that the content itself addresses. */
  to: readonly string[];
};

/** Everything of an object that markings, readers and final ids are worked out from. */
export type StagedShape = {
  id: string;
  local?: string | undefined;
  tlp?: Tlp | undefined;
  pap?: Pap | undefined;
  to?: readonly string[] | undefined;
  contains: readonly string[];
  /** Locals or ids of what it names. */
  refs: readonly string[];
  /** It was rejected; others may name it all the same, and what it says of its marking counts. */
  refused?: true;
  /** It is refused because its submitter holds it already, or all do. */
  held?: true;
  /** It bears a marking that is not known: nothing of the same id is released. */
  unknown?: true;
  /** An earlier portion states it, and this one names it. */
  earlier?: true;
};

export function itemOf(at: string, normalized: Normalized): StagedItem {
  return {
    record: normalized.index,
    at,
    object: normalized.object,
    tlp: normalized.tlp,
    pap: normalized.pap,
    generated: normalized.generated,
    hash: normalized.contentHash.toString("base64"),
    keys: normalized.keys,
    warnings: normalized.warnings,
    to: normalized.to ?? [],
  };
}

export function shapeOf({ object, local, tlp, pap, to, contains }: Normalized): StagedShape {
  return { id: object.id, local, tlp, pap, to, contains, refs: namesIn(object) };
}

/** What is left of a record that was rejected: an id, and its marking. */
export function refusedShape({ id, local, marking, unknown, contains = [], held }: Refused): StagedShape {
  const more = { ...(local !== undefined && { local }), ...(unknown && { unknown }), ...(held && { held }) };
  return { id, ...marking, contains, refs: [], refused: true, ...more };
}

/** The same of a table's row: nothing where it says no marking of its own. */
export function rowShape({ object, tlp, pap }: Normalized): StagedShape | undefined {
  return tlp === undefined && pap === undefined
    ? undefined
    : { id: object.id, tlp, pap, contains: [], refs: [] };
}
