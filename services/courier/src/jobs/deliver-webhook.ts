import { deliverWebhook } from "@suar/contract";
import { type Entry, shareTail, type Tail, visibleTo } from "@suar/log";
import { handleJob, type Platform, type Realm } from "@suar/runtime";
import { keepLease, LEASE_MS, type Lease } from "../keep-lease.ts";
import { itemMessage, messageId } from "../message.ts";
import type { Poster } from "../poster.ts";
import { isResting, restFor } from "../schedule.ts";
import { liveSecrets, signedHeaders } from "../signature.ts";
import { type Claimed, claimDeliveries, renewLeases } from "../store/delivery.ts";
import { selectById, type WebhookRow } from "../store/webhook.ts";
import { type Batch, type Sent, settleBatch } from "./settle-batch.ts";

const ENDPOINTS_AT_ONCE = 16;
const BATCH = 64;
const POSTS_AT_ONCE = 16;
/** A worker lets others have a turn after so many batches of one endpoint. */
const MOST_BATCHES = 50;
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
  const handler = handleJob(deliverWebhook, async ({ endpointId }) => {
    for (let batches = 0; batches < MOST_BATCHES && !closing.begun; batches++) {
      if (!(await deliverBatch(courier, endpointId))) return;
    }
  });
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

/** Posts one leased batch; true when there may be more that is due. */
async function deliverBatch(courier: Courier, endpointId: string): Promise<boolean> {
  const { platform, realm } = courier;
  const endpoint = await selectById(realm.write, endpointId);
  if (endpoint === undefined || endpoint.state !== "active" || isResting(endpoint)) return false;
  // An endpoint that fails is tried with its oldest delivery alone, not with all that wait.
  const most = restFor(endpoint.failures) > 0 ? 1 : BATCH;
  const claimedAt = performance.now();
  const claimed = await claimDeliveries(realm.write, endpoint.id, most, LEASE_MS);
  if (claimed.length === 0) return false;
  const lease = keepLease({
    seqs: claimed.map(({ seq }) => seq),
    claimedAt,
    renew: async () => await renewLeases(realm.write, endpoint.id, claimed, LEASE_MS),
    failed: (error) => platform.log.debug({ err: error }, "could not renew a lease just now"),
  });
  try {
    const batch = await postBatch(courier, endpoint, claimed, lease);
    await settleBatch(platform, realm, endpoint, batch);
    return claimed.length === BATCH || batch.sent.some(({ result }) => result.problem === null);
  } finally {
    lease.end();
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
  const secrets = liveSecrets(platform.secrets, endpoint.secrets, new Date());
  const batch: Batch = { sent: [], hidden: [], unsent: [] };
  let next = 0;
  const post = async (): Promise<void> => {
    for (let one = claimed[next++]; one !== undefined; one = claimed[next++]) {
      const entry = entries.get(one.seq);
      // Asked again at the moment of sending: the one check of the shared tail.
      if (entry === undefined || !visibleTo(entry, { organisationId: endpoint.organisation_id }))
        batch.hidden.push(one);
      else if (closing.begun) batch.unsent.push(one);
      else if (lease.holds(one.seq)) {
        const sent = await postOne(courier, endpoint, one, entry, secrets);
        // What fails after we cut it off is not the receiver's failure.
        if (closing.cutOff && sent.result.problem !== null) batch.unsent.push(one);
        else batch.sent.push(sent);
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
  secrets: readonly string[],
): Promise<Sent> {
  const at = new Date();
  const { body } = itemMessage(entry, realm.name, tail.head.epoch);
  const headers = signedHeaders({ id: messageId(endpoint.id, entry.seq), at, body, secrets });
  return { claimed, entry, at, result: await poster.post({ url: endpoint.url, headers, body }) };
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
