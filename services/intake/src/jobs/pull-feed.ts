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
import { isOwnAddress } from "../pull/own-address.ts";
import { conditionsOf, FeedPlace, type Validators, validatorsOf } from "../pull/places.ts";
import { SourceFault } from "../pull/source-fault.ts";
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
/** So long it waits for what it submitted, before it begins with the manifest again. */
const WAITS = 60;

type Feed = { puller: Puller; turn: Turn; connection: Connection; at: ReturnType<typeof feedAddresses> };
type Changed = FeedEvent & Pick<store.ChangedEvent, "content" | "is_retry"> & { isKnown: boolean };

/**
 * Pulls a feed of MISP: its manifest, and of what that lists the events that are new or changed, the longest unchanged
 * first. `hashes.csv` repeats what the events say, and is not asked for. An event that cannot be taken is counted,
 * stands in nobody's way and is asked for again.
 */
export async function pullFeed(puller: Puller, turn: Turn): Promise<Ended> {
  const { row } = turn;
  const at = feedAddresses(addressOf(row));
  const feed = { puller, turn, connection: connect(puller, turn), at };
  let place = FeedPlace.parse(row.place);
  const manifest = await openManifest(feed, place);
  if (manifest === undefined) return "done";
  const changed = await findChanged(feed, manifest.events);
  let batch = newBatch(puller);
  for (const event of changed.slice(0, MOST_EVENTS)) {
    await tryEvent(feed, event, batch);
    if (!batch.isFull) continue;
    place = await keepBatch(feed, batch, place);
    batch = newBatch(puller);
    if (!(await hasRoom(puller, turn))) return { goOnInMs: WAIT_MS };
  }
  place = await keepBatch(feed, batch, place);
  if (changed.length > MOST_EVENTS) return { goOnInMs: 0 };
  await finish(feed, manifest, place);
  return "done";
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
    if (isOwnAddress(reply.url, puller.platform.config))
      throw new SourceFault("own-address", "It leads to this platform: what it exports is here already");
    if (reply.isUnchanged) return undefined;
    const events = readManifest(await wholeOf(reply.body), { maxBytes }, after);
    return { events, validators: validatorsOf(reply.headers) };
  } finally {
    reply.close();
  }
}

async function findChanged({ puller, turn }: Feed, listed: readonly FeedEvent[]): Promise<Changed[]> {
  const { platform, realm } = puller;
  const db = realm.write;
  const byId = new Map(listed.map((event) => [event.event, event]));
  const found = await store.selectChangedEvents(db, turn.row.id, listed, MOST_EVENTS + 1);
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

async function tryEvent({ puller, connection, at }: Feed, event: Changed, batch: FeedBatch): Promise<void> {
  if (event.isKnown) return batch.pass(event);
  const maxBytes = Math.floor(puller.config.SUAR_DOCUMENT_LIMIT / 2);
  const bytes = await fetchEvent(connection, at.event(event.event), maxBytes);
  const read = bytes && readEventFile(bytes, event.event, { maxBytes });
  if (bytes === undefined || read === undefined) return batch.leave(event, event.is_retry);
  const identities = identitiesOf(await puller.platform.directory.all());
  if (identities.has(`identity--${read.creator}`)) return batch.pass(event);
  batch.take(event, bytes, event.content);
}

/** Undefined where the feed lists what it has not, or what is too large: one event's trouble is not another's. */
async function fetchEvent(connection: Connection, url: URL, maxBytes: number): Promise<Buffer | undefined> {
  try {
    const { body } = await connection.openFile(url, {}, maxBytes);
    return await wholeOf(body);
  } catch (error) {
    if (error instanceof TaxiiFault && (error.code === "not-found" || error.code === "too-large"))
      return undefined;
    throw error;
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
  const place = { ...before, manifest: undefined, last: laterOf(before.last, last) };
  await transaction(puller.realm.write, async (db) => {
    await store.upsertEvents(db, turn.row.id, batch.tried);
    if (!(await keepPlace(db, turn.row, { place, objects, leftOut, returned, submission: submitted?.id })))
      throw new Fenced();
  });
  return place;
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
  const validators = (await store.hasUntaken(realm.write, turn.row.id)) ? undefined : manifest.validators;
  const kept = { place: { ...place, manifest: validators }, objects: 0, leftOut: 0, submission: undefined };
  await keep(puller, turn, kept);
}
