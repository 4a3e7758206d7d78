import { type ObservableValue, type StixObject, valuesAlone } from "@suar/stix";
import { textOf } from "../../json-value.ts";
import type { ExportItem } from "../writer.ts";
import { newAttribute } from "./new-attribute.ts";
import { addObject, type NewPart } from "./new-object.ts";
import type { Scene } from "./scene.ts";

/** A name or an address, said by an indicator or seen. */
type End = { item: ExportItem; value: ObservableValue };
type Pair = { domain: End; address: End; relationship: ExportItem };

/** The one value that an object is, where it is one. */
function valueOfItem({ object }: ExportItem): ObservableValue | undefined {
  const { type, pattern, pattern_type: language } = object;
  if (type !== "indicator") return valueSeen(object);
  const found = language === "stix" && typeof pattern === "string" ? valuesAlone(pattern) : undefined;
  if (found?.isPlain !== true || found.others > 0) return undefined;
  const [value, ...more] = found.values;
  return more.length === 0 ? value : undefined;
}

function valueSeen({ type, value }: StixObject): ObservableValue | undefined {
  if (typeof value !== "string") return undefined;
  if (type === "domain-name") return { kind: "domain", value };
  if (type === "ipv4-addr") return { kind: value.includes("/") ? "cidr4" : "ipv4", value };
  if (type === "ipv6-addr") return { kind: value.includes("/") ? "cidr6" : "ipv6", value };
  return undefined;
}

/**
 * A name with an address is `domain|ip`. Where one of them is for detection and another is not an object says so: an
 * attribute has one switch.
 */
export function writePairs(scene: Scene): void {
  const byDomain = new Map<string, Pair[]>();
  for (const item of [...scene.left()]) {
    const pair = pairOf(scene, item);
    if (pair === undefined) continue;
    const { id } = pair.domain.item.object;
    const others = byDomain.get(id) ?? [];
    byDomain.set(id, others);
    others.push(pair);
  }
  for (const pairs of byDomain.values()) {
    const [first] = pairs;
    if (first === undefined) continue;
    if (isOneSwitch(scene, pairs)) for (const pair of pairs) writePair(scene, pair);
    else writeResolution(scene, first.domain, pairs);
    for (const { relationship } of pairs) scene.absorb(relationship.object.id);
  }
}

function pairOf(scene: Scene, relationship: ExportItem): Pair | undefined {
  const { type, relationship_type: kind, source_ref: source, target_ref: target } = relationship.object;
  if (type !== "relationship" || (kind !== "resolves-to" && kind !== "related-to")) return undefined;
  const ends = [source, target].map((ref) => {
    const item = scene.item(ref);
    const value = item === undefined ? undefined : valueOfItem(item);
    return item === undefined || value === undefined ? undefined : { item, value };
  });
  const [domain, address] = ends;
  if (domain?.value.kind !== "domain" || address === undefined) return undefined;
  return /^(?:ipv4|ipv6)$/.test(address.value.kind) ? { domain, address, relationship } : undefined;
}

function isOneSwitch(scene: Scene, pairs: readonly Pair[]): boolean {
  const switches = pairs.flatMap(({ domain, address }) => [acts(scene, domain), acts(scene, address)]);
  return new Set(switches).size === 1;
}

const acts = (scene: Scene, { item, value }: End): boolean => scene.mayBeActedUpon(item, value);

function writePair(scene: Scene, { domain, address, relationship }: Pair): void {
  const said = {
    type: "domain|ip",
    value: `${domain.value.value}|${address.value.value}`,
    toIds: acts(scene, domain) && acts(scene, address),
    comment: textOf(domain.item.object.description),
    firstSeen: textOf(domain.item.object.valid_from),
  };
  const item = strictest(domain.item, address.item);
  // Under the relationship's own UUID: whoever takes that back, or one of its ends, can tell which attribute goes.
  const attribute = { ...newAttribute(scene, item, said), uuid: scene.uuid(relationship.object.id, 0) };
  scene.event.Attribute.push(attribute);
  for (const { item } of [domain, address]) scene.wrote(item.object.id, { attributes: [attribute] });
}

/** The labels are the name's; its markings the stricter of both. */
function strictest(domain: ExportItem, address: ExportItem): ExportItem {
  return {
    ...domain,
    tlp: ORDER.indexOf(address.tlp) > ORDER.indexOf(domain.tlp) ? address.tlp : domain.tlp,
  };
}

const ORDER: readonly ExportItem["tlp"][] = ["clear", "green", "amber", "amber+strict", "red"];

function partOf(scene: Scene, relation: string, end: End): NewPart {
  const { id, description, valid_from: since } = end.item.object;
  return {
    relation,
    value: end.value.value,
    toIds: acts(scene, end),
    comment: textOf(description),
    firstSeen: textOf(since),
    part: id,
  };
}

function writeResolution(scene: Scene, domain: End, pairs: readonly Pair[]): void {
  const all = pairs.reduce((item, { address }) => strictest(item, address.item), domain.item);
  const object = addObject(
    scene,
    all,
    "domain-ip",
    [partOf(scene, "domain", domain), ...pairs.map(({ address }) => partOf(scene, "ip", address))],
    "",
  );
  for (const [place, { address }] of pairs.entries()) {
    const attribute = object.Attribute[place + 1];
    const written = { attributes: attribute === undefined ? [] : [attribute], object };
    scene.wrote(address.item.object.id, written);
  }
}
