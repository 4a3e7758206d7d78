import { type Queryable, Slices } from "@suar/runtime";
import { type JudgedRelease, judgeRelease } from "./judge-release.ts";
import { entryLeaf } from "./leaf.ts";
import { newVersion } from "./new-version.ts";
import type { ReleaseContext, ReleaseItem } from "./release-item.ts";
import { internAudience } from "./store/audience.ts";
import type { SealedEntry } from "./store/release.ts";
import { renditionIds } from "./store/rendition.ts";
import type { NewVersion, Widened } from "./store/version.ts";

/** All that a release will write, and what it was judged against. */
export type PreparedRelease = Omit<JudgedRelease, "sends"> & {
  items: readonly ReleaseItem[];
  versions: NewVersion[];
  widened: Widened[];
  entries: SealedEntry[];
};

/**
 * Does all of a release's work but the writing: judges the items, serializes what is new, seals the entries.
 * Needs no lock, so that one batch is prepared while another is written; `release` looks whether it still
 * holds. What it leaves behind (ids, audiences) is harmless unused.
 */
export async function prepareRelease(
  db: Queryable,
  context: ReleaseContext,
  items: readonly ReleaseItem[],
): Promise<PreparedRelease> {
  const { sends, ...judged } = await judgeRelease(db, context, items);
  const ids = await renditionIds(db, context.gate, sends.filter(({ kind }) => kind === "fresh").length);
  const interned = new Map<readonly number[], number>();
  const intern = async (readers: readonly number[]): Promise<number> => {
    const id = interned.get(readers) ?? (await internAudience(db, context.gate, readers));
    interned.set(readers, id);
    return id;
  };
  const prepared: PreparedRelease = { ...judged, items, versions: [], widened: [], entries: [] };
  const slices = new Slices();
  for (const send of sends) {
    if (slices.over) await slices.next();
    const audienceId = await intern(send.readers);
    if (send.kind === "fresh") {
      const version = newVersion(send, ids[prepared.versions.length] ?? 0, audienceId);
      prepared.versions.push(version);
      prepared.entries.push(seal(context, send.item.kind, version));
    } else {
      const { stix_id: stixId, content_hash: hash, rendition_id: renditionId, version } = send.version;
      const all = await intern([...send.before, ...send.readers]);
      prepared.widened.push({ stixId, version, audienceId: all });
      prepared.entries.push(seal(context, send.item.kind, { stixId, hash, audienceId, renditionId }));
    }
  }
  return prepared;
}

function seal(
  context: ReleaseContext,
  kind: string,
  row: Pick<NewVersion, "stixId" | "hash" | "audienceId" | "renditionId">,
): SealedEntry {
  const { stixId, hash, audienceId, renditionId } = row;
  const fields = { kind, producer: context.producer.id, stixId, hash, audienceId, renditionId };
  return { kind, renditionId, audienceId, leaf: entryLeaf(context.gate.leafKey, fields) };
}
