import type { Queryable } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import type { ReleaseContext } from "../context/release-item.ts";
import { readSights, type Sight } from "../copies/sights.ts";
import { type Decision, Decisions } from "../decide/decisions.ts";
import { isLimited } from "../decide/individual-limits.ts";
import { factsOf } from "../decide/subject-of.ts";
import { Names } from "../judge/names.ts";
import { readIndividuals } from "../store/individuals.ts";
import type { StatedVersion } from "./stated-version.ts";

/**
 * A version that was released, and what is decided of it now. `isCounted`: it tells of people whom a quota of its producer
 * counts, so that it is decided by what was counted before it.
 */
export type Anew = StatedVersion & Surroundings & { decision: Decision; isCounted: boolean };

/** What objects are decided in beside policies and readers: what they name, and who may know of that. */
type Surroundings = {
  names: Names;
  decisions: Decisions;
  sights: ReadonlyMap<string, Sight>;
};

/** Which things an object names to whoever has them: also as copies, as they are alone, or none to anybody but its producer. */
export type Naming = "copies" | "wholes" | "nothing";

/**
 * Decides a stored version by the policies, the directory and the markings of this moment, for all whom its originator
 * addressed it to. Whoever writes by it holds the producer's lock.
 */
export async function decideAnew(
  db: Queryable,
  context: ReleaseContext,
  stated: StatedVersion,
  naming: Naming = "copies",
): Promise<Anew> {
  const [anew] = await decideTogether(db, context, [stated], naming);
  if (anew === undefined) throw new Error("a version was not decided");
  return anew;
}

/** The same of many. What is not counted shares what counts, and is sent together. */
export async function decideTogether(
  db: Queryable,
  context: ReleaseContext,
  all: readonly StatedVersion[],
  naming: Naming = "copies",
): Promise<Anew[]> {
  const { names, sights, individuals } = await readSurroundings(db, context, all, naming);
  const together = new Decisions(context, { sights, individuals }, names);
  const isCounted = isLimited(context.policies, context.producer.member);
  return all.map((stated) => {
    const { object, sayings, victims } = stated;
    const own = isCounted ? withoutOwn(individuals, stated) : individuals;
    const decisions =
      own === individuals ? together : new Decisions(context, { sights, individuals: own }, names);
    const decision = decisions.of(object, sayings, victims);
    return { ...stated, names, sights, decisions, decision, isCounted: own !== individuals };
  });
}

/** What objects name, who may know of that, and how many people were told of this year. */
export async function readSurroundings(
  db: Queryable,
  context: ReleaseContext,
  all: readonly { object: StixObject }[],
  naming: Naming = "copies",
) {
  const names = new Names(all.map(({ object }) => object));
  const known = await readSights(db, context, [...names.all]);
  const sights = naming === "copies" ? known : narrowed(names, known, naming, context.producer.id);
  return { names, sights, individuals: await readIndividuals(db, context) };
}

function narrowed(
  { all }: Names,
  known: ReadonlyMap<string, Sight>,
  naming: "wholes" | "nothing",
  producer: number,
): ReadonlyMap<string, Sight> {
  const hidden = (id: string): Sight => ({ own: true, copies: [{ id, readers: [producer] }] });
  if (naming === "nothing") return new Map([...all].map((id) => [id, hidden(id)]));
  return new Map(
    [...known].map(([id, { own, copies }]) => {
      const wholes = copies.filter((copy) => copy.id === id);
      return [id, wholes.length === 0 ? hidden(id) : { own, copies: wholes }];
    }),
  );
}

/** The people of whom it told before are not counted against it again. */
function withoutOwn(
  individuals: ReadonlyMap<string, number>,
  { object, victims, importers }: StatedVersion,
): ReadonlyMap<string, number> {
  const { findings } = factsOf(object, victims);
  const own = findings.reduce((sum, finding) => sum + finding.individuals, 0);
  if (own === 0) return individuals;
  const left = (importer: string, count: number): number =>
    importers.has(importer) ? Math.max(0, count - own) : count;
  return new Map([...individuals].map(([importer, count]) => [importer, left(importer, count)]));
}
