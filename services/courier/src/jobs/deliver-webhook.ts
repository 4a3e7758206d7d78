import { deliverWebhook, webhookTypeOf } from "@suar/contract";
import { type Entry, shareTail, type Tail, visibleTo } from "@suar/log";
import { handleJob, metrics, type Platform, type Realm } from "@suar/runtime";
import { itemMessage, messageId } from "../message.ts";
import type { Poster, PostResult } from "../poster.ts";
import { DISABLE_AFTER_MS, MOST_ATTEMPTS, restFor, retryDelay } from "../schedule.ts";
import { liveSecrets, signedHeaders } from "../signature.ts";
import { insertAttempts, type NewAttempt } from "../store/attempt.ts";
import { type Claimed, claimDeliveries, type Settled, settleDeliveries } from "../store/delivery.ts";
import { noteHealth, selectById, setState, type WebhookRow } from "../store/webhook.ts";

const ENDPOINTS_AT_ONCE = 16;
const BATCH = 64;
const POSTS_AT_ONCE = 16;
const LEASE_MS = 60_000;
/** A worker lets others have a turn after so many batches of one endpoint. */
const MOST_BATCHES = 50;

export async function startDelivering(
  platform: Platform,
  realm: Realm,
  poster: Poster,
): Promise<{ close(): Promise<void> }> {
  const tail = await shareTail(realm, platform.directory, platform.signals, platform.log);
  let stopping = false;
  const handler = handleJob(deliverWebhook, async ({ endpointId }) => {
    for (let batches = 0; batches < MOST_BATCHES && !stopping; batches++) {
      if (!(await deliverBatch(platform, realm, tail, poster, endpointId))) return;
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
      stopping = true;
      await worker.close();
      await tail.stop();
    },
  };
}

type Sent = { claimed: Claimed; entry: Entry; result: PostResult; at: Date };

/** Posts one leased batch; true when there may be more that is due. */
async function deliverBatch(
  platform: Platform,
  realm: Realm,
  tail: Tail,
  poster: Poster,
  endpointId: string,
): Promise<boolean> {
  const endpoint = await selectById(realm.write, endpointId);
  if (endpoint === undefined || endpoint.state !== "active" || isResting(endpoint)) return false;
  // An endpoint that fails is tried with its oldest delivery alone, not with all that wait.
  const claimed = await claimDeliveries(
    realm.write,
    endpoint.id,
    restFor(endpoint.failures) > 0 ? 1 : BATCH,
    LEASE_MS,
  );
  if (claimed.length === 0) return false;
  const entries = await entriesOf(tail, endpoint, claimed);
  const secrets = liveSecrets(platform.secrets, endpoint.secrets, new Date());
  const sent: Sent[] = [];
  const waiting = claimed.filter(({ seq }) => entries.has(seq));
  let next = 0;
  const post = async (): Promise<void> => {
    for (let one = waiting[next++]; one !== undefined; one = waiting[next++]) {
      const entry = entries.get(one.seq);
      // Asked again at the moment of sending: the one check of the shared tail.
      if (entry === undefined || !visibleTo(entry, { organisationId: endpoint.organisation_id })) continue;
      const at = new Date();
      const message = itemMessage(entry, realm.name, tail.head.epoch);
      const id = messageId(endpoint.id, entry.seq);
      const headers = signedHeaders({ id, at, body: message.body, secrets });
      sent.push({
        claimed: one,
        entry,
        at,
        result: await poster.post({ url: endpoint.url, headers, body: message.body }),
      });
    }
  };
  await Promise.all(Array.from({ length: POSTS_AT_ONCE }, post));
  await settle(platform, realm, endpoint, claimed, sent);
  return claimed.length === BATCH || sent.some(({ result }) => result.problem === null);
}

function isResting(endpoint: WebhookRow): boolean {
  return endpoint.resting_until !== null && endpoint.resting_until.getTime() > Date.now();
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

async function settle(
  platform: Platform,
  realm: Realm,
  endpoint: WebhookRow,
  claimed: readonly Claimed[],
  sent: readonly Sent[],
): Promise<void> {
  const outcomes = sent.map((one) => judge(endpoint, one));
  const touched = new Set(sent.map((one) => one.claimed.seq));
  // Leased but not to be shown (any more): done, without a post.
  const dropped = claimed
    .filter(({ seq }) => !touched.has(seq))
    .map((one): Settled => ({ ...one, state: "delivered", dueInMs: 0 }));
  await settleDeliveries(realm.write, endpoint.id, [...outcomes.map(({ settled }) => settled), ...dropped]);
  await insertAttempts(
    realm.write,
    endpoint.id,
    outcomes.map(({ attempt }) => attempt),
  );
  for (const { attempt } of outcomes) metrics.deliveries.labels(realm.name, attempt.outcome).inc();
  await noteEndpoint(platform, realm, endpoint, sent);
}

function judge(
  endpoint: WebhookRow,
  { claimed, entry, result, at }: Sent,
): { settled: Settled; attempt: NewAttempt } {
  const number = claimed.attempts + 1;
  const good = result.problem === null;
  const delay = good ? undefined : retryDelay(number, Math.random(), result.retryAfterMs);
  const state = good ? "delivered" : delay === undefined ? "exhausted" : "waiting";
  return {
    settled: { seq: claimed.seq, fence: claimed.fence, state, attempts: number, dueInMs: delay ?? 0 },
    attempt: {
      messageId: messageId(endpoint.id, entry.seq),
      seq: entry.seq,
      type: webhookTypeOf(entry.kind),
      number: Math.min(number, MOST_ATTEMPTS),
      at,
      durationMs: result.durationMs,
      status: result.status,
      outcome: good ? "delivered" : delay === undefined ? "exhausted" : "retrying",
      problem: result.problem,
      nextAt: delay === undefined ? null : new Date(Date.now() + delay),
    },
  };
}

async function noteEndpoint(
  platform: Platform,
  realm: Realm,
  endpoint: WebhookRow,
  sent: readonly Sent[],
): Promise<void> {
  if (sent.length === 0) return;
  if (sent.some(({ result }) => result.status === 410)) {
    await setState(realm.write, endpoint.id, "disabled", "the receiver answered 410 Gone");
    return;
  }
  const worked = sent.some(({ result }) => result.problem === null);
  if (worked && endpoint.failures === 0 && endpoint.failing_since === null) return;
  const failures = worked ? 0 : endpoint.failures + sent.length;
  const failingSince = worked ? null : (endpoint.failing_since ?? new Date());
  await noteHealth(realm.write, endpoint.id, { failures, failingSince, restMs: restFor(failures) });
  if (failingSince !== null && Date.now() - failingSince.getTime() > DISABLE_AFTER_MS) {
    await setState(realm.write, endpoint.id, "disabled", "no post succeeded for five days");
    platform.log.warn({ endpoint: endpoint.id }, "webhook disabled after five days without a success");
  }
}
