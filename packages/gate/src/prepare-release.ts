import { type Queryable, Slices } from "@suar/runtime";
import { type StixObject, suarId } from "@suar/stix";
import { redacted } from "./copies.ts";
import { type JudgedRelease, judgeRelease, type Send, type SentCopy } from "./judge-release.ts";
import { entryLeaf } from "./leaf.ts";
import { newRendition } from "./new-rendition.ts";
import { viewHash } from "./redaction.ts";
import type { ReleaseContext, ReleaseItem } from "./release-item.ts";
import { type Readers, union } from "./sights.ts";
import { internAudience } from "./store/audience.ts";
import type { NewRedaction, WidenedRedaction } from "./store/redaction.ts";
import type { NewRendition, SealedEntry } from "./store/release.ts";
import { renditionIds, selectBodies } from "./store/rendition.ts";
import type { NewVersion, Widened } from "./store/version.ts";

/** All that a release will write, and what it was judged against. */
export type PreparedRelease = Omit<JudgedRelease, "sends"> & {
  items: readonly ReleaseItem[];
  renditions: NewRendition[];
  versions: NewVersion[];
  widened: Widened[];
  redactions: NewRedaction[];
  widenedRedactions: WidenedRedaction[];
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
  const isNew = ({ sent }: SentCopy): boolean => sent === undefined;
  const ids = await renditionIds(
    db,
    context.gate,
    sends.flatMap(({ copies }) => copies.filter(isNew)).length,
  );
  const originals = await readOriginals(db, sends);
  const intern = internOnce(db, context);
  const author = suarId("identity", context.producer.code);
  const prepared = emptyRelease(judged, items);
  const slices = new Slices();
  for (const send of sends) {
    if (slices.over) await slices.next();
    for (const copy of send.copies) {
      const place = {
        renditionId: copy.sent?.renditionId ?? ids.shift() ?? 0,
        audienceId: await intern(copy.readers),
      };
      if (copy.sent === undefined) addNew(prepared, { send, copy, place }, originals, author);
      else addWider(prepared, { send, copy, place }, await intern(union(copy.sent.readers, copy.readers)));
      prepared.entries.push(seal(context, { send, copy, place }));
    }
  }
  return prepared;
}

function emptyRelease(judged: Omit<JudgedRelease, "sends">, items: readonly ReleaseItem[]): PreparedRelease {
  const rows = { renditions: [], versions: [], widened: [], redactions: [], widenedRedactions: [] };
  return { ...judged, items, ...rows, entries: [] };
}

type Placed = { send: Send; copy: SentCopy; place: { renditionId: number; audienceId: number } };

/** A rendition that nobody had: a version's own, or a redacted one. */
function addNew(
  prepared: PreparedRelease,
  { send, copy, place }: Placed,
  originals: (send: Send) => StixObject,
  author: string,
): void {
  const { version, rank } = send.kind === "fresh" ? send.verdict : send.version;
  const original = originals(send);
  const object = copy.view === undefined ? original : redacted(original, copy.view, { id: copy.id, author });
  if (object === undefined) throw new Error("a copy that was to be sent says nothing");
  prepared.renditions.push(newRendition(place.renditionId, object, rank, send.item));
  const stixId = send.item.object.id;
  if (copy.view === undefined) {
    if (send.kind !== "fresh") throw new Error("a version is written once");
    const { hash, lineage } = send.verdict;
    prepared.versions.push({ stixId, version, rank, hash, ...lineage, ...place });
  } else prepared.redactions.push({ stixId, version, view: viewHash(copy.view), shownId: copy.id, ...place });
}

/** A rendition that goes to more than before. */
function addWider(prepared: PreparedRelease, { send, copy, place }: Placed, audienceId: number): void {
  if (send.kind === "fresh") throw new Error("a new version was sent to nobody before");
  const { stix_id: stixId, version } = send.version;
  if (copy.view === undefined) prepared.widened.push({ stixId, version, audienceId });
  else prepared.widenedRedactions.push({ stixId, renditionId: place.renditionId, audienceId });
}

function seal({ gate, producer }: ReleaseContext, { send, copy, place }: Placed): SealedEntry {
  const { kind } = send.item;
  const fields = { kind, producer: producer.id, stixId: copy.id, hash: hashOf(send), ...place };
  return { kind, ...place, leaf: entryLeaf(gate.leafMac, fields) };
}

function hashOf(send: Send): Buffer {
  return send.kind === "fresh" ? send.verdict.hash : send.version.content_hash;
}

/** Equal readers are often one array. */
function internOnce(db: Queryable, { gate }: ReleaseContext): (readers: Readers) => Promise<number> {
  const interned = new Map<Readers, number>();
  return async (readers) => {
    const id = interned.get(readers) ?? (await internAudience(db, gate, readers));
    interned.set(readers, id);
    return id;
  };
}

/** Each object as its version has it: of one stated before, what Suar filled in is that of the first time. */
async function readOriginals(db: Queryable, sends: readonly Send[]): Promise<(send: Send) => StixObject> {
  const needed = sends.flatMap((send) =>
    send.kind === "again" && send.copies.some((copy) => copy.sent === undefined)
      ? [send.version.rendition_id]
      : [],
  );
  const bodies = await selectBodies(db, needed);
  return (send) => {
    if (send.kind === "fresh") {
      const { times } = send.verdict;
      return times === undefined ? send.item.object : { ...send.item.object, ...times };
    }
    const rendition = bodies.get(send.version.rendition_id);
    if (rendition === undefined) throw new Error("a version's body is gone");
    return JSON.parse(rendition.body) as StixObject;
  };
}
