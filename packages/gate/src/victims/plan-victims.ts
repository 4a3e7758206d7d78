import { findVictims } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import type { JudgeContext, PlannedVictims } from "../context/release-item.ts";
import { readVictims } from "./said-victims.ts";

/**
 * All that is a victim's of a whole submission, before any of it is released: by what it says itself, and by what its
 * producer stated before. An address of mail of which the submission does not show that it is the attacker's is taken for
 * a victim's.
 */
export async function planVictims(
  db: Queryable,
  { producer }: Pick<JudgeContext, "producer">,
  objects: readonly StixObject[],
): Promise<PlannedVictims> {
  const { known, attackers } = await readVictims(db, producer.id, objects);
  const mail = [...findVictims(objects)].filter((id) => id.startsWith("email-addr--"));
  return { names: new Set([...known.all.names, ...mail]), named: known.all.named, attackers };
}
