import type { ObservableKind } from "@suar/stix";
import type { ValueRole } from "../draft.ts";
import { typeOfLocal } from "../local-name.ts";
import { canonicalOf, kindAmong, typeOfValue } from "../value-kind.ts";
import type { Attribute } from "./attribute.ts";
import { mappingOf } from "./attribute-types.ts";
import type { EventReading, Place } from "./event-reading.ts";
import { draftFile } from "./file.ts";
import { attributeName, loseDescription, splitOnce } from "./pairs.ts";
import { draftReference, isReference } from "./reference.ts";
import { loseMarked, markedOf, refuseUnknown, valuesIn } from "./refuse.ts";

/**
 * Turns one attribute into drafts and ties them to the clusters it carries. `to_ids` makes an indicator of it,
 * else it was only seen. Returns the local that stands for the attribute.
 */
export function draftAttribute(attribute: Attribute, reading: EventReading): string | undefined {
  const marked = markedOf(attribute);
  if (marked.unknown.length > 0) {
    refuseUnknown(attribute.at, valuesIn(attribute), marked, reading);
    return undefined;
  }
  const mapping = mappingOf(attribute.type);
  if (mapping === undefined) {
    const reason = `Attributes of type ${attribute.type} have no place: ${attribute.value.slice(0, 80)}`;
    loseMarked(attribute.at, [attribute.type, reason], marked, reading);
    return undefined;
  }
  if (mapping.becomes === "reference" || isReference(attribute)) {
    draftReference(attribute, reading);
    return undefined;
  }
  const place = reading.record(attribute.at);
  const local = draftMapped(attribute, place, reading);
  if (local === undefined) return undefined;
  reading.remember(attribute.uuid, local);
  for (const { local: cluster, object } of attribute.clusters) {
    reading.cluster(place, cluster, object, attribute.marking);
    reading.relate(
      place,
      typeOfLocal(local) === "indicator" ? indicates(cluster) : "related-to",
      local,
      cluster,
      undefined,
      attribute.marking,
    );
  }
  return local;
}

// §4.7: what an indicator may indicate.
const INDICATED = new Set(
  "attack-pattern campaign infrastructure intrusion-set malware threat-actor tool".split(" "),
);

function indicates(cluster: string): string {
  return INDICATED.has(typeOfLocal(cluster) ?? "") ? "indicates" : "related-to";
}

function draftMapped(attribute: Attribute, place: Place, reading: EventReading): string | undefined {
  const mapping = mappingOf(attribute.type);
  switch (mapping?.becomes) {
    case "value":
      return draftValue(
        { ...attribute, toIds: attribute.toIds && mapping.seen !== true },
        mapping.kinds,
        place,
        reading,
      );
    case "pair":
      return draftPair(attribute, mapping.kinds, place, reading);
    case "with-port":
      return draftWithPort(attribute, mapping.kinds, place, reading);
    case "file":
      return draftFileAttribute(attribute, mapping, place, reading);
    case "rule":
      return draftRule(attribute, mapping.language, place, reading);
    case "registry-value":
      return draftRegistryValue(attribute, place, reading);
    case "vulnerability":
      return draftVulnerability(attribute, place, reading);
    case "note":
      reading.note(
        place,
        attributeName(attribute),
        { content: attribute.value, abstract: noteTitle(attribute) },
        attribute.marking,
      );
      return undefined;
    default:
      return undefined;
  }
}

function noteTitle({ category, details }: Attribute): string | undefined {
  return details.description ?? category;
}

function draftValue(
  attribute: Attribute,
  kinds: readonly ObservableKind[],
  place: Place,
  reading: EventReading,
  part = "",
): string | undefined {
  const kind = kindAmong(attribute.value, kinds);
  const canonical = kind === undefined ? undefined : canonicalOf(kind, attribute.value);
  if (kind === undefined || canonical?.ok !== true) {
    const why = canonical?.ok === false ? `: ${canonical.message}` : "";
    refuseValue(attribute, place, `Not a value of type ${attribute.type}${why}`, reading);
    return undefined;
  }
  const as: ValueRole = attribute.toIds ? "indicator" : "observable";
  const type = typeOfValue(kind, as);
  if (type !== "indicator" && type !== "vulnerability") loseDescription(attribute, reading);
  const draft = {
    kind: "value" as const,
    value: { kind, raw: attribute.value },
    as,
    details: attribute.details,
  };
  return reading.draft(place, type, `${attributeName(attribute)}${part}`, draft, attribute.marking);
}

function refuseValue(
  { marking, value }: Attribute,
  place: Place,
  reason: string,
  reading: EventReading,
): void {
  reading.reject(place, "bad-value", reason, { ...(marking && { marking }), raw: value });
}

/** Both halves, and that they belong together. A half that is no value is lost, and the other is kept. */
function draftPair(
  attribute: Attribute,
  kinds: readonly [readonly ObservableKind[], readonly ObservableKind[]],
  place: Place,
  reading: EventReading,
): string | undefined {
  const [first, second] = splitOnce(attribute.value);
  const halves = (
    [
      [first, kinds[0]],
      [second, kinds[1]],
    ] as const
  ).filter(([value, allowed]) => {
    const kind = kindAmong(value, allowed);
    return kind !== undefined && canonicalOf(kind, value).ok;
  });
  if (halves.length === 0) {
    refuseValue(attribute, place, `Not a value of type ${attribute.type}`, reading);
    return undefined;
  }
  const locals = halves.map(([value, allowed], at) =>
    draftValue({ ...attribute, value }, allowed, place, reading, `/${at}`),
  );
  const [domain, address] = locals;
  if (domain === undefined || address === undefined) {
    reading.lose(attribute.at, attribute.type, "One half of it is no value");
    return domain ?? address;
  }
  reading.relate(
    place,
    attribute.toIds ? "related-to" : "resolves-to",
    domain,
    address,
    undefined,
    attribute.marking,
  );
  return domain;
}

/** The address is what can be looked for; the port is told beside it. */
function draftWithPort(
  attribute: Attribute,
  kinds: readonly ObservableKind[],
  place: Place,
  reading: EventReading,
): string | undefined {
  const [value, port] = splitOnce(attribute.value);
  const description = [`Port ${port}`, attribute.details.description]
    .filter((part) => part !== undefined)
    .join("\n");
  return draftValue(
    { ...attribute, value, details: { ...attribute.details, description } },
    kinds,
    place,
    reading,
  );
}

function draftFileAttribute(
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
  return draftFile(
    {
      name: isBare ? undefined : first,
      hashes:
        mapping.hash === undefined || (!composite && !isBare)
          ? []
          : [{ type: mapping.hash, value: isBare ? first : second }],
      extra: {},
      toIds: attribute.toIds,
      at: attribute.at,
      key: attributeName(attribute),
      marking: attribute.marking,
      details: attribute.details,
    },
    place,
    reading,
  );
}

function draftRule(attribute: Attribute, language: string, place: Place, reading: EventReading): string {
  const { description, labels, validFrom, name } = attribute.details;
  const object = {
    type: "indicator",
    spec_version: "2.1",
    pattern: attribute.value,
    pattern_type: language,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(labels !== undefined && { labels }),
    ...(validFrom !== undefined && { valid_from: validFrom }),
  };
  return reading.draft(
    place,
    "indicator",
    attributeName(attribute),
    { kind: "object", object },
    attribute.marking,
  );
}

function draftRegistryValue(attribute: Attribute, place: Place, reading: EventReading): string | undefined {
  const [key, value] = splitOnce(attribute.value);
  const description = [`Value ${value}`, attribute.details.description]
    .filter((part) => part !== undefined)
    .join("\n");
  if (attribute.toIds)
    return draftValue(
      { ...attribute, value: key, details: { ...attribute.details, description } },
      ["regkey"],
      place,
      reading,
    );
  const canonical = canonicalOf("regkey", key);
  if (!canonical.ok) {
    refuseValue(attribute, place, `Not a value of type ${attribute.type}: ${canonical.message}`, reading);
    return undefined;
  }
  loseDescription(attribute, reading);
  const values = [{ data: value }];
  const object = { type: "windows-registry-key", spec_version: "2.1", key: canonical.value, values };
  return reading.draft(
    place,
    "windows-registry-key",
    attributeName(attribute),
    { kind: "object", object },
    attribute.marking,
  );
}

/** Flaws that other bodies numbered are named as they write them. */
function draftVulnerability(attribute: Attribute, place: Place, reading: EventReading): string | undefined {
  if (canonicalOf("cve", attribute.value).ok) return draftValue(attribute, ["cve"], place, reading);
  const { description, labels } = attribute.details;
  const object = {
    type: "vulnerability",
    spec_version: "2.1",
    name: attribute.value,
    ...(description !== undefined && { description }),
    ...(labels !== undefined && { labels }),
  };
  return reading.draft(
    place,
    "vulnerability",
    attributeName(attribute),
    { kind: "object", object },
    attribute.marking,
  );
}
