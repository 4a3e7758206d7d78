import { effectiveMarkings, type Markings } from "@suar/policy";
import type { Pap, Tlp } from "@suar/stix";
import type { StagedShape } from "./store/staged.ts";

/** How a structured submission is released: in which order, under which markings, under which ids. */
export type Plan = {
  order: number[];
  markings: ReadonlyMap<string, Markings>;
  /** The final id of each name that records of the submission use for one another. */
  ids: ReadonlyMap<string, string>;
};

export type StoredMarking = { stix_id: string; tlp: Tlp };

/**
 * Works out effective markings over everything staged (DESIGN 1.2: a RED report late in a file must mark the
 * children read before it), and an order in which the referenced comes before the referring.
 */
export function planRelease(
  shapes: readonly StagedShape[],
  stored: readonly StoredMarking[],
  defaults: { tlp?: Tlp | undefined; pap?: Pap | undefined },
): Plan {
  const ids = new Map<string, string>();
  for (const shape of shapes) if (shape.local !== null) ids.set(shape.local, shape.stix_id);
  for (const shape of shapes) ids.set(shape.stix_id, shape.stix_id);
  const finalIds = (names: readonly string[] | null): string[] =>
    (names ?? []).map((name) => ids.get(name) ?? name);
  const nodes = shapes.map((shape) => ({
    id: shape.stix_id,
    own: { ...(shape.own_tlp && { tlp: shape.own_tlp }), ...(shape.own_pap && { pap: shape.own_pap }) },
    contains: finalIds(shape.contains),
    refs: finalIds(shape.refs),
    isRelationship: /^(relationship|sighting)--/.test(shape.stix_id),
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
  const order = shapes
    .map((shape) => ({ ordinal: shape.ordinal, phase: phaseOf(shape) }))
    .sort((a, b) => a.phase - b.phase || a.ordinal - b.ordinal)
    .map(({ ordinal }) => ordinal);
  return { order, markings, ids };
}

/** Ids that records refer to and the submission does not hold: perhaps stated earlier. */
export function outsideReferences(shapes: readonly StagedShape[]): string[] {
  const inside = new Set(
    shapes.flatMap((shape) => [shape.stix_id, ...(shape.local === null ? [] : [shape.local])]),
  );
  const refs = shapes
    .filter((shape) => /^(relationship|sighting)--/.test(shape.stix_id))
    .flatMap((shape) => shape.refs ?? []);
  return [...new Set(refs)].filter((id) => !inside.has(id));
}

const PHASES: readonly RegExp[] = [
  /^(identity|marking-definition|extension-definition)--/,
  /^(artifact|autonomous-system|directory|domain-name|email-addr|file|ipv4-addr|ipv6-addr|mac-addr|mutex|software|url|user-account|windows-registry-key|x509-certificate)--/,
  /^(email-message|network-traffic|process)--/,
];
const LATE: readonly RegExp[] = [
  /^observed-data--/,
  /^(relationship|sighting)--/,
  /^(note|opinion|grouping|report)--/,
  /^language-content--/,
];

function phaseOf({ stix_id }: StagedShape): number {
  const early = PHASES.findIndex((phase) => phase.test(stix_id));
  if (early >= 0) return early;
  const late = LATE.findIndex((phase) => phase.test(stix_id));
  return late >= 0 ? PHASES.length + 1 + late : PHASES.length;
}
