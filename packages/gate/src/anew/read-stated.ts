import type { Victims } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import type { ReleaseContext, ReleaseItem } from "../context/release-item.ts";
import { factsOf, type ObjectFacts } from "../decide/subject-of.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { selectBodies } from "../store/rendition.ts";
import { hasMore, selectEveryVersion, selectVersions } from "../store/version.ts";
import { KnownVictims } from "../victims/known-victims.ts";
import { importersOf, saidByNow, wasVictims } from "./decide-anew.ts";
import { SentBefore } from "./sent-before.ts";

/** A stored version as its originator says it by now: what `decideAnew` decides, many at a time and without a lock. */
export type Stated = {
  version: KnownVersion;
  object: StixObject;
  facts: ObjectFacts;
  sayings: Pick<ReleaseItem, "tlp" | "pap" | "to">[];
  victims: Victims | undefined;
  /** To which jurisdictions it told of its people before. */
  importers: ReadonlySet<string>;
};

/** Of these ids of one producer, the versions that are wanted; what was taken back is not there. */
export async function readStated(
  db: Queryable,
  context: ReleaseContext,
  ids: readonly string[],
  isWanted: (version: KnownVersion) => boolean,
): Promise<Stated[]> {
  const versions = await selectVersions(db, context.producer.id, ids);
  const wanted: { version: KnownVersion; since: readonly KnownVersion[] }[] = [];
  for (const [id, known] of versions) {
    const all = known.some(hasMore) ? await selectEveryVersion(db, context.producer.id, id) : known;
    const live = all.filter((one) => one.withdrawn_at === null).sort((a, b) => b.rank - a.rank);
    for (const [n, version] of live.entries())
      if (isWanted(version)) wanted.push({ version, since: live.slice(0, n) });
  }
  const bodies = await selectBodies(
    db,
    wanted.map(({ version }) => version.rendition_id),
  );
  const byId = Map.groupBy(wanted, ({ version }) => version.stix_id);
  const sent = await SentBefore.read(
    db,
    new Map([...byId].map(([id, all]) => [id, all.map(({ version }) => version)])),
  );
  const left = wanted.flatMap(({ version, since }) => {
    const body = bodies.get(version.rendition_id)?.body;
    return body === undefined ? [] : [{ version, since, object: JSON.parse(body) as StixObject }];
  });
  const known = await KnownVictims.read(
    db,
    context.producer.id,
    left.map(({ object }) => object),
  );
  return left.map(({ version, since, object }): Stated => {
    const holders = sent.of(version).flatMap(({ readers }) => readers);
    const { sayings } = saidByNow(context, version, { since, holders });
    const victims = known.of(object, wasVictims(version, since));
    const importers = importersOf(context, holders);
    return { version, object, facts: factsOf(object, victims), sayings, victims, importers };
  });
}
