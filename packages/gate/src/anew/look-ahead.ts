import type { Queryable } from "@suar/runtime";
import { withApprovals } from "../approvals/agreed-before.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import { againSend } from "../judge/judge-release.ts";
import { copiesSent, type Lost, lostOf } from "../send/take-away.ts";
import { type ClosedEarly, selectClosedEarly } from "../store/closed.ts";
import { selectAwaited } from "../store/pending.ts";
import { selectBodies } from "../store/rendition.ts";
import { selectSizes, type VersionSize } from "../store/size.ts";
import { type Anew, decideTogether } from "./decide-anew.ts";
import { readStandingVersions } from "./standing-version.ts";

/** A version, what is decided of it now, and who would lose which copy by that. */
export type Ahead = { anew: Anew; lost: readonly Lost[] };

/** So many objects are read and decided together. */
export const MOST_AHEAD = 100;
/** Of as many bytes of bodies at once; or of one version with its copies, whatever they come to. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * What would become of objects of one producer, by the decision by which `reevaluate` does it; writes nothing. It comes in
 * parts of which each is small: whoever is done with one lets it go.
 */
export async function* lookAhead(
  db: Queryable,
  context: ReleaseContext,
  ids: readonly string[],
): AsyncGenerator<Ahead[], void, undefined> {
  for (const part of cutBySize(await selectSizes(db, context.producer.id, ids)))
    yield await lookAtPart(db, context, part);
}

async function lookAtPart(
  db: Queryable,
  context: ReleaseContext,
  part: readonly VersionSize[],
): Promise<Ahead[]> {
  const wanted = new Set(part.map(placeOf));
  const ids = [...new Set(part.map(({ stix_id }) => stix_id))];
  const standing = await readStandingVersions(db, context, ids, (version) => wanted.has(placeOf(version)));
  const all = await decideTogether(db, context, standing);
  const bodies = await selectBodies(db, all.flatMap(copiesSent));
  const ahead: Ahead[] = [];
  for (const one of all) {
    const decision = isAskedOfHolders(one) ? await withApprovals(db, context, one) : one.decision;
    const anew = { ...one, decision };
    ahead.push({ anew, lost: lostOf(anew, bodies) });
  }
  return ahead;
}

/** The copies that readers would lose. */
export function lostAmong(ahead: readonly Ahead[]): ClosedEarly[] {
  return ahead.flatMap(({ anew, lost }) =>
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

/** In the order given, each part as large as it may be. */
function cutBySize(sizes: readonly VersionSize[]): VersionSize[][] {
  const parts: VersionSize[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const one of sizes) {
    if (bytes + one.bytes > MOST_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(one);
    bytes += one.bytes;
  }
  return parts;
}

/** What others agreed to before stays, where the very same is asked. */
function isAskedOfHolders({ decision, sent }: Anew): boolean {
  if (decision.asking.length === 0) return false;
  const holders = new Set(sent.flatMap(({ readers }) => readers));
  return decision.asking.some(({ readers }) => readers.some((reader) => holders.has(reader)));
}

/** Of these, the objects of which nothing changes: nobody loses, gets or waits for any of their versions. */
export async function findSettled(
  db: Queryable,
  context: ReleaseContext,
  ids: readonly string[],
): Promise<Set<string>> {
  const settled = new Set(ids);
  for (const id of await selectAwaited(db, context.producer.id, ids)) settled.delete(id);
  for await (const ahead of lookAhead(db, context, ids)) {
    const renditions = ahead.flatMap(({ anew }) => anew.sent.map(({ renditionId }) => renditionId));
    const early = await selectClosedEarly(db, renditions);
    for (const { anew, lost } of ahead) {
      const isEarly = anew.sent.some(({ renditionId }) => early.has(renditionId));
      if (isEarly || lost.length > 0 || isDue(context, anew)) settled.delete(anew.version.stix_id);
    }
  }
  return settled;
}

/** Something is to be sent of it, asked, or kept: that it is a victim's, or the end that it has. */
function isDue(context: ReleaseContext, { version, item, decision, before, victims }: Anew): boolean {
  if (decision.asking.length > 0 || item.limits?.expires !== undefined) return true;
  if (victims !== undefined && !version.is_victims) return true;
  const one = { kind: "again", item, index: 0, version } as const;
  return againSend(context, one, decision, before).copies.length > 0;
}
