import type { Queryable } from "@suar/runtime";
import { withApprovals } from "../approvals/agreed-before.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import { copiesSent, type Lost, lostOf } from "../send/lost.ts";
import type { ClosedEarly } from "../store/closed.ts";
import { selectBodies } from "../store/rendition.ts";
import { selectSizes, type VersionSize } from "../store/size.ts";
import { cutParts, type Part } from "./cut-parts.ts";
import { type Anew, decideTogether, type Naming } from "./decide-anew.ts";
import { type ReadVersions, readVersions, stateAmong } from "./stated-version.ts";

/** A version, what is decided of it now, and who would lose which copy by that. */
export type Ahead = { anew: Anew; lost: readonly Lost[] };

/** Some versions, of each id the newest first; `isWhole`: all that stand of their ids, else some of one id's. */
export type AheadPart = { all: readonly Ahead[]; isWhole: boolean };

/** So many objects are read and decided together. */
export const MOST_AHEAD = 100;

/**
 * What becomes of objects of one producer, by the decision by which `reevaluate` does it; writes nothing. It comes in
 * parts of which each is small: whoever is done with one lets it go.
 */
export async function* lookAhead(
  db: Queryable,
  context: ReleaseContext,
  ids: readonly string[],
): AsyncGenerator<AheadPart, void, undefined> {
  yield* lookAtParts(db, context, cutParts(await selectSizes(db, context.producer.id, ids)));
}

/** The same in parts that are cut already. */
export async function* lookAtParts(
  db: Queryable,
  context: ReleaseContext,
  parts: readonly Part[],
  naming?: Naming,
): AsyncGenerator<AheadPart, void, undefined> {
  let read: ReadVersions | undefined;
  for (const part of parts) {
    const some = [...new Set(part.versions.map(({ stix_id: id }) => id))];
    // Of what has more versions than are a part, these are read once.
    if (part.isWhole || read?.byId.has(some[0] ?? "") !== true) read = await readVersions(db, context, some);
    yield { isWhole: part.isWhole, all: await lookAtPart(db, context, read, { part, naming }) };
  }
}

async function lookAtPart(
  db: Queryable,
  context: ReleaseContext,
  read: ReadVersions,
  { part, naming }: { part: Part; naming: Naming | undefined },
): Promise<Ahead[]> {
  const wanted = new Set(part.versions.map(placeOf));
  const stated = await stateAmong(db, context, read, (version) => wanted.has(placeOf(version)));
  const decided = await decideTogether(db, context, stated, naming);
  const bodies = await selectBodies(db, decided.flatMap(copiesSent));
  const all = await withApprovals(db, context, decided);
  return all.map((anew) => ({ anew, lost: lostOf(anew, bodies) }));
}

/** The copies that readers would lose. */
export function lostAmong({ all }: AheadPart): ClosedEarly[] {
  return all.flatMap(({ anew, lost }) =>
    lost.map(({ sent: { renditionId }, readers }) => ({
      stixId: anew.version.stix_id,
      renditionId,
      readers,
    })),
  );
}

function placeOf({ stix_id, version }: Pick<VersionSize, "stix_id" | "version">): string {
  return `${stix_id} ${version}`;
}
