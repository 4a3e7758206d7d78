import { keysOf, type StixObject } from "@suar/stix";

/**
 * The ids that a staged submission shows to be victims': what a relationship says is targeted or compromised,
 * where a sighting was made, what an incident's impacts name, to whom a mail went, what was observed at a victim's.
 *
 * E-mail addresses of which nobody says that they are the attacker's are among them: personal data is stripped by
 * default. It is the attacker's what an indicator is based on or looks for, and from where a mail came.
 */
export function findVictims(objects: Iterable<StixObject>, attackers = Attackers.in(objects)): Set<string> {
  const all = [...objects];
  const victims = new Set<string>();
  for (const object of all) {
    for (const id of calledVictims(object)) victims.add(id);
    if (object.type === "email-addr" && !attackers.has(object)) victims.add(object.id);
  }
  addWhatBelongs(all, victims, attackers);
  return victims;
}

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

/**
 * What objects show to be the attacker's: by reference, or by the very value that a pattern looks for. They are added one by
 * one, since a submission may be larger than what is held of it; observed data alone is kept.
 */
export class Attackers {
  readonly #ids = new Set<string>();
  readonly #values = new Set<string>();
  readonly #observed: StixObject[] = [];
  #isComplete = true;

  static in(objects: Iterable<StixObject>): Attackers {
    const attackers = new Attackers();
    for (const object of objects) attackers.add(object);
    return attackers;
  }

  /** `keys`: where somebody worked them out already. */
  add(object: StixObject, keys?: readonly string[]): void {
    this.#isComplete = false;
    if (object.type === "indicator") for (const key of keys ?? keysOf(object)) this.#values.add(key);
    if (object.type === "observed-data") this.#observed.push(object);
    for (const id of attackedFrom(object)) this.#ids.add(id);
  }

  has(object: StixObject): boolean {
    if (!this.#isComplete) this.#complete();
    return this.#ids.has(object.id) || keysOf(object).some((key) => this.#values.has(key));
  }

  /** What was observed at an attacker's is, whichever of both was added first. */
  #complete(): void {
    const theirs = this.#observed.filter(({ id }) => this.#ids.has(id));
    for (const id of theirs.flatMap((one) => refs(one.object_refs))) this.#ids.add(id);
    this.#isComplete = true;
  }
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
function addWhatBelongs(objects: readonly StixObject[], victims: Set<string>, attackers: Attackers): void {
  const byId = Map.groupBy(objects, ({ id }) => id);
  const waiting = [...victims];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const part of (byId.get(id) ?? []).flatMap(partsOf)) {
      const known = byId.get(part) ?? [];
      if (victims.has(part) || known.some((one) => attackers.has(one))) continue;
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
