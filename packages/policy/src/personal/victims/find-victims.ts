import type { StixObject } from "@suar/stix";
import { isOwnSighting } from "../../own-sighting.ts";
import { Attackers, type Harmed, isInfrastructure } from "./attackers.ts";
import { holdingOf, refs } from "./holding.ts";

const NOBODY: ReadonlySet<string> = new Set();

/**
 * The ids that a staged submission shows to be victims': what a relationship says is targeted or compromised,
 * where a sighting was made, what an incident's impacts name, to whom a mail went, what was observed at a victim's,
 * of what a victim's infrastructure consists and to what its domains resolve.
 *
 * E-mail addresses of which nobody says that they are the attacker's are among them: personal data is stripped by
 * default. It is the attacker's what an indicator is based on or looks for, from where a mail came, and what malware, an
 * actor or infrastructure uses that is no victim's. `known`: what was said to be a victim's before.
 */
export function findVictims(
  objects: Iterable<StixObject>,
  attackers = Attackers.in(objects),
  known: ReadonlySet<string> = NOBODY,
): Set<string> {
  const all = [...objects];
  const held = partsByWhole(all);
  const called = all.flatMap(calledVictims);
  const harmed = infrastructureOf([...called, ...known], held, attackers);
  const mail = all.filter((one) => one.type === "email-addr" && !attackers.has(one, harmed));
  const victims = new Set([...called, ...mail.map(({ id }) => id)]);
  const byId = Map.groupBy(all, ({ id }) => id);
  const isTheirs = (id: string): boolean =>
    attackers.hasId(id, harmed) || (byId.get(id) ?? []).some((one) => attackers.has(one, harmed));
  addWhatBelongs(victims, held, isTheirs);
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
      return [
        ...(isOwnSighting(object) ? [] : refs(object.where_sighted_refs)),
        ...refs(object.observed_data_refs),
      ];
    case "impact":
      return refs(object.impacted_refs);
    case "email-message":
      return [...refs(object.to_refs), ...refs(object.cc_refs), ...refs(object.bcc_refs)];
    default:
      return [];
  }
}

type Parts = ReadonlyMap<string, readonly string[]>;

function partsByWhole(objects: readonly StixObject[]): Parts {
  const held = new Map<string, string[]>();
  for (const { whole, parts } of objects.map(holdingOf)) {
    const known = held.get(whole) ?? [];
    known.push(...parts);
    held.set(whole, known);
  }
  return held;
}

/** Infrastructure called a victim's, and that of which it consists: whose it is says what is an attacker's. */
function infrastructureOf(called: readonly string[], held: Parts, attackers: Attackers): Harmed {
  const harmed = new Set(called.filter(isInfrastructure));
  const isTheirs = (id: string): boolean => !isInfrastructure(id) || attackers.isOutright(id);
  addWhatBelongs(harmed, held, isTheirs);
  return harmed;
}

/** The parts of what is a victim's, and theirs; never what is the attacker's. */
function addWhatBelongs(victims: Set<string>, held: Parts, isTheirs: (id: string) => boolean): void {
  const waiting = [...victims];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const part of held.get(id) ?? []) {
      if (victims.has(part) || isTheirs(part)) continue;
      victims.add(part);
      waiting.push(part);
    }
  }
}
