import { drop } from "../drop.ts";
import { ownValue } from "../own-value.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import { type Element, lineOf, plainText, within } from "../xml/element.ts";
import { lose } from "./lose.ts";
import { servicesIn } from "./ports.ts";
import { addressOf, type IodefValue } from "./values.ts";

/** Whose a system is, and at which end of what was spoken. */
type Role = { whose: "attacker" | "victim"; end: "src" | "dst" };

/** RFC 5070 §3.15, RFC 7970 §3.17: to look for, hit by it, or merely there. */
const ROLES: Readonly<Record<string, Role>> = {
  source: { whose: "attacker", end: "src" },
  "source-indirect": { whose: "attacker", end: "src" },
  infrastructure: { whose: "attacker", end: "dst" },
  watchlist: { whose: "attacker", end: "src" },
  "watchlist-source": { whose: "attacker", end: "src" },
  "watchlist-destination": { whose: "attacker", end: "dst" },
  target: { whose: "victim", end: "dst" },
  "target-indirect": { whose: "victim", end: "dst" },
};

/** What of a system is told by its addresses, names and ports; the rest is a loss. */
const CARRIED: ReadonlySet<string> = new Set(
  "System Node Address NodeName Name DomainData Service Port Portlist PortList URL".split(" "),
);

/** What these hold is of others than the system: who serves its names, and whom to ask. */
const OF_OTHERS: ReadonlySet<string> = new Set("Nameservers DomainContacts RelatedDNS".split(" "));

/** Attributes that say what is carried, or mean something within one document alone. */
const READ: ReadonlySet<string> = new Set(
  "category ext-category restriction ext-restriction spoofed observable-id indicator-set-id indicator-uid lang".split(
    " ",
  ),
);

/** A system of an incident: its addresses and names, tied to the incident by the part it had in it. */
export function readSystem(system: Element, incident: string, reading: ReportReading): void {
  const place = reading.record(lineOf(system));
  const { category, spoofed } = system.attributes;
  const role = ownValue(ROLES, (system.attributes["ext-category"] ?? category ?? "").toLowerCase());
  // Whose address was forged neither attacked nor was hit.
  const isSpoofed = spoofed?.trim().toLowerCase() === "yes";
  const values = valuesIn(system, place, reading);
  loseAttributes(system, place, reading);
  if (values.length === 0) {
    reading.reject(place, "not-an-indicator", "A system without an address, a name or a URL");
    return;
  }
  for (const value of values) draftEnd(value, isSpoofed ? undefined : role?.whose, incident, place, reading);
  draftServices(system, values, role?.end ?? "dst", place, reading);
}

function draftEnd(
  { kind, raw }: IodefValue,
  whose: "attacker" | "victim" | undefined,
  incident: string,
  place: Place,
  reading: ReportReading,
): void {
  const seen = reading.value(place, kind, raw, "observable");
  if (seen === undefined) return;
  const type = whose === "victim" ? "impacts" : "related-to";
  reading.relate(place, { type, source: incident, target: seen });
  if (whose !== "attacker") return;
  const indicator = reading.value(place, kind, raw, "indicator");
  if (indicator !== undefined && indicator !== seen)
    reading.relate(place, { type: "related-to", source: indicator, target: incident });
}

function loseAttributes(system: Element, place: Place, reading: ReportReading): void {
  const { spoofed } = system.attributes;
  const forged = spoofed?.trim().toLowerCase() ?? "";
  if (forged === "yes")
    lose(reading, place, system, "spoofed", "Its addresses were forged: taken as seen, not as anybody's");
  else if (forged === "unknown")
    lose(reading, place, system, "spoofed", "Whether it was forged is not known");
  for (const [name, value] of Object.entries(system.attributes))
    if (!READ.has(name)) lose(reading, place, system, name, `No place for it: ${value.slice(0, 80)}`);
}

/** Addresses and names of a system or an observable; every other element of it that says something is lost. */
export function valuesIn(element: Element, place: Place, reading: ReportReading): IodefValue[] {
  const values: IodefValue[] = [];
  for (const one of ownParts(element)) {
    const text = plainText(one);
    const value = text === undefined ? undefined : readValue(one, text);
    if (value !== undefined) values.push(value);
    else if (OF_OTHERS.has(one.name)) lose(reading, place, one, one.name, "Of others than the system");
    else if (text !== undefined && !/^(?:Port|Portlist|PortList)$/.test(one.name))
      lose(reading, place, one, one.name, `No place for it: ${text.slice(0, 80)}`);
    else if (
      !CARRIED.has(one.name) &&
      text === undefined &&
      one.children.length === 0 &&
      one.name !== element.name
    )
      lose(reading, place, one, one.name, "No place for it");
  }
  return values;
}

/** All elements within it in their order, but those within what is of others. */
function* ownParts(element: Element): Generator<Element> {
  let others = new Set<Element>();
  for (const one of within(element)) {
    if (others.has(one)) continue;
    yield one;
    if (OF_OTHERS.has(one.name)) others = new Set([...within(one)]);
  }
}

function readValue(element: Element, text: string): IodefValue | undefined {
  switch (element.name) {
    case "Address":
      return addressOf(element);
    case "NodeName":
    case "Name":
      return { kind: "domain", raw: text };
    case "URL":
      return { kind: "url", raw: text };
    default:
      return undefined;
  }
}

/** What was spoken to or from, as network traffic of the system's first address. */
function draftServices(
  system: Element,
  values: readonly IodefValue[],
  side: Role["end"],
  place: Place,
  reading: ReportReading,
): void {
  const address = values.find(({ kind }) => kind === "ipv4" || kind === "ipv6");
  for (const { element, ports, protocol } of servicesIn(system, place, reading)) {
    if (ports.length === 0) continue;
    const end =
      address === undefined ? undefined : reading.value(place, address.kind, address.raw, "observable");
    if (address === undefined || end === undefined) {
      lose(reading, place, element, "Service", "A port without an address");
      continue;
    }
    const protocols = [address.kind, ...(protocol === undefined ? [] : [protocol])];
    for (const port of ports) {
      const traffic = drop({ [`${side}_ref`]: end, [`${side}_port`]: port, protocols });
      reading.object(place, `traffic/${JSON.stringify(traffic)}`, { type: "network-traffic", ...traffic });
    }
  }
}
