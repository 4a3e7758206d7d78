import { AppError } from "@suar/contract";
import type { PoolClient } from "@suar/runtime";
import { timestampFromDate } from "@suar/stix";
import type { KnownVersion } from "./judge.ts";
import { entryLeaf } from "./leaf.ts";
import type { ReleaseContext } from "./release-item.ts";
import { internAudience, selectAudience } from "./store/audience.ts";
import { insertEnvelope, type SealedEntry } from "./store/release.ts";
import { eraseRenditions } from "./store/rendition.ts";
import { lockProducer, markWithdrawn, selectVersions } from "./store/version.ts";

/**
 * Takes back what a producer stated about an id: every version's body is erased from its renditions in this
 * transaction, and one `withdrawn` entry for each id that renditions bear goes to everybody who was ever sent one
 * of them. Throws `not-found` or `already-withdrawn`. Nobody else's assertion about the id is touched.
 */
export async function withdraw(
  db: PoolClient,
  context: ReleaseContext,
  stixId: string,
): Promise<{ at: Date; versions: number }> {
  await lockProducer(db, context.gate.realm, context.producer.id);
  const versions = (await selectVersions(db, context.producer.id, [stixId])).get(stixId) ?? [];
  if (versions.length === 0)
    throw new AppError("not-found", "Your organisation stated nothing about this id");
  const live = versions.filter((version) => version.withdrawn_at === null);
  if (live.length === 0) throw new AppError("already-withdrawn");
  const at = await markWithdrawn(db, context.producer.id, stixId);
  const erased = live.flatMap(copiesOf).map(({ renditionId }) => renditionId);
  await eraseRenditions(db, erased, timestampFromDate(at));
  const entries: SealedEntry[] = [];
  for (const copies of byShownId(versions).values()) {
    const entry = await withdrawnEntry(db, context, copies);
    if (entry !== undefined) entries.push(entry);
  }
  await insertEnvelope(db, entries);
  return { at, versions: live.length };
}

type SentCopy = { id: string; renditionId: number; audienceId: number; version: KnownVersion };

/** What was sent of a version: the whole of it, and its redacted renditions. */
function copiesOf(version: KnownVersion): SentCopy[] {
  const { stix_id: id, rendition_id: renditionId, audience_id: audienceId, redactions } = version;
  const redacted = redactions.map((one): SentCopy => {
    return { id: one.shown_id, renditionId: one.rendition_id, audienceId: one.audience_id, version };
  });
  return [{ id, renditionId, audienceId, version }, ...redacted];
}

function byShownId(versions: readonly KnownVersion[]): Map<string, SentCopy[]> {
  const copies = new Map<string, SentCopy[]>();
  for (const copy of versions.flatMap(copiesOf)) copies.set(copy.id, [...(copies.get(copy.id) ?? []), copy]);
  return copies;
}

/** Under the newest rendition that bears the id and is not withdrawn yet; undefined when all were before. */
async function withdrawnEntry(
  db: PoolClient,
  { gate, producer }: ReleaseContext,
  copies: readonly SentCopy[],
): Promise<SealedEntry | undefined> {
  const live = copies.filter(({ version }) => version.withdrawn_at === null);
  if (live.length === 0) return undefined;
  const newest = live.reduce((best, one) => (one.version.rank > best.version.rank ? one : best));
  const members = await selectAudience(db, [...new Set(copies.map(({ audienceId }) => audienceId))]);
  const audienceId = await internAudience(db, gate, [...members.values()].flat());
  const { id: stixId, renditionId, version } = newest;
  const fields = { producer: producer.id, stixId, hash: version.content_hash, audienceId, renditionId };
  return {
    kind: "withdrawn",
    renditionId,
    audienceId,
    leaf: entryLeaf(gate.leafMac, { kind: "withdrawn", ...fields }),
  };
}
