import { setTimeout as sleep } from "node:timers/promises";
import { transaction } from "@suar/runtime";
import { type Connection, TaxiiFault } from "@suar/taxii";
import { Fenced } from "../fenced.ts";
import { FeedBatch } from "../pull/feed-batch.ts";
import {
  type FeedEvent,
  feedAddresses,
  readEventFile,
  readManifest,
  unixSeconds,
} from "../pull/feed-manifest.ts";
import { dueAgain, eventFault, isPerhapsDown, toldTroubles } from "../pull/feed-troubles.ts";
import { conditionsOf, FeedPlace, type Validators, validatorsOf } from "../pull/places.ts";
import { refusePage } from "../pull/refuse-page.ts";
import { identitiesOf } from "../stage/pass-over-held.ts";
import { keepPlace } from "../store/source.ts";
import * as store from "../store/source-event.ts";
import {
  addressOf,
  bytesOf,
  connect,
  type Ended,
  isBehind,
  keep,
  type Puller,
  submitPulled,
  type Turn,
  WAIT_MS,
} from "./puller.ts";

const MEBIBYTE = 1024 * 1024;
/** A worker lets other sources have a turn after so many events. */
const MOST_EVENTS = 500;
/** Events in a row that a server fails to give: after so many it is down, and is asked no more. */
const MOST_FAILED = 3;
/** So long it waits for what it submitted, before it begins with the manifest again. */
const WAITS = 60;

type Feed = { puller: Puller; turn: Turn; connection: Connection; at: ReturnType<typeof feedAddresses> };
type Changed = FeedEvent & Pick<store.ChangedEvent, "content" | "is_retry"> & { isKnown: boolean };

/**
 * Pulls a feed of MISP: its manifest, and of what that lists the events that are new or changed, the longest unchanged
 * first. `hashes.csv` repeats what the events say, and is not asked for. An event that cannot be taken is told, stands in
 * nobody's way and is asked for again, after the others.
 */
export async function pullFeed(puller: Puller, turn: Turn): Promise<Ended> {
  const { row } = turn;
  const at = feedAddresses(addressOf(row));
  const feed = { puller, turn, connection: connect(puller, turn), at };
  const place = FeedPlace.parse(row.place);
  const manifest = await openManifest(feed, place);
  if (manifest === undefined) return "done";
  const changed = await findChanged(feed, manifest.events, place);
  const { kept, isCut } = await takeChanged(feed, changed.slice(0, MOST_EVENTS), place);
  if (isCut !== undefined) return { goOnInMs: isCut };
  if (changed.length > MOST_EVENTS) return { goOnInMs: 0 };
  await finish(feed, manifest, kept);
  return "done";
}

/** `isCut`: in so many milliseconds it is to be gone on with. */
type Taken = { kept: FeedPlace; isCut?: number };

/** One after the other, in batches; what was tried is kept also where the server then fails. */
async function takeChanged(feed: Feed, changed: readonly Changed[], before: FeedPlace): Promise<Taken> {
  const { puller, turn } = feed;
  let kept = before;
  let batch = newBatch(puller);
  const health = new Health();
  const keepOn = async (): Promise<void> => {
    kept = await keepBatch(feed, batch, kept);
    batch = newBatch(puller);
  };
  for (const event of changed) {
    const failed = await tryEvent(feed, event, batch);
    const isDown = health.note(failed);
    if (isDown || failed?.isFeeds === true || batch.isFull || turn.time.isOver()) await keepOn();
    if (failed?.isFeeds === true || (isDown && !event.is_retry)) throw failed?.error;
    if (isDown) break; // what is tried again has its turn with the next look
    if (turn.time.isOver()) return { kept, isCut: 0 };
    if (batch.tried.length === 0 && !(await hasRoom(puller, turn))) return { kept, isCut: WAIT_MS };
  }
  await keepOn();
  return { kept };
}

/** Whether the server itself seems to be down: so many events in a row could not be had. */
class Health {
  #failures = 0;

  note(failed: Failed | undefined): boolean {
    if (failed?.isPerhapsDown !== true) this.#failures = 0;
    else this.#failures += 1;
    return this.#failures >= MOST_FAILED;
  }
}

type Manifest = { events: FeedEvent[]; validators: Validators };

/** Undefined where it is as it was when all that it listed was taken. */
async function openManifest(
  { puller, connection, at }: Feed,
  { manifest, after }: FeedPlace,
): Promise<Manifest | undefined> {
  const { SUAR_DOCUMENT_LIMIT: maxBytes } = puller.config;
  const reply = await connection.openFile(at.manifest, conditionsOf(manifest), maxBytes);
  try {
    if (reply.isUnchanged) return undefined;
    const events = readManifest(await wholeOf(reply.body), { maxBytes }, after);
    return { events, validators: validatorsOf(reply.headers) };
  } finally {
    reply.close();
  }
}

async function findChanged(
  { puller, turn }: Feed,
  listed: readonly FeedEvent[],
  { troubles = [] }: FeedPlace,
): Promise<Changed[]> {
  const { platform, realm } = puller;
  const db = realm.write;
  const byId = new Map(listed.map((event) => [event.event, event]));
  const found = await store.selectChangedEvents(
    db,
    turn.row.id,
    listed,
    dueAgain(troubles, new Date()),
    MOST_EVENTS + 1,
  );
  const changed = found.flatMap((one) => {
    const event = byId.get(one.event);
    return event === undefined ? [] : [{ ...event, ...one }];
  });
  const stated = await store.selectStatedSince(db, turn.row.organisation_id, changed.flatMap(namesOf));
  const identities = identitiesOf(await platform.directory.all());
  return changed.map((event) => ({
    ...event,
    // What this source took before is stated, too: a feed may change it and leave its time as it was.
    isKnown:
      identities.has(`identity--${event.creator}`) ||
      (event.content === null && namesOf(event).some(({ id }) => stated.has(id))),
  }));
}

/** As misp-stix names what becomes of an event. */
function namesOf({ event, timestamp }: FeedEvent): { id: string; since: number }[] {
  const since = timestamp * 1_000_000;
  return [`report--${event}`, `grouping--${event}`].map((id) => ({ id, since }));
}

function newBatch({ config }: Puller): FeedBatch {
  return new FeedBatch(Math.min(4 * MEBIBYTE, config.SUAR_DOCUMENT_LIMIT / 4));
}

/** Why an event was not taken: by its own fault, or because of something that is the feed's. */
type Failed = { error: unknown; isFeeds: boolean; isPerhapsDown: boolean };

async function tryEvent(feed: Feed, event: Changed, batch: FeedBatch): Promise<Failed | undefined> {
  try {
    await takeEvent(feed, event, batch);
    return undefined;
  } catch (error) {
    const { signal, time } = feed.turn;
    if (signal.aborted) throw new Fenced();
    const fault = time.late.aborted ? undefined : eventFault(error);
    if (fault === undefined && !(error instanceof TaxiiFault)) throw error;
    if (fault !== undefined) batch.leave(event, event.is_retry, fault);
    return {
      error,
      isFeeds: fault === undefined,
      isPerhapsDown: fault !== undefined && isPerhapsDown(fault),
    };
  }
}

async function takeEvent({ puller, connection, at }: Feed, event: Changed, batch: FeedBatch): Promise<void> {
  if (event.isKnown) return batch.pass(event);
  const maxBytes = Math.floor(puller.config.SUAR_DOCUMENT_LIMIT / 2);
  const bytes = await fetchEvent(connection, at.event(event.event), maxBytes);
  const { creator } = readEventFile(bytes, event.event, { maxBytes });
  const identities = identitiesOf(await puller.platform.directory.all());
  if (identities.has(`identity--${creator}`)) return batch.pass(event);
  batch.take(event, bytes, event.content);
}

async function fetchEvent(connection: Connection, url: URL, maxBytes: number): Promise<Buffer> {
  const reply = await connection.openFile(url, {}, maxBytes);
  try {
    refusePage(reply.headers);
    return await wholeOf(reply.body);
  } finally {
    reply.close();
  }
}

async function wholeOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(body));
}

/** First the submission, then that its events were taken: in one transaction with the place. */
async function keepBatch(
  { puller, turn, at }: Feed,
  batch: FeedBatch,
  before: FeedPlace,
): Promise<FeedPlace> {
  if (batch.tried.length === 0) return before;
  if (turn.signal.aborted) throw new Fenced();
  const { content, objects, leftOut, returned, key } = batch;
  const last = unixSeconds(batch.timestamp);
  const submitted =
    content &&
    (await submitPulled(puller, turn, {
      format: "misp",
      origin: { url: at.folder, added: last },
      source: bytesOf(...content),
      maxBytes: puller.config.SUAR_DOCUMENT_LIMIT,
      key,
    }));
  const troubles = toldTroubles(before.troubles ?? [], batch.outcomes, new Date());
  const moved = { ...before, manifest: undefined, last: laterOf(before.last, last), troubles };
  return await transaction(puller.realm.write, async (db) => {
    await store.upsertEvents(db, turn.row.id, batch.tried);
    const isWhole = troubles.length === 0 && (before.untaken ?? 0) === 0;
    const place = { ...moved, untaken: isWhole ? 0 : await store.countUntaken(db, turn.row.id) };
    if (!(await keepPlace(db, turn.row, { place, objects, leftOut, returned, submission: submitted?.id })))
      throw new Fenced();
    return place;
  });
}

function laterOf(before: string | undefined, now: string): string {
  return before !== undefined && before > now ? before : now;
}

/** Waits a while until what was submitted is normalized, so that the manifest need not be asked for again. */
async function hasRoom(puller: Puller, { row, signal }: Turn): Promise<boolean> {
  for (let waits = 0; waits < WAITS; waits++) {
    if (!(await isBehind(puller, row))) return true;
    if (signal.aborted) throw new Fenced();
    await sleep(WAIT_MS);
  }
  return false;
}

/** All is taken: until the manifest changes there is nothing to ask for, but for what could not be taken. */
async function finish({ puller, turn }: Feed, manifest: Manifest, place: FeedPlace): Promise<void> {
  const { realm } = puller;
  const listed = manifest.events.map(({ event }) => event);
  await store.deleteUnlisted(realm.write, turn.row.id, listed);
  const untaken = await store.countUntaken(realm.write, turn.row.id);
  const isListed = new Set(listed);
  const troubles = (place.troubles ?? []).filter(({ event }) => isListed.has(event));
  const validators = untaken === 0 ? manifest.validators : undefined;
  const kept = { objects: 0, leftOut: 0, submission: undefined };
  await keep(puller, turn, { ...kept, place: { ...place, troubles, untaken, manifest: validators } });
}
