import { keysOf, type StixObject } from "@suar/stix";
import { refs } from "./holding.ts";

/** Infrastructure that is a victim's. */
export type Harmed = Pick<ReadonlySet<string>, "has">;

const NOBODY: ReadonlySet<string> = new Set();

/**
 * What objects show to be the attacker's: by reference, or by the very value that a pattern looks for. They are added one by
 * one, since a submission may be larger than what is held of it; observed data alone is kept. Infrastructure is whose it is
 * said to be, perhaps later: what it uses is the attacker's unless it is a victim's.
 */
export class Attackers {
  readonly #ids = new Set<string>();
  readonly #values = new Set<string>();
  readonly #observed: StixObject[] = [];
  /** Of what infrastructure alone uses, which infrastructure. */
  readonly #users = new Map<string, Set<string>>();
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
    for (const id of usedBy(object)) this.#use(id, String(object.source_ref));
  }

  /** What observed data holds in itself has no id. */
  has(object: Omit<StixObject, "id"> & { id?: string }, harmed: Harmed = NOBODY): boolean {
    if (object.id !== undefined && this.hasId(object.id, harmed)) return true;
    return keysOf(object as StixObject).some((key) => this.#values.has(key));
  }

  hasId(id: string, harmed: Harmed = NOBODY): boolean {
    if (this.isOutright(id)) return true;
    return !harmed.has(id) && [...(this.#users.get(id) ?? [])].some((user) => !harmed.has(user));
  }

  /** Whether something that is an attacker's whatever else is said leads to it. */
  isOutright(id: string): boolean {
    if (!this.#isComplete) this.#complete();
    return this.#ids.has(id);
  }

  #use(id: string, user: string): void {
    const users = this.#users.get(id);
    if (users === undefined) this.#users.set(id, new Set([user]));
    else users.add(user);
  }

  /** What was observed at an attacker's is, whichever of both was added first. */
  #complete(): void {
    for (const { id, object_refs: parts } of this.#observed)
      for (const part of refs(parts)) {
        if (this.#ids.has(id)) this.#ids.add(part);
        for (const user of this.#users.get(id) ?? []) this.#use(part, user);
      }
    this.#isComplete = true;
  }
}

const ATTACKING = /^(?:attack-pattern|campaign|indicator|intrusion-set|malware|threat-actor|tool)--/;
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

export function isInfrastructure(id: string): boolean {
  return id.startsWith("infrastructure--");
}

function attackedFrom(object: StixObject): readonly string[] {
  if (object.type === "email-message") return [...refs(object.from_ref), ...refs(object.sender_ref)];
  return uses(object) && ATTACKING.test(String(object.source_ref)) ? refs(object.target_ref) : [];
}

function usedBy(object: StixObject): readonly string[] {
  return uses(object) && isInfrastructure(String(object.source_ref)) ? refs(object.target_ref) : [];
}

function uses({ type, relationship_type: kind }: StixObject): boolean {
  return type === "relationship" && USES.has(kind);
}
