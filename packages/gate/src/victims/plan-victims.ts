import { findVictims } from "@suar/policy";
import { type Queryable, Slices } from "@suar/runtime";
import type { JudgeContext, PlannedVictims } from "../context/release-item.ts";
import { Gathered, type Stated } from "./gathered.ts";
import { readVictims } from "./said-victims.ts";

type Pages = AsyncIterable<readonly Stated[]> | Iterable<readonly Stated[]>;

/**
 * All that is a victim's of a whole submission, before any of it is released: by what it says itself, and by what its
 * producer stated before. An address of mail of which the submission does not show that it is the attacker's is taken for
 * a victim's. Its objects come a page at a time, and most are let go.
 */
export async function planVictims(
  db: Queryable,
  { producer }: Pick<JudgeContext, "producer">,
  pages: Pages,
): Promise<PlannedVictims> {
  const said = new Gathered();
  const slices = new Slices();
  for await (const page of pages)
    for (const stated of page) {
      if (slices.over) await slices.next();
      said.add(stated);
    }
  const { known, attackers } = await readVictims(db, producer.id, said);
  const harmed = findVictims(said.objects, said.attackers, known.all.names);
  const mail = [...harmed].filter((id) => id.startsWith("email-addr--"));
  return { names: new Set([...known.all.names, ...mail]), named: known.all.named, attackers };
}
