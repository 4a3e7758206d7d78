import { bodyHash } from "@suar/merkle";
import { NO_LIMITS } from "@suar/policy";
import { type Queryable, Slices } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import { suarId } from "@suar/stix";
import type { ReleaseContext, ReleaseItem } from "../context/release-item.ts";
import { keyAddresser } from "../copies/address-keys.ts";
import { bearing } from "../copies/copy-ids.ts";
import { makeCopy, type View } from "../copies/make-copy.ts";
import { copyRendition, newRendition } from "../copies/new-rendition.ts";
import { makePlaces, type Placed, type PlacedEntry } from "../copies/place-copies.ts";
import { shareIndexRows } from "../copies/share-index-rows.ts";
import { commitEntry, type EntryFacts } from "../entry/leaf.ts";
import { FORM, fromVersion, resay, type Words, wordsText } from "../entry/stated.ts";
import { type JudgedRelease, judgeRelease, type PlannedCopy, type Send } from "../judge/judge-release.ts";
import type { Names } from "../judge/names.ts";
import type { Opened, RenditionEnd } from "../store/closed.ts";
import { type CommittedRendition, selectCommitted } from "../store/opening.ts";
import type { NewPending } from "../store/pending.ts";
import type { LaterCopy, WidenedCopy } from "../store/redaction.ts";
import type { NewReference } from "../store/reference.ts";
import type { AddressedKeys, NewRendition, SealedEntry } from "../store/release.ts";
import { selectBodies } from "../store/rendition.ts";
import type { NewVersion, Readdressed, Widened } from "../store/version.ts";
import type { VictimCause } from "../store/victim.ts";
import { calledOf } from "../victims/gathered.ts";
import { mentionsIn } from "../victims/names-of.ts";

/** All that a release will write, and what it was judged against. */
export type PreparedRelease = Omit<JudgedRelease, "sends"> & { items: readonly ReleaseItem[] } & Rows;

/** Rows that are written together. */
export type Rows = {
  renditions: NewRendition[];
  versions: NewVersion[];
  references: NewReference[];
  widened: Widened[];
  readdressed: Readdressed[];
  laterCopies: LaterCopy[];
  widenedCopies: WidenedCopy[];
  readdressedKeys: AddressedKeys[];
  opened: Opened[];
  closings: RenditionEnd[];
  victims: VictimCause[];
  pending: NewPending[];
  entries: SealedEntry[];
};

/**
 * Does all of a release's work but the writing: judges the items, serializes what is new, seals the entries.
 * Needs no lock, so that one batch is prepared while another is written; `release` looks whether it still
 * holds. What it leaves behind (ids, audiences, decisions) is harmless unused.
 */
export async function prepareRelease(
  db: Queryable,
  context: ReleaseContext,
  items: readonly ReleaseItem[],
): Promise<PreparedRelease> {
  const { sends, ...judged } = await judgeRelease(db, context, items);
  return { ...judged, items, ...(await prepareSends(db, context, sends, judged.names)) };
}

/** The rows of what is to be sent. */
export async function prepareSends(
  db: Queryable,
  context: ReleaseContext,
  sends: readonly Send[],
  names: Names,
): Promise<Rows> {
  const prepared = noRows();
  const places = await makePlaces(db, context, sends);
  const originalOf = await readOriginals(db, sends);
  const committed = await readCommitted(db, sends);
  const addressKeys = keyAddresser(db, context);
  const slices = new Slices();
  for (const send of sends) {
    if (slices.over) await slices.next();
    const placed = places.of(send);
    const made = makeRenditions(context, send, placed, originalOf(send));
    // What they are found by is shared once what they say is committed to.
    const from = fromOf(context, send);
    let next = 0;
    for (const one of placed) {
      const sent = one.copy.sent === undefined ? made[next++] : committed.get(one.renditionId);
      for (const entry of one.entries) prepared.entries.push(seal(context, send, from, one, entry, sent));
    }
    shareIndexRows(made);
    const addressing = made.length > 1 ? addressKeys(made, placed) : undefined;
    if (addressing !== undefined) await addressing;
    for (const one of made) prepared.renditions.push(one);
    const { expires } = send.item.limits ?? NO_LIMITS;
    if (expires !== undefined)
      for (const { id: renditionId } of made) prepared.closings.push({ renditionId, at: expires });
    addChanges(context, prepared, send, placed, names);
    for (const { readers, outcome } of send.asking)
      prepared.pending.push({
        ...nameOf(send),
        organisations: readers,
        outcome,
        decisionId: places.decision(outcome).id,
      });
  }
  return prepared;
}

function noRows(): Rows {
  const rows = { renditions: [], versions: [], references: [], pending: [], entries: [] };
  return {
    ...rows,
    widened: [],
    readdressed: [],
    laterCopies: [],
    widenedCopies: [],
    readdressedKeys: [],
    opened: [],
    closings: [],
    victims: [],
  };
}

/** Renditions that nobody had, in the order of their places: a version's own, and redacted ones. */
function makeRenditions(
  context: ReleaseContext,
  send: Send,
  placed: readonly Placed[],
  original: StixObject,
): NewRendition[] {
  const { item } = send;
  const { rank } = send.kind === "fresh" ? send.verdict : send.version;
  const of = wholeRendition(send, placed);
  const made: NewRendition[] = [];
  for (const { copy, renditionId: id, audienceId } of placed) {
    if (copy.sent !== undefined) continue;
    if (copy.view === undefined) {
      if (send.kind === "again") throw new Error("a version is written once");
      made.push(newRendition(id, original, rank, item, audienceId));
    } else {
      const redacted = copyOf(context, send, copy, copy.view, original);
      const place = { of, view: copy.view, hash: copy.viewHash ?? "", audienceId };
      made.push(copyRendition(id, redacted, rank, item, place));
    }
  }
  return made;
}

function wholeRendition(send: Send, placed: readonly Placed[]): number {
  if (send.kind === "again") return send.version.rendition_id;
  const whole = placed.find(({ copy }) => copy.view === undefined);
  if (whole === undefined) throw new Error("nobody has the original, not even its producer");
  return whole.renditionId;
}

/** What was redacted once is what is written; of a version stated before, what Suar filled in is that of the first time. */
function copyOf(
  { gate, producer }: ReleaseContext,
  send: Send,
  { id, copy }: PlannedCopy,
  view: View,
  original: StixObject,
): StixObject {
  const made =
    send.kind === "fresh"
      ? copy
      : makeCopy(original, view, {
          redaction: gate.redactionKeys,
          author: suarId("identity", producer.code),
        });
  if (made === undefined) throw new Error("a copy that was to be sent says nothing");
  const own = made === original || made === send.item.object ? { ...made } : made;
  const times = send.kind === "fresh" ? send.verdict.times : undefined;
  return bearing(times === undefined ? own : Object.assign(own, times), original, id);
}

function addChanges(
  { gate, producer }: ReleaseContext,
  prepared: Rows,
  send: Send,
  placed: readonly Placed[],
  names: Names,
): void {
  const { stixId, version } = nameOf(send);
  if (send.kind === "fresh") {
    addVersion(prepared, send, placed, names);
    return;
  }
  if (send.addressed !== undefined) {
    const words = wordsSaid(send);
    const said = resay(gate, producer.id, send.version, words);
    prepared.readdressed.push({ stixId, version, ...words, ...said });
  }
  for (const { copy, renditionId, audienceId, wider } of placed) {
    if (copy.sent !== undefined) prepared.readdressedKeys.push({ renditionId, audienceId });
    if (copy.sent === undefined) prepared.laterCopies.push({ stixId, version, renditionId });
    else if (copy.view === undefined) prepared.widened.push({ stixId, version, audienceId: wider });
    else prepared.widenedCopies.push({ renditionId, audienceId: wider });
    if (copy.sent !== undefined)
      prepared.opened.push({ stixId: copy.id, renditionId, readers: copy.readers });
  }
}

function addVersion(
  prepared: Rows,
  send: Extract<Send, { kind: "fresh" }>,
  placed: readonly Placed[],
  names: Names,
): void {
  const { item, verdict } = send;
  const { version, rank, hash, lineage } = verdict;
  const renditionId = wholeRendition(send, placed);
  const whole = placed.find((one) => one.renditionId === renditionId);
  for (const name of [...names.of(item.object), ...mentionsIn(item.object, item.keys)])
    prepared.references.push({ name, renditionId });
  for (const name of calledOf(item.object)) prepared.victims.push({ name, cause: String(renditionId) });
  prepared.versions.push({
    ...{ stixId: item.object.id, version, rank, hash, ...lineage, renditionId },
    audienceId: whole?.audienceId ?? 0,
    copies: placed.flatMap((one) => (one === whole ? [] : [one.renditionId])),
    ...wordsSaid(send),
    kind: item.kind,
  });
}

function nameOf(send: Send): { stixId: string; version: string } {
  const { version } = send.kind === "fresh" ? send.verdict : send.version;
  return { stixId: send.item.object.id, version };
}

function wordsSaid({ addressed, isVictims, item: { limits = NO_LIMITS } }: Send): Words {
  return { named: addressed?.named ?? null, community: addressed?.community ?? false, isVictims, limits };
}

/** What the entries of a version commit to of it: one for all of its renditions. */
function fromOf({ submissionId: submission }: ReleaseContext, send: Send): EntryFacts["from"] {
  const { object, kind } = send.item;
  if (send.kind === "again") return fromVersion(send.version);
  const { version, hash: contentHash, rank, lineage } = send.verdict;
  const stated = { form: FORM, submission, rank, kind, ...lineage, words: wordsText(wordsSaid(send)) };
  return { id: object.id, version, contentHash, stated };
}

function seal(
  { gate, producer }: ReleaseContext,
  send: Send,
  from: EntryFacts["from"],
  { copy, renditionId }: Placed,
  { audienceId, recipients, decision }: PlacedEntry,
  rendition: NewRendition | CommittedRendition | undefined,
): SealedEntry {
  if (rendition === undefined) throw new Error("a rendition is gone");
  const { kind } = send.item;
  const { type, tlp, pap } = rendition;
  const sha256 = "body" in rendition ? bodyHash(rendition.body) : rendition.sha256.toString("hex");
  const leaf = commitEntry(gate, {
    ...{ kind, renditionId, audienceId, recipients },
    sent: { id: copy.id, type, tlp, pap, sha256 },
    from,
    originator: producer.code,
    decision: decision.body,
  });
  return { kind, renditionId, audienceId, decisionId: decision.id, leaf };
}

/** What entries of renditions that some had before say that was sent. */
async function readCommitted(
  db: Queryable,
  sends: readonly Send[],
): Promise<Map<number, CommittedRendition>> {
  return await selectCommitted(
    db,
    sends.flatMap(({ copies }) => copies.flatMap(({ sent }) => sent?.renditionId ?? [])),
  );
}

/** Each object as its version has it; of what is written already, that is read where a new copy is made of it. */
async function readOriginals(db: Queryable, sends: readonly Send[]): Promise<(send: Send) => StixObject> {
  const needed = new Set(
    sends.flatMap((send) =>
      send.kind === "again" && send.copies.some((copy) => copy.sent === undefined)
        ? [send.version.rendition_id]
        : [],
    ),
  );
  const bodies = await selectBodies(db, [...needed]);
  return (send) => {
    if (send.kind === "fresh") {
      const { times } = send.verdict;
      return times === undefined ? send.item.object : { ...send.item.object, ...times };
    }
    const id = send.version.rendition_id;
    if (!needed.has(id)) return send.item.object;
    const rendition = bodies.get(id);
    if (rendition === undefined) throw new Error("a version's body is gone");
    return JSON.parse(rendition.body) as StixObject;
  };
}
