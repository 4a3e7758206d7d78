import { effectiveMarkings, type Markings } from "@suar/policy";
import type { Pap, Tlp } from "@suar/stix";
import type { StagedShape } from "./staged-item.ts";

/** How objects that refer to one another are released: under which markings, under which ids. */
export type Plan = {
  markings: ReadonlyMap<string, Markings>;
  /** The final id of each name that records of the submission use for one another. */
  ids: ReadonlyMap<string, string>;
};

export type StoredMarking = { stix_id: string; tlp: Tlp };

/**
 * Works out effective markings over everything staged (DESIGN 1.2: a RED report late in a file must mark the
 * children read before it).
 */
export function planRelease(
  shapes: readonly StagedShape[],
  stored: readonly StoredMarking[],
  defaults: { tlp?: Tlp | undefined; pap?: Pap | undefined },
): Plan {
  const ids = new Map<string, string>();
  for (const { local, id } of shapes) if (local !== undefined) ids.set(local, id);
  for (const { id } of shapes) ids.set(id, id);
  const finalIds = (names: readonly string[]): string[] => names.map((name) => ids.get(name) ?? name);
  const nodes = shapes.map(({ id, tlp, pap, contains, refs }) => ({
    id,
    own: { ...(tlp && { tlp }), ...(pap && { pap }) },
    contains: finalIds(contains),
    refs: finalIds(refs),
    isRelationship: isTie(id),
  }));
  const outside = stored.map(({ stix_id, tlp }) => ({
    id: stix_id,
    own: { tlp },
    contains: [],
    refs: [],
    isRelationship: false,
  }));
  const markings = effectiveMarkings([...nodes, ...outside], {
    ...(defaults.tlp && { tlp: defaults.tlp }),
    ...(defaults.pap && { pap: defaults.pap }),
  });
  return { markings, ids };
}

/** Ids that records refer to and the submission does not hold: perhaps stated earlier. */
export function outsideReferences(shapes: readonly StagedShape[]): string[] {
  const inside = new Set(shapes.flatMap(({ id, local }) => (local === undefined ? [id] : [id, local])));
  const refs = shapes.filter(({ id }) => isTie(id)).flatMap((shape) => shape.refs);
  return [...new Set(refs)].filter((id) => !inside.has(id));
}

function isTie(id: string): boolean {
  return id.startsWith("relationship--") || id.startsWith("sighting--");
}
