import type { KeyObject } from "node:crypto";
import { deliverWebhook } from "@suar/contract";
import { type Entry, shareTail, type Tail, visibleTo } from "@suar/log";
import { handleJob, type Platform, type Realm } from "@suar/runtime";
import { keepLease, LEASE_MS, type Lease } from "../keep-lease.ts";
import { itemMessage, messageId } from "../message.ts";
import type { Poster } from "../poster.ts";
import { isResting, restFor } from "../schedule.ts";
import { liveKeys, signedHeaders } from "../signature.ts";
import { type Claimed, claimDeliveries, renewLeases } from "../store/delivery.ts";
import { selectById, type WebhookRow } from "../store/webhook.ts";
import { type Batch, type Sent, settleBatch } from "./settle-batch.ts";

const ENDPOINTS_AT_ONCE = 16;
const BATCH = 256;
const POSTS_AT_ONCE = 16;
/** A worker lets others have a turn after so many batches of one endpoint. */
const MOST_BATCHES = 16;
/** At a stop, posts under way have so long; then they are cut off and due again. */
const LAST_POSTS_MS = 1_500;

/** What a realm's workers share. */
type Courier = {
  platform: Platform;
  realm: Realm;
  tail: Tail;
  poster: Poster;
  closing: { begun: boolean; cutOff: boolean };
};

/** The realm's workers; the poster is theirs alone and ends with them. */
export async function startDelivering(
  platform: Platform,
  realm: Realm,
  poster: Poster,
): Promise<{ close(): Promise<void> }> {
  const tail = await shareTail(realm, platform.directory, platform.signals, platform.log);
  const closing = { begun: false, cutOff: false };
  const courier = { platform, realm, tail, poster, closing };
  const handler = handleJob(deliverWebhook, async ({ endpointId }) => await deliverSome(courier, endpointId));
  const worker = await platform.queue.work(
    realm.name,
    deliverWebhook.queue,
    [handler],
    realm.kind === "live" ? ENDPOINTS_AT_ONCE : 2,
  );
  return {
    close: async () => {
      closing.begun = true;
      const cuttingOff = setTimeout(() => {
        closing.cutOff = true;
        void poster.close();
      }, LAST_POSTS_MS);
      await worker.close();
      clearTimeout(cuttingOff);
      await poster.close();
      await tail.stop();
    },
  };
}

/** Batch after batch: while one is posted, how the one before went is written. */
async function deliverSome(courier: Courier, endpointId: string): Promise<void> {
  let settling: Promise<void> = Promise.resolve();
  for (let batches = 0; batches < MOST_BATCHES && !courier.closing.begun; batches++) {
    const delivered = await deliverBatch(courier, endpointId, settling);
    if (delivered === undefined) break;
    settling = delivered.settling;
    settling.catch(() => undefined); // thrown where it is waited for
    // What went wrong decides how to go on: it is written first.
    if (!delivered.well) await settling;
    if (!delivered.more) break;
  }
  await settling;
}

type Delivered = { settling: Promise<void>; well: boolean; more: boolean };

/** Posts one leased batch; undefined when nothing is due. */
async function deliverBatch(
  courier: Courier,
  endpointId: string,
  before: Promise<void>,
): Promise<Delivered | undefined> {
  const { platform, realm } = courier;
  const endpoint = await selectById(realm.write, endpointId);
  if (endpoint === undefined || endpoint.state !== "active" || isResting(endpoint)) return undefined;
  // An endpoint that fails is tried with its oldest delivery alone, not with all that wait.
  const most = restFor(endpoint.failures) > 0 ? 1 : BATCH;
  const claimedAt = performance.now();
  const claimed = await claimDeliveries(realm.write, endpoint.id, most, LEASE_MS);
  if (claimed.length === 0) return undefined;
  const lease = keepLease({
    seqs: claimed.map(({ seq }) => seq),
    claimedAt,
    renew: async () => await renewLeases(realm.write, endpoint.id, claimed, LEASE_MS),
    failed: (error) => platform.log.debug({ err: error }, "could not renew a lease just now"),
  });
  const settle = async (batch: Batch): Promise<void> => {
    await before;
    await settleBatch(platform, realm, endpoint, batch);
  };
  try {
    const batch = await postBatch(courier, endpoint, claimed, lease);
    const good = batch.sent.filter(({ result }) => result.problem === null).length;
    const more = claimed.length === BATCH || good > 0;
    return { settling: settle(batch).finally(lease.end), well: good === claimed.length, more };
  } catch (error) {
    lease.end();
    throw error;
  }
}

async function postBatch(
  courier: Courier,
  endpoint: WebhookRow,
  claimed: readonly Claimed[],
  lease: Lease,
): Promise<Batch> {
  const { closing, platform } = courier;
  const entries = await entriesOf(courier.tail, endpoint, claimed);
  const keys = liveKeys(platform.secrets, endpoint.secrets, new Date());
  const batch: Batch = { sent: [], hidden: [], unsent: [] };
  let worked = false;
  let next = 0;
  const post = async (): Promise<void> => {
    for (let one = claimed[next++]; one !== undefined; one = claimed[next++]) {
      const entry = entries.get(one.seq);
      // Asked again at the moment of sending: the one check of the shared tail.
      if (entry === undefined || !visibleTo(entry, { organisationId: endpoint.organisation_id }))
        batch.hidden.push(one);
      else if (closing.begun || (!worked && batch.sent.length >= POSTS_AT_ONCE)) batch.unsent.push(one);
      else if (lease.holds(one.seq)) {
        const sent = await postOne(courier, endpoint, one, entry, keys);
        // What fails after we cut it off is not the receiver's failure.
        if (closing.cutOff && sent.result.problem !== null) batch.unsent.push(one);
        else batch.sent.push(sent);
        worked ||= sent.result.problem === null;
      }
    }
  };
  await Promise.all(Array.from({ length: POSTS_AT_ONCE }, post));
  return batch;
}

async function postOne(
  { realm, tail, poster }: Courier,
  endpoint: WebhookRow,
  claimed: Claimed,
  entry: Entry,
  keys: readonly KeyObject[],
): Promise<Sent> {
  const at = new Date();
  const { body } = itemMessage(entry, realm.name, tail.head.epoch);
  const id = messageId(endpoint.id, entry.seq);
  const headers = signedHeaders({ id, at, body, keys });
  return { id, claimed, entry, at, result: await poster.post({ url: endpoint.url, headers, body }) };
}

/** From the ring where it holds them, else from the log: a few pages at most, since what is due lies together. */
async function entriesOf(
  tail: Tail,
  endpoint: WebhookRow,
  claimed: readonly Claimed[],
): Promise<Map<number, Entry>> {
  const entries = new Map<number, Entry>();
  for (const { seq } of claimed) {
    if (entries.has(seq)) continue;
    const held = tail.ring.get(seq);
    if (held !== undefined) {
      entries.set(seq, held);
      continue;
    }
    const page = await tail.page({
      after: seq - 1,
      limit: BATCH,
      reader: { organisationId: endpoint.organisation_id },
      matches: () => true,
    });
    for (const entry of page.entries) entries.set(entry.seq, entry);
  }
  return entries;
}
