import { bodyHash } from "@suar/merkle";
import { type Queryable, Slices } from "@suar/runtime";
import { type StixObject, suarId } from "@suar/stix";
import { redacted } from "./copies.ts";
import { type JudgedRelease, judgeRelease, type Send, type SentCopy } from "./judge-release.ts";
import { codesOf, commitEntry, type EntryFacts } from "./leaf.ts";
import { newRendition } from "./new-rendition.ts";
import { viewHash } from "./redaction.ts";
import type { ReleaseContext, ReleaseItem } from "./release-item.ts";
import { type Readers, union } from "./sights.ts";
import { internAudience } from "./store/audience.ts";
import { selectCommitted } from "./store/opening.ts";
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
  const committed = await readCommitted(db, sends);
  const intern = internOnce(db, context);
  const author = suarId("identity", context.producer.code);
  const prepared = emptyRelease(judged, items);
  const slices = new Slices();
  for (const send of sends) {
    if (slices.over) await slices.next();
    for (const copy of send.copies) {
      const { audienceId, recipients } = await intern(copy.readers);
      const place = { renditionId: copy.sent?.renditionId ?? ids.shift() ?? 0, audienceId };
      const placed = { send, copy, place };
      const sent = copy.sent === undefined ? addNew(prepared, placed, originals, author) : committed(placed);
      if (copy.sent !== undefined)
        addWider(prepared, placed, (await intern(union(copy.sent.readers, copy.readers))).audienceId);
      prepared.entries.push(seal(context, placed, { sent, recipients, decision: null }));
    }
  }
  return prepared;
}

function emptyRelease(judged: Omit<JudgedRelease, "sends">, items: readonly ReleaseItem[]): PreparedRelease {
  const rows = { renditions: [], versions: [], widened: [], redactions: [], widenedRedactions: [] };
  return { ...judged, items, ...rows, entries: [] };
}

type Placed = { send: Send; copy: SentCopy; place: { renditionId: number; audienceId: number } };

/** A rendition that nobody had: a version's own, or a redacted one. Tells what its entry says that was sent. */
function addNew(
  prepared: PreparedRelease,
  { send, copy, place }: Placed,
  originals: (send: Send) => StixObject,
  author: string,
): EntryFacts["sent"] {
  const { version, rank } = send.kind === "fresh" ? send.verdict : send.version;
  const original = originals(send);
  const object = copy.view === undefined ? original : redacted(original, copy.view, { id: copy.id, author });
  if (object === undefined) throw new Error("a copy that was to be sent says nothing");
  const rendition = newRendition(place.renditionId, object, rank, send.item);
  prepared.renditions.push(rendition);
  const stixId = send.item.object.id;
  if (copy.view === undefined) {
    if (send.kind !== "fresh") throw new Error("a version is written once");
    const { hash, lineage } = send.verdict;
    prepared.versions.push({ stixId, version, rank, hash, ...lineage, ...place });
  } else prepared.redactions.push({ stixId, version, view: viewHash(copy.view), shownId: copy.id, ...place });
  const { type, tlp, pap } = rendition;
  return { id: copy.id, type, tlp, pap, sha256: bodyHash(rendition.body) };
}

/** A rendition that goes to more than before. */
function addWider(prepared: PreparedRelease, { send, copy, place }: Placed, audienceId: number): void {
  if (send.kind === "fresh") throw new Error("a new version was sent to nobody before");
  const { stix_id: stixId, version } = send.version;
  if (copy.view === undefined) prepared.widened.push({ stixId, version, audienceId });
  else prepared.widenedRedactions.push({ stixId, renditionId: place.renditionId, audienceId });
}

function seal(
  { gate, producer }: ReleaseContext,
  { send, copy, place }: Placed,
  told: Pick<EntryFacts, "sent" | "recipients" | "decision">,
): SealedEntry {
  const { kind, object } = send.item;
  const { version, contentHash } =
    send.kind === "fresh"
      ? { version: send.verdict.version, contentHash: send.verdict.hash }
      : { version: send.version.version, contentHash: send.version.content_hash };
  const from = { id: object.id, version, contentHash };
  const sent = { ...told.sent, id: copy.id };
  const leaf = commitEntry(gate, { kind, ...place, ...told, sent, from, originator: producer.code });
  return { kind, ...place, leaf };
}

/** What entries of renditions that some had before say that was sent. */
async function readCommitted(
  db: Queryable,
  sends: readonly Send[],
): Promise<(placed: Placed) => EntryFacts["sent"]> {
  const ids = sends.flatMap(({ copies }) => copies.flatMap(({ sent }) => sent?.renditionId ?? []));
  const rows = await selectCommitted(db, ids);
  return ({ copy, place }) => {
    const row = rows.get(place.renditionId);
    if (row === undefined) throw new Error("a rendition is gone");
    return { id: copy.id, type: row.type, tlp: row.tlp, pap: row.pap, sha256: row.sha256.toString("hex") };
  };
}

type Interned = { audienceId: number; recipients: readonly string[] };

/** Equal readers are often one array. */
function internOnce(db: Queryable, { gate }: ReleaseContext): (readers: Readers) => Promise<Interned> {
  const interned = new Map<Readers, Interned>();
  return async (readers) => {
    const known = interned.get(readers);
    if (known !== undefined) return known;
    const audienceId = await internAudience(db, gate, readers);
    const made = { audienceId, recipients: await codesOf(db, gate, readers) };
    interned.set(readers, made);
    return made;
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
