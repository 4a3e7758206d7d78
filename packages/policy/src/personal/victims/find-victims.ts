import { keysOf, type StixObject } from "@suar/stix";

/**
 * The ids that a staged submission shows to be victims': what a relationship says is targeted or compromised,
 * where a sighting was made, what an incident's impacts name, to whom a mail went, what was observed at a victim's.
 *
 * E-mail addresses of which nobody says that they are the attacker's are among them: personal data is stripped by
 * default. It is the attacker's what an indicator is based on or looks for, and from where a mail came.
 */
export function findVictims(objects: Iterable<StixObject>): Set<string> {
  const all = [...objects];
  const attackers = isAttackersIn(all);
  const victims = new Set<string>();
  for (const object of all) {
    for (const id of calledVictims(object)) victims.add(id);
    if (object.type === "email-addr" && !attackers(object)) victims.add(object.id);
  }
  addWhatBelongs(all, victims, attackers);
  return victims;
}

type IsAttackers = (object: StixObject) => boolean;

/** §5.1.1 and the tables of relationships: what these lead to is harmed. */
const HARMS: ReadonlySet<unknown> = new Set(["targets", "compromises", "impacts", "impersonates"]);

/** Ids of what one object calls a victim's. */
export function calledVictims(object: StixObject): readonly string[] {
  switch (object.type) {
    case "relationship":
      return HARMS.has(object.relationship_type) ? refs(object.target_ref) : [];
    case "sighting":
      return [...refs(object.where_sighted_refs), ...refs(object.observed_data_refs)];
    case "impact":
      return refs(object.impacted_refs);
    case "email-message":
      return [...refs(object.to_refs), ...refs(object.cc_refs), ...refs(object.bcc_refs)];
    default:
      return [];
  }
}

/** What these objects show to be the attacker's: by reference, or by the very value that a pattern looks for. */
export function isAttackersIn(objects: readonly StixObject[]): IsAttackers {
  const ids = new Set<string>();
  const values = new Set<string>();
  for (const object of objects) {
    if (object.type === "indicator") for (const key of keysOf(object)) values.add(key);
    for (const id of attackedFrom(object)) ids.add(id);
  }
  for (const object of objects)
    if (object.type === "observed-data" && ids.has(object.id))
      for (const id of refs(object.object_refs)) ids.add(id);
  return (object) => ids.has(object.id) || keysOf(object).some((key) => values.has(key));
}

const ATTACKING =
  /^(?:attack-pattern|campaign|indicator|infrastructure|intrusion-set|malware|threat-actor|tool)--/;
const USES: ReadonlySet<unknown> = new Set([
  "based-on",
  "beacons-to",
  "communicates-with",
  "consists-of",
  "controls",
  "exfiltrates-to",
  "hosts",
  "owns",
  "uses",
]);

function attackedFrom(object: StixObject): readonly string[] {
  if (object.type === "email-message") return [...refs(object.from_ref), ...refs(object.sender_ref)];
  if (object.type !== "relationship" || !USES.has(object.relationship_type)) return [];
  return ATTACKING.test(String(object.source_ref)) ? refs(object.target_ref) : [];
}

/** What was observed at a victim's, and its parts; never what is the attacker's. */
function addWhatBelongs(
  objects: readonly StixObject[],
  victims: Set<string>,
  isAttackers: IsAttackers,
): void {
  const byId = Map.groupBy(objects, ({ id }) => id);
  const waiting = [...victims];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const part of (byId.get(id) ?? []).flatMap(partsOf)) {
      const known = byId.get(part) ?? [];
      if (victims.has(part) || known.some(isAttackers)) continue;
      victims.add(part);
      waiting.push(part);
    }
  }
}

/** Ids of what is a victim's where the object is. */
export function partsOf(object: StixObject): readonly string[] {
  switch (object.type) {
    case "observed-data":
      return refs(object.object_refs);
    case "network-traffic":
      return [...refs(object.src_ref), ...refs(object.dst_ref)];
    default:
      return refs(object.belongs_to_ref);
  }
}

function refs(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
