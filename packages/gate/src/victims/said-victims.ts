import type { Victims } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import type { PlannedVictims } from "../context/release-item.ts";
import type { NewVictim } from "../store/victim.ts";
import type { Gathered } from "./gathered.ts";
import { KnownVictims, NO_VICTIMS } from "./known-victims.ts";
import { isOfInterest } from "./names-of.ts";
import { Spreading, type VictimLink } from "./spreading.ts";

/** What is known to be victims' once some objects are stated. */
export type SaidVictims = {
  known: KnownVictims;
  /** What comes of what is called so outright, and stands. */
  standing(called: readonly string[]): StandingVictims;
  /** Parts of a victim's things that are an attacker's, and so no victim's. */
  attackers: ReadonlySet<string>;
  /** Whether nothing of it has changed shows here. */
  fingerprint: string;
};

/** `newly`: names of which it was not known. `links`: what is a victim's with another. `spread`: known names that now have theirs. */
type StandingVictims = {
  newly: readonly NewVictim[];
  links: readonly VictimLink[];
  spread: readonly string[];
};

const NOBODY: ReadonlySet<string> = new Set();
const NO_PLAN: PlannedVictims = { ...NO_VICTIMS, attackers: NOBODY };

/**
 * Reads what a producer called victims', these objects among all that it stated: the parts of what was observed at a
 * victim's are a victim's, whichever of them was stated first, but for what the producer shows to be the attacker's.
 * `planned`: what a submission shows to be a victim's or the attacker's, of which these objects are a batch.
 */
export async function readVictims(
  db: Queryable,
  producer: number,
  said: Gathered,
  planned: PlannedVictims = NO_PLAN,
): Promise<SaidVictims> {
  const before = await KnownVictims.read(db, producer, said.names);
  const { outright } = said;
  const roots = new Set([...outright, ...[...before.all.names].filter(isOfInterest)]);
  if (roots.size === 0)
    return { known: before, standing: nothing, attackers: NOBODY, fingerprint: before.fingerprint };
  const spreading = new Spreading({ db, producer, said, planned, known: before.rows });
  const links = await spreading.from(roots, outright);
  const { newly } = standing(outright, links, spreading);
  const fingerprint = JSON.stringify([before.fingerprint, links, newly.map(({ name }) => name).sort()]);
  return {
    known: before.with(victimsOf(outright, links, spreading)),
    standing: (called) => standing(new Set(called), links, spreading),
    attackers: spreading.attackers,
    fingerprint,
  };
}

function nothing(): StandingVictims {
  return { newly: [], links: [], spread: [] };
}

/** A statement that was refused leads nowhere. */
function standing(
  outright: ReadonlySet<string>,
  links: readonly VictimLink[],
  spreading: Spreading,
): StandingVictims {
  const { names, named } = victimsOf(outright, links, spreading);
  const all = [...names].map((name) => ({ name, outright: named.has(name) }));
  return {
    newly: all.filter((one) => !spreading.isKnown(one.name, one.outright)),
    links: links.filter(({ whole }) => names.has(whole) || spreading.isKnown(whole, false)),
    spread: spreading.late,
  };
}

/** All names that are victims' by it; those in `named`, outright. A link to a whole comes before those from it. */
function victimsOf(
  outright: ReadonlySet<string>,
  links: readonly VictimLink[],
  spreading: Spreading,
): Victims {
  const [names, named] = [new Set(outright), new Set(outright)];
  for (const { whole, part, same } of links) {
    if (!names.has(whole) && !spreading.isKnown(whole, false)) continue;
    names.add(part);
    if (same && (named.has(whole) || spreading.isKnown(whole, true))) named.add(part);
  }
  return { names, named };
}
