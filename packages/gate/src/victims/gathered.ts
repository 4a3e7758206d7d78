import { Attackers, calledVictims, holdingOf, isInfrastructure } from "@suar/policy";
import type { StixObject } from "@suar/stix";
import type { ReleaseItem } from "../context/release-item.ts";
import { isChanged, isOfInterest, victimNamesOf } from "./names-of.ts";

/** An object with its canonical observable keys. */
export type Stated = Pick<ReleaseItem, "object" | "keys">;

/**
 * What objects of one submission, or of a batch of it, say of victims. They are added one by one and let go: only what can be
 * a victim's, or hold what is, is kept.
 */
export class Gathered {
  /** By which names something that was stated before may speak of any of them. */
  readonly names = new Set<string>();
  /** What they call a victim's. */
  readonly outright = new Set<string>();
  /** What can be, or hold, a victim's. */
  readonly objects: StixObject[] = [];
  readonly attackers = new Attackers();

  static in(all: Iterable<Stated>): Gathered {
    const gathered = new Gathered();
    for (const stated of all) gathered.add(stated);
    return gathered;
  }

  add({ object, keys }: Stated): void {
    for (const name of victimNamesOf(object)) this.names.add(name);
    for (const name of wholesOf(object)) this.names.add(name);
    for (const id of calledOf(object)) this.outright.add(id);
    this.attackers.add(object, keys);
    const kept = keptOf(object);
    if (kept !== undefined) this.objects.push(kept);
  }
}

/** Whose parts it speaks of: of what is known of these depends what it tells. */
function wholesOf(object: StixObject): readonly string[] {
  const { whole, parts } = holdingOf(object);
  const source = String(object.source_ref);
  if (object.type === "relationship" && isInfrastructure(source)) return [source];
  return parts.length > 0 ? [whole] : [];
}

/** Of a name that is somebody's no more than leads on. */
function keptOf(object: StixObject): StixObject | undefined {
  const { type, id, value, resolves_to_refs } = object;
  if (type === "domain-name")
    return { type, id, value, ...(resolves_to_refs !== undefined && { resolves_to_refs }) };
  return isChanged(id) || holdingOf(object).parts.length > 0 ? object : undefined;
}

/** What an object calls a victim's outright, as far as it changes what is told of it. */
export function calledOf(object: StixObject): string[] {
  return calledVictims(object).filter(isOfInterest);
}
