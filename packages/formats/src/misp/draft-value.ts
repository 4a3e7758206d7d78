import { type ObservableKind, scoFor } from "@suar/stix";
import type { ValueRole } from "../draft.ts";
import { drop } from "../drop.ts";
import { steadyId } from "../steady-id.ts";
import { canonicalOf, kindAmong, typeOfValue } from "../value-kind.ts";
import type { Attribute } from "./attribute.ts";
import type { EventReading, Place } from "./event-reading.ts";
import { attributeName, loseDescription, splitOnce } from "./pairs.ts";

/** One value: an indicator where it is to be looked for, else a thing that was seen. Returns its local. */
export function draftValue(
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

export function refuseValue(
  { marking, value }: Attribute,
  place: Place,
  reason: string,
  reading: EventReading,
): void {
  reading.reject(place, "bad-value", reason, { ...(marking && { marking }), raw: value });
}

/** Both halves, and that they belong together. A half that is no value is lost, and the other is kept. */
export function draftPair(
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
  const type = attribute.toIds ? "related-to" : "resolves-to";
  reading.relate(place, type, domain, address, undefined, attribute.marking);
  return domain;
}

/** What is looked for is the host, with the port told beside it; what was seen is traffic to or from it. */
export function draftWithPort(
  attribute: Attribute,
  kinds: readonly ObservableKind[],
  place: Place,
  reading: EventReading,
): string | undefined {
  const [value, port] = splitOnce(attribute.value);
  if (attribute.toIds) {
    const description = [`Port ${port}`, attribute.details.description]
      .filter((part) => part !== undefined)
      .join("\n");
    const described = { ...attribute, value, details: { ...attribute.details, description } };
    return draftValue(described, kinds, place, reading);
  }
  const host = draftValue({ ...attribute, value }, kinds, place, reading);
  if (host === undefined) return undefined;
  const traffic = trafficOf(attribute, value, port, kinds);
  if (traffic === undefined) {
    reading.lose(attribute.at, attribute.type, `No port: ${port.slice(0, 80)}`);
    return host;
  }
  const name = `${attributeName(attribute)}/traffic`;
  return reading.draft(
    place,
    "network-traffic",
    name,
    { kind: "object", object: traffic },
    attribute.marking,
  );
}

function trafficOf(
  { type, uuid, at }: Attribute,
  value: string,
  port: string,
  kinds: readonly ObservableKind[],
): Record<string, unknown> | undefined {
  const kind = kindAmong(value, kinds);
  const canonical = kind === undefined ? undefined : canonicalOf(kind, value);
  if (kind === undefined || canonical?.ok !== true || !isPort(port)) return undefined;
  const side = type.startsWith("ip-src") ? "src" : "dst";
  const traffic = {
    type: "network-traffic",
    spec_version: "2.1",
    [`${side}_ref`]: scoFor(kind, canonical.value)?.id,
    [`${side}_port`]: Number(port),
    protocols: [networkProtocol(kind)],
  };
  return { ...drop(traffic), type: "network-traffic", id: steadyId(traffic, uuid ?? at) };
}

/** §6.12.1 wants the protocols from the outside in; of an address no more is known than its own. */
function networkProtocol(kind: ObservableKind): string {
  if (kind === "ipv6" || kind === "cidr6") return "ipv6";
  return kind === "domain" ? "ip" : "ipv4";
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}
