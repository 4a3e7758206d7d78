import { isObservable, referencesOf, type StixObject } from "@suar/stix";
import { isJsonRecord, listOf, textOf } from "../../json-value.ts";
import { TEMPLATES } from "../../misp/object-templates.ts";
import { PROPERTY_TYPES, withProperty } from "../../misp/property-types.ts";
import type { ExportItem } from "../writer.ts";
import { isCluster } from "./galaxy-types.ts";
import { isJsonEqual } from "./json-equal.ts";
import { MISP_HASHES } from "./misp-types.ts";
import { newAttribute } from "./new-attribute.ts";
import { addObject, type NewPart } from "./new-object.ts";
import { OBJECT_SHAPES } from "./object-shapes.ts";
import { partsByTemplate } from "./parts-of-object.ts";
import { putAttribute } from "./put-attribute.ts";
import type { Scene } from "./scene.ts";

/** Observables and what is described, but for clusters: as an attribute where one value says it all, else as an object. */
export function writeThings(scene: Scene): void {
  const items = [...scene.left()].filter((item) => !isCluster(item));
  // What refers to others tells of them: those that are referred to come last.
  const referred = new Set(items.flatMap(({ object }) => referredBy(object)));
  const inOrder = [
    ...items.filter(({ object }) => !referred.has(object.id)),
    ...items.filter(({ object }) => referred.has(object.id)),
  ];
  for (const item of inOrder) if (!scene.isTold(item.object.id)) writeThing(scene, item);
}

function referredBy(object: StixObject): string[] {
  return isObservable(object.type) ? referencesOf(object).map(({ id }) => id) : [];
}

function writeThing(scene: Scene, item: ExportItem): void {
  const simple = simpleForm(item.object) ?? trafficForm(scene, item.object);
  if (simple === undefined) writeByTemplate(scene, item);
  else {
    const comment = textOf(item.object.description);
    const attribute = newAttribute(scene, item, { ...simple, toIds: false, comment });
    putAttribute(scene, item, attribute);
  }
}

type Simple = { type: string; value: string };

const VALUES: Readonly<Record<string, readonly [property: string, type: string]>> = {
  "domain-name": ["value", "domain"],
  "ipv4-addr": ["value", "ip-dst"],
  "ipv6-addr": ["value", "ip-dst"],
  url: ["value", "url"],
  "email-addr": ["value", "email"],
  "mac-addr": ["value", "mac-address"],
  mutex: ["name", "mutex"],
  "autonomous-system": ["number", "AS"],
  "windows-registry-key": ["key", "regkey"],
  vulnerability: ["name", "vulnerability"],
  software: ["cpe", "cpe"],
};

function simpleForm(object: StixObject): Simple | undefined {
  const { type } = object;
  const own = ownProperties(object);
  const [property = "", as = ""] = Object.hasOwn(VALUES, type) ? (VALUES[type] ?? []) : [];
  const value = own[property];
  const names = Object.keys(own).filter((name) => name !== property && !isRepeated(type, name, own));
  if (value !== undefined && names.length === 0)
    return { type: as, value: `${as === "AS" ? "AS" : ""}${value}` };
  if (type === "windows-registry-key") return registryForm(own);
  if (type === "email-addr" && typeof own.value === "string") return { type: "email", value: own.value };
  for (const [name, mapping] of Object.entries(PROPERTY_TYPES)) {
    if (mapping.type !== type) continue;
    const held = at(own, mapping.path);
    if (typeof held !== "string") continue;
    const { type: _, spec_version: __, ...same } = withProperty(mapping, held);
    if (isJsonEqual(withoutLabels(same), own)) return { type: name, value: held };
  }
  return undefined;
}

/** The number of a flaw, and a product's name, stand in another property as well. */
function isRepeated(type: string, name: string, own: Record<string, unknown>): boolean {
  if (type === "software" && own.cpe !== undefined) return name === "name" || name === "vendor";
  if (type !== "vulnerability" || name !== "external_references") return false;
  const [one, ...more] = listOf(own.external_references);
  return more.length === 0 && isJsonRecord(one) && one.external_id === own.name && one.url === undefined;
}

function registryForm({ key, values, ...more }: Record<string, unknown>): Simple | undefined {
  const [value, ...others] = listOf(values);
  if (typeof key !== "string" || others.length > 0 || Object.keys(more).length > 0) return undefined;
  if (!isJsonRecord(value) || typeof value.data !== "string" || Object.keys(value).length > 1)
    return undefined;
  return { type: "regkey|value", value: `${key}|${value.data}` };
}

/** What every object has, or what is told beside its attribute. */
const COMMON = new Set(
  (
    "type id spec_version created modified created_by_ref object_marking_refs granular_markings labels description " +
    "confidence lang revoked defanged"
  ).split(" "),
);

function ownProperties(object: StixObject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !COMMON.has(name)));
}

function withoutLabels({ labels: _, ...same }: Record<string, unknown>): Record<string, unknown> {
  return same;
}

function at(value: unknown, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined) return value;
  if (first === "[]") return listOf(value).length === 1 ? at(listOf(value)[0], rest) : undefined;
  return isJsonRecord(value) && Object.hasOwn(value, first) ? at(value[first], rest) : undefined;
}

/** A host and a port of it. */
function trafficForm(scene: Scene, object: StixObject): Simple | undefined {
  if (object.type !== "network-traffic") return undefined;
  const own = ownProperties(object);
  for (const side of ["src", "dst"] as const) {
    const { [`${side}_ref`]: ref, [`${side}_port`]: port, protocols, ...more } = own;
    const host = scene.object(ref);
    const isBare = Object.keys(more).length === 0 && listOf(protocols).length === 1;
    if (host === undefined || typeof port !== "number" || typeof host.value !== "string" || !isBare) continue;
    const isName = host.type === "domain-name";
    if (isName && side === "src") continue;
    scene.absorb(host.id);
    return { type: `${isName ? "hostname" : `ip-${side}`}|port`, value: `${host.value}|${port}` };
  }
  return undefined;
}

/** The template that an object goes back by, where more than one becomes an object of its type. */
const FIRST: Readonly<Record<string, string>> = {
  "user-account": "user-account",
  "network-traffic": "network-connection",
};

function templateNameOf({
  type,
  account_type: service,
  identity_class: kind,
  extensions,
}: StixObject): string | undefined {
  if (type === "identity") return kind === "individual" ? "person" : "organization";
  if (type === "network-traffic" && isJsonRecord(extensions) && extensions["http-request-ext"] !== undefined)
    return "http-request";
  for (const [name, template] of TEMPLATES) {
    if (template.type !== type || !Object.hasOwn(OBJECT_SHAPES, name)) continue;
    const fixed = template.fixed?.account_type;
    if (type === "user-account" && service !== undefined && fixed === service) return name;
    if (type !== "user-account" && FIRST[type] === undefined) return name;
  }
  return FIRST[type];
}

function writeByTemplate(scene: Scene, item: ExportItem): void {
  const name = templateNameOf(item.object);
  const template = name === undefined ? undefined : TEMPLATES.get(name);
  if (name === undefined || template === undefined) return;
  const { parts, referred } = partsByTemplate(scene, item.object, template);
  const all = [...parts, ...partsBeside(scene, item.object, referred)];
  if (all.length === 0) return;
  const isDescribed = parts.some(({ value }) => value === item.object.description);
  addObject(scene, item, name, all, isDescribed ? "" : undefined);
  for (const id of referred) if (isObservable(id.slice(0, id.indexOf("--")))) scene.absorb(id);
}

/** Lists whose members a template has no single place for: protocols by their layer, parts of a message. */
function partsBeside(scene: Scene, object: StixObject, referred: string[]): NewPart[] {
  if (object.type === "x509-certificate" && isJsonRecord(object.hashes))
    return Object.entries(object.hashes).flatMap(([name, value]) => {
      const hash = MISP_HASHES.get(name);
      const isKnown = hash !== undefined && /^(?:md5|sha1|sha256)$/.test(hash);
      return isKnown || hash === undefined ? [] : [{ relation: hash, type: hash, value: String(value) }];
    });
  if (object.type !== "email-message") return [];
  return listOf(object.body_multipart).flatMap((part, at): NewPart[] => {
    if (!isJsonRecord(part)) return [];
    if (typeof part.body === "string")
      return [{ relation: "email-body", value: part.body, part: `body ${at}` }];
    const file = scene.object(part.body_raw_ref);
    if (typeof file?.name !== "string") return [];
    referred.push(file.id);
    return [{ relation: "attachment", value: file.name, part: `attachment ${at}` }];
  });
}
