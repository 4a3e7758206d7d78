import { AppError } from "@suar/contract";
import type { PoolClient } from "@suar/runtime";
import { timestampFromDate } from "@suar/stix";
import { entryLeaf } from "./leaf.ts";
import type { ReleaseContext } from "./release-item.ts";
import { internAudience, selectAudience } from "./store/audience.ts";
import { insertEnvelope } from "./store/release.ts";
import { eraseRenditions } from "./store/rendition.ts";
import { lockProducer, markWithdrawn, selectVersions } from "./store/version.ts";

/**
 * Takes back what a producer stated about an id: every version's body is erased from its renditions in this
 * transaction, and one `withdrawn` entry goes to everybody who was ever sent any of them. Throws `not-found`
 * or `already-withdrawn`. Nobody else's assertion about the id is touched.
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
  await eraseRenditions(
    db,
    live.map((one) => one.rendition_id),
    timestampFromDate(at),
  );
  const members = await selectAudience(db, [...new Set(versions.map((version) => version.audience_id))]);
  const audienceId = await internAudience(db, context.gate, [...members.values()].flat());
  const newest = live.reduce((best, one) => (one.rank > best.rank ? one : best));
  const { rendition_id: renditionId, content_hash: hash } = newest;
  const leaf = entryLeaf(context.gate.leafKey, {
    kind: "withdrawn",
    producer: context.producer.id,
    stixId,
    hash,
    audienceId,
    renditionId,
  });
  await insertEnvelope(db, [{ kind: "withdrawn", renditionId, audienceId, leaf }]);
  return { at, versions: live.length };
}
