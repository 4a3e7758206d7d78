import { joinLimits, ownMarkings } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { keysOf, type StixObject } from "@suar/stix";
import { type Addressed, statements } from "../context/addressing.ts";
import type { ReleaseContext, ReleaseItem } from "../context/release-item.ts";
import { type Readers, readSights, type Sight } from "../copies/sights.ts";
import { type Decision, Decisions } from "../decide/decisions.ts";
import { factsOf, type ObjectFacts } from "../decide/subject-of.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { underMarking } from "../judge/marked.ts";
import { Names } from "../judge/names.ts";
import { lockIndividuals } from "../store/individuals.ts";
import { selectBodies } from "../store/rendition.ts";
import { KnownVictims } from "../victims/known-victims.ts";

/** A version that was released, and what is decided of it now. */
export type Anew = {
  version: KnownVersion;
  /** As it would be handed to the gate now. */
  item: ReleaseItem;
  decision: Decision;
  names: Names;
  decisions: Decisions;
  /** Who may know of what it names. */
  sights: ReadonlyMap<string, Sight>;
};

type How = {
  /** What its originator said of the object later, the newest first. */
  since: readonly KnownVersion[];
  /** Who has any copy of it. */
  holders: Readers;
  naming: Naming;
};

/** Which things an object names to whoever has them: also as copies, as they are alone, or none to anybody but its producer. */
export type Naming = "copies" | "wholes" | "nothing";

/**
 * Decides a stored version by the policies, the directory and the markings of this moment: its own marking and limits or its
 * producer's latest for the id, whichever are stricter; for all whom its originator addressed it to, then or in the newer
 * versions `since`, the newest first. Whoever writes by it holds the producer's lock. Undefined where nothing is left of the version.
 */
export async function decideAnew(
  db: Queryable,
  context: ReleaseContext,
  version: KnownVersion,
  { since, holders, naming }: How,
): Promise<Anew | undefined> {
  const body = (await selectBodies(db, [version.rendition_id])).get(version.rendition_id)?.body;
  if (body === undefined || version.withdrawn_at !== null) return undefined;
  const object = JSON.parse(body) as StixObject;
  const names = new Names([object]);
  const known = await readSights(db, context, [...names.all]);
  const sights = naming === "copies" ? known : narrowed(names, known, naming, context.producer.id);
  const individuals = await lockIndividuals(db, context);
  const { tlp, pap, limits, sayings } = saidByNow(context, version, { since, holders });
  const item: ReleaseItem = {
    kind: version.kind,
    object,
    tlp,
    pap,
    to: version.named ?? [],
    limits,
    contentHash: version.content_hash,
    generated: false,
    keys: keysOf(object),
  };
  const victims = (await KnownVictims.read(db, context.producer.id, [object])).of(
    object,
    wasVictims(version, since),
  );
  const counted = withoutOwn(individuals, factsOf(object, victims), importersOf(context, holders));
  const decisions = new Decisions(context, { sights, individuals: counted }, names);
  const decision = decisions.of(object, sayings, victims);
  return {
    version,
    item,
    decision,
    names,
    decisions,
    sights,
  };
}

/** Whether this version was decided as a victim's, or one after it. */
export function wasVictims(version: KnownVersion, since: readonly KnownVersion[]): boolean {
  return version.is_victims || since.some((newer) => newer.is_victims);
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
  { findings }: Pick<ObjectFacts, "findings">,
  importers: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const own = findings.reduce((sum, finding) => sum + finding.individuals, 0);
  if (own === 0) return individuals;
  const left = (importer: string, count: number): number =>
    importers.has(importer) ? Math.max(0, count - own) : count;
  return new Map([...individuals].map(([importer, count]) => [importer, left(importer, count)]));
}

export function importersOf(
  { organisations }: Pick<ReleaseContext, "organisations">,
  holders: Readers,
): Set<string> {
  const have = new Set(holders);
  return new Set(organisations.flatMap(({ id, member }) => (have.has(id) ? [member] : [])));
}

/** Under which marking and limits, and to whom, its originator says a version by now: once for each way of saying it. */
export function saidByNow(
  context: ReleaseContext,
  version: KnownVersion,
  { since, holders }: Pick<How, "since" | "holders">,
): Pick<ReleaseItem, "tlp" | "pap" | "limits"> & {
  sayings: Pick<ReleaseItem, "tlp" | "pap" | "to" | "limits">[];
} {
  const [latest = version] = since;
  const { tlp = version.tlp, pap } = ownMarkings(markingOf(version), markingOf(latest));
  const addressed = [addressedBefore(context, version, holders), ...since].reduce(both);
  const limits = joinLimits(version.limits, latest.limits);
  const sayings = statements(addressed).map(({ to }) =>
    underMarking({ to, limits, tlp, pap }, version.marked, context.producer),
  );
  return { tlp, pap, limits, sayings };
}

/** An older version is for those, too, whom its originator named for a newer one. */
function both(a: Addressed, b: Addressed): Addressed {
  const named = [...(a.named ?? []), ...(b.named ?? [])];
  return {
    named: named.length === 0 ? null : [...new Set(named)].sort(),
    community: a.community || b.community,
  };
}

/** What was stated before this was kept was for those who have it. */
function addressedBefore(
  { producer, organisations }: ReleaseContext,
  { named, community }: KnownVersion,
  holders: Readers,
): Addressed {
  if (named !== null || community) return { named, community };
  const have = new Set([...holders, producer.id]);
  return { named: organisations.filter(({ id }) => have.has(id)).map(({ code }) => code), community };
}

function markingOf({ tlp, pap }: KnownVersion): {
  tlp: KnownVersion["tlp"];
  pap?: NonNullable<KnownVersion["pap"]>;
} {
  return { tlp, ...(pap !== null && { pap }) };
}
