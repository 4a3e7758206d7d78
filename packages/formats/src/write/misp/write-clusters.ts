import type { StixObject } from "@suar/stix";
import { drop } from "../../drop.ts";
import { isJsonRecord, listOf, textOf } from "../../json-value.ts";
import { GALAXIES } from "./galaxy-types.ts";
import type { MispAttribute, MispCluster, MispGalaxy } from "./misp-shape.ts";
import type { Scene } from "./scene.ts";

/**
 * Whom and what an event is about, as clusters of galaxies: on the attributes that say so by a relationship, and on the
 * event where none does.
 */
export function writeClusters(scene: Scene): void {
  const related = relationsTo(scene);
  for (const item of [...scene.left()]) {
    if (!GALAXIES.has(item.object.type)) continue;
    const cluster = clusterOf(item.object);
    scene.wrote(item.object.id, { attributes: [] });
    const bearers = (related.get(item.object.id) ?? []).flatMap(({ relationship, attributes }) => {
      scene.absorb(relationship);
      return attributes;
    });
    for (const bearer of bearers) attach(bearer, cluster, item.object);
    if (bearers.length === 0) attach(scene.event, cluster, item.object);
  }
}

type Relation = { relationship: string; attributes: readonly MispAttribute[] };

function relationsTo(scene: Scene): Map<string, Relation[]> {
  const found = new Map<string, Relation[]>();
  for (const { object } of scene.left()) {
    const { type, source_ref: source, target_ref: target, relationship_type: kind } = object;
    if (type !== "relationship" || typeof target !== "string") continue;
    if (kind !== "indicates" && kind !== "related-to") continue;
    const attributes = scene.writtenOf(source)?.attributes ?? [];
    if (attributes.length === 0) continue;
    const others = found.get(target) ?? [];
    found.set(target, others);
    others.push({ relationship: object.id, attributes: attributes.slice(0, 1) });
  }
  return found;
}

function attach(
  bearer: { Tag?: { name: string }[]; Galaxy?: MispGalaxy[] },
  cluster: MispCluster,
  object: StixObject,
): void {
  bearer.Tag = [
    ...(bearer.Tag ?? []).filter(({ name }) => name !== cluster.tag_name),
    { name: cluster.tag_name },
  ];
  const galaxies = bearer.Galaxy ?? [];
  bearer.Galaxy = galaxies;
  const known = galaxies.find(({ type }) => type === cluster.type);
  if (known === undefined)
    galaxies.push({
      name: GALAXIES.get(object.type) ?? object.type,
      type: cluster.type,
      description: "",
      GalaxyCluster: [cluster],
    });
  else if (!known.GalaxyCluster.some(({ value }) => value === cluster.value))
    known.GalaxyCluster.push(cluster);
}

function clusterOf(object: StixObject): MispCluster {
  const references = listOf(object.external_references).filter(isJsonRecord);
  const own = references.find(({ source_name: name }) => String(name).startsWith("misp-galaxy:"));
  const numbers = references.flatMap(({ external_id: id, source_name: name }) =>
    name === "mitre-attack" || name === "capec" ? (textOf(id) ?? []) : [],
  );
  const [number] = numbers;
  const type =
    own === undefined ? galaxyOf(object, number) : String(own.source_name).slice("misp-galaxy:".length);
  const name = textOf(object.name) ?? object.id;
  // As ATT&CK's clusters are called: by name and number.
  const value = number !== undefined && type.startsWith("mitre-") ? `${name} - ${number}` : name;
  const links = references.flatMap(({ url, source_name: of }) =>
    of !== "misp" && typeof url === "string" ? [url] : [],
  );
  const synonyms = listOf(object.aliases).map(String);
  return drop({
    uuid: textOf(own?.external_id),
    type,
    value,
    tag_name: `misp-galaxy:${type}="${value.replaceAll('"', "'")}"`,
    description: textOf(object.description) ?? "",
    meta: drop({
      external_id: numbers.length > 0 ? numbers : undefined,
      synonyms: synonyms.length > 0 ? synonyms : undefined,
      refs: links.length > 0 ? links : undefined,
      kill_chain: phasesOf(object),
    }) as Record<string, readonly string[]>,
  });
}

/** ATT&CK's own where it has a number of it; else such as MISP's converter of STIX makes. */
function galaxyOf({ type }: StixObject, number: string | undefined): string {
  return number !== undefined && /^[TSGM]\d{4}/.test(number) ? `mitre-${type}` : `stix-2.1-${type}`;
}

function phasesOf({ kill_chain_phases: phases }: StixObject): string[] | undefined {
  const written = listOf(phases).flatMap((phase) =>
    isJsonRecord(phase) ? [`${phase.kill_chain_name}:${phase.phase_name}`] : [],
  );
  return written.length > 0 ? written : undefined;
}
