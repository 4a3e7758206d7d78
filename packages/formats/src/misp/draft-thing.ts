import { drop } from "../drop.ts";
import { ownValue } from "../own-value.ts";
import { steadyId } from "../steady-id.ts";
import { canonicalOf } from "../value-kind.ts";
import type { Attribute } from "./attribute.ts";
import { draftValue, refuseValue } from "./draft-value.ts";
import type { EventReading, Place } from "./event-reading.ts";
import { draftFile } from "./file.ts";
import { canonicalDigest, FINGERPRINTS } from "./hash-names.ts";
import { attributeName, loseDescription, splitOnce } from "./pairs.ts";
import { type PropertyMapping, patternOf, withProperty } from "./property-types.ts";

/** Types of STIX that are no observables: they are described, and never looked for by a pattern. */
const DESCRIBED = new Set(["threat-actor", "campaign", "malware", "identity"]);

export function draftFileAttribute(
  attribute: Attribute,
  mapping: { hash?: string; payload?: true },
  place: Place,
  reading: EventReading,
): string | undefined {
  const composite = attribute.value.includes("|");
  const [first, second] = splitOnce(attribute.value);
  const isBare = mapping.hash !== undefined && !composite && mapping.payload !== true;
  if (mapping.payload === true)
    reading.lose(attribute.at, attribute.type, "Files are not carried, only their name and hash");
  const hashes =
    mapping.hash === undefined || (!composite && !isBare)
      ? []
      : [{ type: mapping.hash, value: isBare ? first : second }];
  const parts = {
    name: isBare ? undefined : first,
    hashes,
    extra: {},
    toIds: attribute.toIds,
    at: attribute.at,
    key: attributeName(attribute),
    marking: attribute.marking,
    details: attribute.details,
  };
  return draftFile(parts, place, reading);
}

export function draftRule(
  attribute: Attribute,
  language: string,
  place: Place,
  reading: EventReading,
): string {
  return draftIndicator(attribute, { pattern: attribute.value, pattern_type: language }, place, reading);
}

function draftIndicator(
  attribute: Attribute,
  rule: { pattern: string; pattern_type: string },
  place: Place,
  reading: EventReading,
): string {
  const { description, labels, validFrom, validUntil, name } = attribute.details;
  const indicator = { type: "indicator", spec_version: "2.1", name, description, labels, ...rule };
  const object = drop({ ...indicator, valid_from: validFrom, valid_until: validUntil });
  const draft = { kind: "object" as const, object };
  return reading.draft(place, "indicator", attributeName(attribute), draft, attribute.marking);
}

/** What a bare attribute says of a thing that has no other name: one property of it, or a pattern that looks for that. */
export function draftProperty(
  attribute: Attribute,
  mapping: PropertyMapping,
  place: Place,
  reading: EventReading,
): string | undefined {
  const value = propertyValue(attribute);
  if (value === undefined) {
    refuseValue(attribute, place, `Not a value of type ${attribute.type}`, reading);
    return undefined;
  }
  if (DESCRIBED.has(mapping.type))
    return draftDescribed(attribute, withProperty(mapping, value), place, reading);
  if (attribute.toIds) {
    const rule = { pattern: patternOf(mapping, value), pattern_type: "stix" };
    return draftIndicator(attribute, rule, place, reading);
  }
  return draftSeen(attribute, withProperty(mapping, value), place, reading);
}

function propertyValue({ type, value }: Attribute): string | undefined {
  const digest = ownValue(FINGERPRINTS, type);
  return digest === undefined ? value : canonicalDigest(digest, value.replace(/[:\s]/g, ""));
}

function draftDescribed(
  attribute: Attribute,
  object: Record<string, unknown>,
  place: Place,
  reading: EventReading,
): string {
  const { description, labels } = attribute.details;
  const own = Array.isArray(object.labels) ? object.labels : [];
  const said = [...own, ...(labels ?? [])];
  const described = drop({ ...object, description, labels: said.length > 0 ? said : undefined });
  const name = attributeName(attribute);
  return reading.draft(
    place,
    String(object.type),
    name,
    { kind: "object", object: described },
    attribute.marking,
  );
}

function draftSeen(
  attribute: Attribute,
  object: Record<string, unknown>,
  place: Place,
  reading: EventReading,
): string {
  loseDescription(attribute, reading);
  const name = attributeName(attribute);
  const type = String(object.type);
  const named = { ...object, type, id: steadyId({ ...object, type }, name) };
  return reading.draft(place, type, name, { kind: "object", object: named }, attribute.marking);
}

export function draftRegistryValue(
  attribute: Attribute,
  place: Place,
  reading: EventReading,
): string | undefined {
  const [key, value] = splitOnce(attribute.value);
  if (attribute.toIds) {
    const description = [`Value ${value}`, attribute.details.description]
      .filter((part) => part !== undefined)
      .join("\n");
    const described = { ...attribute, value: key, details: { ...attribute.details, description } };
    return draftValue(described, ["regkey"], place, reading);
  }
  const canonical = canonicalOf("regkey", key);
  if (!canonical.ok) {
    refuseValue(attribute, place, `Not a value of type ${attribute.type}: ${canonical.message}`, reading);
    return undefined;
  }
  const values = [{ data: value }];
  return draftSeen(
    attribute,
    { type: "windows-registry-key", spec_version: "2.1", key: canonical.value, values },
    place,
    reading,
  );
}

/** Flaws that other bodies numbered are named as they write them. */
export function draftVulnerability(
  attribute: Attribute,
  place: Place,
  reading: EventReading,
): string | undefined {
  if (canonicalOf("cve", attribute.value).ok) return draftValue(attribute, ["cve"], place, reading);
  const object = { type: "vulnerability", spec_version: "2.1", name: attribute.value };
  return draftDescribed(attribute, object, place, reading);
}

/** A CPE, 2.3 or the older URI: its fourth part is the product, which a STIX software is named by. */
export function draftSoftware(attribute: Attribute, place: Place, reading: EventReading): string | undefined {
  const [, vendor, name] = /^cpe:(?:2\.3:[aoh*-]|\/[aoh]):([^:]*):([^:]+)/i.exec(attribute.value) ?? [];
  if (name === undefined) {
    refuseValue(attribute, place, "Not a value of type cpe", reading);
    return undefined;
  }
  const plain = (part: string): string => part.replaceAll("\\", "").replaceAll("_", " ");
  const object = drop({
    type: "software",
    spec_version: "2.1",
    name: plain(name),
    vendor: vendor === "" || vendor === undefined ? undefined : plain(vendor),
    // §6.14.1 wants CPE 2.3; an older one is told in the name alone.
    cpe: attribute.value.startsWith("cpe:2.3:") ? attribute.value : undefined,
  });
  if (object.cpe === undefined) reading.lose(attribute.at, "cpe", "STIX takes a CPE of version 2.3");
  return draftSeen(attribute, object, place, reading);
}
