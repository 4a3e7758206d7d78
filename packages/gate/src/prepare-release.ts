import { type Queryable, Slices } from "@suar/runtime";
import { Decisions } from "./decisions.ts";
import { endsOf } from "./ends.ts";
import { type Known, readKnown } from "./known.ts";
import { entryLeaf } from "./leaf.ts";
import { newVersion } from "./new-version.ts";
import type { ReleaseContext, ReleaseItem, ReleaseOutcome } from "./release-item.ts";
import { type Again, type Fresh, sortItems } from "./sort-items.ts";
import { internAudience, selectAudience } from "./store/audience.ts";
import type { SealedEntry } from "./store/release.ts";
import { renditionIds } from "./store/rendition.ts";
import type { Kept, NewVersion, Widened } from "./store/version.ts";

/** All that a release will write, and what it was judged against. */
export type PreparedRelease = {
  items: readonly ReleaseItem[];
  known: Known;
  /** In the items' order. */
  outcomes: ReleaseOutcome[];
  versions: NewVersion[];
  widened: Widened[];
  kept: Kept[];
  entries: SealedEntry[];
};

/**
 * Does all of a release's work but the writing: judges each item against what its producer stated before,
 * decides who may see it, seals its entry. Needs no lock, so that one batch is prepared while another is
 * written; `release` looks whether it still holds. What it leaves behind (ids, audiences) is harmless unused.
 */
export async function prepareRelease(
  db: Queryable,
  context: ReleaseContext,
  items: readonly ReleaseItem[],
): Promise<PreparedRelease> {
  const known = await readKnown(db, context.producer.id, items);
  const { outcomes, fresh, again, kept } = sortItems(items, known.versions, context);
  const decisions = new Decisions(context, known.ends);
  const interned = new Map<readonly number[], number>();
  const intern = async (ids: readonly number[]): Promise<number> => {
    const id = interned.get(ids) ?? (await internAudience(db, context.gate, ids));
    interned.set(ids, id);
    return id;
  };
  const members = await selectAudience(db, [...new Set(again.map(({ version }) => version.audience_id))]);
  const ids = await renditionIds(db, context.gate, fresh.length);

  const prepared: PreparedRelease = {
    items,
    known,
    outcomes,
    versions: [],
    widened: [],
    kept,
    entries: [],
  };
  const slices = new Slices();
  const takeFresh = async (one: Fresh): Promise<void> => {
    const readers = decisions.readersOf(one.item);
    if (slices.over) await slices.next();
    const version = newVersion(one, ids[prepared.versions.length] ?? 0, await intern(readers));
    prepared.versions.push(version);
    prepared.entries.push(seal(context, one.item.kind, version));
  };
  // Known content that its originator now addresses to more organisations: a new entry for those alone.
  const takeAgain = async ({ item, version, index }: Again): Promise<void> => {
    const { stix_id: stixId, content_hash: hash, rendition_id: renditionId } = version;
    const before = members.get(version.audience_id) ?? [];
    const more = decisions.readersOf(item).filter((id) => !before.includes(id));
    if (more.length === 0) return;
    const audienceId = await intern(more);
    prepared.widened.push({
      stixId,
      version: version.version,
      audienceId: await intern([...before, ...more]),
    });
    prepared.entries.push(seal(context, item.kind, { stixId, hash, audienceId, renditionId }));
    outcomes[index] = { outcome: "accepted", id: stixId, code: "shared-further" };
  };
  // Relationships last: who may see them depends on who may see their ends.
  for (const ties of [false, true]) {
    const isNow = ({ item }: { item: ReleaseItem }): boolean => endsOf(item.object).length > 0 === ties;
    for (const one of fresh.filter(isNow)) await takeFresh(one);
    for (const one of again.filter(isNow)) await takeAgain(one);
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
