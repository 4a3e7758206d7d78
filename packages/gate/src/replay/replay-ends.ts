import { type Organisation, PUBLIC } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { readStatedVersions, type StatedVersion } from "../anew/stated-version.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import { ascending, readSights, type Sight } from "../copies/sights.ts";
import { Decisions, isTie } from "../decide/decisions.ts";
import { factsOf, type ObjectFacts } from "../decide/subject-of.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { Names } from "../judge/names.ts";

type NamesAndCounts = Readonly<{ names: Names; individuals: ReadonlyMap<string, number> }>;
type SightsOf = ReadonlyMap<string, Sight>;

/** Of what a page names, who has it, and who would have it under the changed policies. */
type BothSights = { before: SightsOf; after: SightsOf };

/** So many ends are decided at once: one object may name thousands. */
const ENDS_AT_ONCE = 250;

/**
 * A relationship is withheld with its ends (STIX 2.1 §5), so that a policy that takes away an end takes it away, too.
 * Ends that others stated are taken as they are: their producers decide of them.
 */
export async function sightsUnderBoth(
  db: Queryable,
  [old, young]: readonly [ReleaseContext, ReleaseContext],
  recipients: readonly Organisation[],
  page: readonly Stated[],
  { names, individuals }: NamesAndCounts,
  all: Pick<ReleaseContext, "producer" | "organisations">,
): Promise<BothSights> {
  const sights = await readSights(db, all, [...names.all]);
  const both = { before: new Map(sights), after: new Map(sights) };
  const ties = page.filter(({ object }) => isTie(object.type));
  const ends = new Set(ties.flatMap(({ object }) => names.of(object)));
  const own = [...ends].filter((id) => sights.get(id)?.own === true);
  for (let at = 0; at < own.length; at += ENDS_AT_ONCE) {
    const stated = await readStated(db, old, own.slice(at, at + ENDS_AT_ONCE));
    const endNames = new Names(stated.map(({ object }) => object));
    const known = { sights: await readSights(db, all, [...endNames.all]), individuals };
    const decisions = [new Decisions(old, known, endNames), new Decisions(young, known, endNames)];
    for (const [id, versions] of Map.groupBy(stated, ({ version }) => version.stix_id)) {
      const sight = sights.get(id);
      const [had, has] = decisions.map((each) => leaveOf(each, versions));
      if (sight === undefined || had === undefined || has === undefined) continue;
      both.before.set(id, changed(sight, { had, has: had }, recipients));
      both.after.set(id, changed(sight, { had, has }, recipients));
    }
  }
  return both;
}

/** A version, and what policy asks of it. */
export type Stated = StatedVersion & { facts: ObjectFacts };

export async function readStated(
  db: Queryable,
  context: ReleaseContext,
  ids: readonly string[],
  isWanted?: (version: KnownVersion) => boolean,
): Promise<Stated[]> {
  const stated = await readStatedVersions(db, context, ids, isWanted);
  return stated.map((one) => ({ ...one, facts: factsOf(one.object, one.victims) }));
}

/** Who may have any of the versions: true where nobody is asked first. */
type Leave = ReadonlyMap<number, boolean>;

function leaveOf(decisions: Decisions, versions: readonly Stated[]): Leave {
  const leave = new Map<number, boolean>();
  for (const version of versions)
    for (const [reader, { approvers }] of decisions.outcomes(version).outcomes)
      leave.set(reader, leave.get(reader) === true || approvers.length === 0);
  return leave;
}

/** The same with those who would gain or lose it; of the public, and of whoever stands for any agency, nobody keeps who has what. */
function changed(
  sight: Sight,
  { had, has }: { had: Leave; has: Leave },
  recipients: readonly Organisation[],
): Sight {
  const ids = recipients.map(({ id }) => id);
  const lost = ids.filter((id) => had.has(id) && (!has.has(id) || (had.get(id) === true && !has.get(id))));
  const gained = ids.filter((id) => has.get(id) === true && (had.get(id) !== true || id <= PUBLIC.id));
  const [first, ...others] = sight.copies.map(({ id, readers }) => {
    return { id, readers: readers.filter((reader) => !lost.includes(reader)) };
  });
  if (first === undefined) return sight;
  return {
    own: sight.own,
    copies: [{ ...first, readers: ascending([...first.readers, ...gained]) }, ...others],
  };
}
