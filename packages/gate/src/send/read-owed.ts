import { PUBLIC } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { selectAudience } from "../store/audience.ts";
import { selectEverSent, selectLastAsked } from "../store/recall.ts";

export type SentCopy = { id: string; renditionId: number; audienceId: number; version: KnownVersion };

/** A copy, and those who are owed a word that it is taken back. */
export type OwedCopy = SentCopy & { readers: readonly number[] };

/** What was sent of a version: the whole of it, and its redacted renditions. */
export function copiesOf(version: KnownVersion): SentCopy[] {
  const { stix_id: id, rendition_id: renditionId, audience_id: audienceId, redactions } = version;
  const redacted = redactions.map((one): SentCopy => {
    return { id: one.shown_id, renditionId: one.rendition_id, audienceId: one.audience_id, version };
  });
  return [{ id, renditionId, audienceId, version }, ...redacted];
}

/**
 * Of everything that a producer ever stated about ids, who was ever sent it, whoever may see it now: they may have kept
 * it. Of what was withdrawn before, those alone of whom no recall has asked a word since.
 */
export async function readOwed(
  db: Queryable,
  { producer }: ReleaseContext,
  versions: ReadonlyMap<string, readonly KnownVersion[]>,
): Promise<OwedCopy[]> {
  const ids = [...versions.keys()];
  const copies = [...versions.values()].flat().flatMap(copiesOf);
  const sent = await selectEverSent(db, producer.id, ids);
  const have = await selectAudience(db, [...new Set(copies.map(({ audienceId }) => audienceId))]);
  const asked = await selectLastAsked(db, producer.id, ids);
  const isOwed = ({ stix_id: id, withdrawn_at: before }: KnownVersion, reader: number): boolean => {
    if (before === null) return true;
    if (reader === producer.id || reader === PUBLIC.id) return false;
    const last = asked.get(id)?.get(reader);
    return last === undefined || last < before;
  };
  return copies.flatMap((copy): OwedCopy[] => {
    const { version, renditionId, audienceId } = copy;
    const all = new Set([...(sent.get(renditionId) ?? []), ...(have.get(audienceId) ?? [])]);
    const readers = [...all].filter((reader) => isOwed(version, reader));
    return readers.length === 0 ? [] : [{ ...copy, readers: readers.sort((a, b) => a - b) }];
  });
}
