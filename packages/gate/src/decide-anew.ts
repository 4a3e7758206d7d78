import { ownMarkings } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { keysOf, type StixObject } from "@suar/stix";
import { type Addressed, statements } from "./addressing.ts";
import { type Decision, Decisions } from "./decisions.ts";
import type { KnownVersion } from "./judge.ts";
import { Names } from "./names.ts";
import type { ReleaseContext, ReleaseItem } from "./release-item.ts";
import { type Readers, readSights, type Sight } from "./sights.ts";
import { lockIndividuals } from "./store/individuals.ts";
import { selectBodies } from "./store/rendition.ts";

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

/**
 * Decides a stored version by the policies, the directory and the markings of this moment: its own marking or its
 * producer's latest for the id, whichever is stricter; for all whom its originator addressed it to, then or in the newer
 * versions `since`, the newest first. The caller holds the producer's lock. Undefined where nothing is left of the version.
 */
export async function decideAnew(
  db: Queryable,
  context: ReleaseContext,
  version: KnownVersion,
  { since, holders }: { since: readonly KnownVersion[]; holders: Readers },
): Promise<Anew | undefined> {
  const body = (await selectBodies(db, [version.rendition_id])).get(version.rendition_id)?.body;
  if (body === undefined || version.withdrawn_at !== null) return undefined;
  const object = JSON.parse(body) as StixObject;
  const names = new Names([object]);
  const sights = await readSights(db, context, [...names.all]);
  const individuals = await lockIndividuals(db, context.producer.member, new Date().getUTCFullYear());
  const decisions = new Decisions(context, { sights, individuals }, names);
  const { tlp, pap, sayings } = saidByNow(context, version, { since, holders });
  const item: ReleaseItem = {
    kind: version.kind,
    object,
    tlp,
    pap,
    to: version.named ?? [],
    contentHash: version.content_hash,
    generated: false,
    keys: keysOf(object),
  };
  return {
    version,
    item,
    decision: decisions.of(object, sayings, version.is_victims),
    names,
    decisions,
    sights,
  };
}

/** Under which marking, and to whom, its originator says a version by now: once for each way of saying it. */
export function saidByNow(
  context: ReleaseContext,
  version: KnownVersion,
  { since, holders }: { since: readonly KnownVersion[]; holders: Readers },
): Pick<ReleaseItem, "tlp" | "pap"> & { sayings: Pick<ReleaseItem, "tlp" | "pap" | "to">[] } {
  const [latest = version] = since;
  const { tlp = version.tlp, pap } = ownMarkings(markingOf(version), markingOf(latest));
  const addressed = [addressedBefore(context, version, holders), ...since].reduce(both);
  return { tlp, pap, sayings: statements(addressed).map(({ to }) => ({ to, tlp, pap })) };
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
