import { isWatching, webhookTypeOf } from "@suar/contract";
import { deliveryNotes, type Entry, receiptable } from "@suar/log";
import { metrics, type Platform, type Realm, transaction } from "@suar/runtime";
import type { PostResult } from "../poster.ts";
import { DISABLE_AFTER_MS, MOST_ATTEMPTS, restFor, retryDelay } from "../schedule.ts";
import { insertAttempts, type NewAttempt } from "../store/attempt.ts";
import { type Claimed, type Settled, settleDeliveries } from "../store/delivery.ts";
import { noteHealth, setState, type WebhookRow } from "../store/webhook.ts";

export type Sent = { id: string; claimed: Claimed; entry: Entry; result: PostResult; at: Date };

/** What became of a leased batch. What is in none of the lists is somebody else's by now. */
export type Batch = {
  sent: Sent[];
  /** Not to be shown to the endpoint's owner (any more): done, without a post. */
  hidden: Claimed[];
  /** Not posted, or cut off by our own stop: due at once, for whoever works next. */
  unsent: Claimed[];
};

/** Writes how a batch went, in one transaction. A worker whose lease went over to another writes nothing of it. */
export async function settleBatch(
  platform: Platform,
  realm: Realm,
  endpoint: WebhookRow,
  { sent, hidden, unsent }: Batch,
): Promise<void> {
  const judged = sent.map((one) => ({ one, ...judge(one) }));
  const settled = [
    ...judged.map((one) => one.settled),
    ...hidden.map((one): Settled => ({ ...one, dueInMs: null })),
    ...unsent.map((one): Settled => ({ ...one, dueInMs: 0 })),
  ];
  const ours = await transaction(realm.write, async (db) => {
    const written = await settleDeliveries(db, endpoint.id, settled);
    const kept = judged.filter((one) => written.has(one.settled.seq));
    const attempts = kept.map(({ attempt }) => attempt);
    if (attempts.length > 0) await insertAttempts(db, endpoint.id, attempts);
    return kept;
  });
  const delivered = ours.filter(({ attempt }) => attempt.outcome === "delivered").map(({ one }) => one.entry);
  const told = receiptable(delivered, { isWatching: isWatching(endpoint.filter) });
  const seqs = told.map(({ seq }) => seq);
  deliveryNotes(realm).note(endpoint.organisation_id, "webhook", seqs);
  for (const { attempt } of ours) metrics.deliveries.labels(realm.name, attempt.outcome).inc();
  const results = ours.map(({ one }) => one.result);
  await noteEndpoint(platform, realm, endpoint, results);
}

function judge({ id, claimed, entry, result, at }: Sent): { settled: Settled; attempt: NewAttempt } {
  const number = claimed.attempts + 1;
  const good = result.problem === null;
  const delay = good ? undefined : retryDelay(number, Math.random(), result.retryAfterMs);
  return {
    settled: { seq: claimed.seq, fence: claimed.fence, attempts: number, dueInMs: delay ?? null },
    attempt: {
      messageId: id,
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
  results: readonly PostResult[],
): Promise<void> {
  if (results.length === 0) return;
  if (results.some(({ status }) => status === 410)) {
    await setState(realm.write, endpoint.id, "disabled", "the receiver answered 410 Gone");
    return;
  }
  const worked = results.some(({ problem }) => problem === null);
  if (worked && endpoint.failures === 0 && endpoint.failing_since === null) return;
  const failures = worked ? 0 : endpoint.failures + results.length;
  const failingSince = worked ? null : (endpoint.failing_since ?? new Date());
  await noteHealth(realm.write, endpoint.id, { failures, failingSince, restMs: restFor(failures) });
  if (failingSince !== null && Date.now() - failingSince.getTime() > DISABLE_AFTER_MS) {
    await setState(realm.write, endpoint.id, "disabled", "no post succeeded for five days");
    platform.log.warn({ endpoint: endpoint.id }, "webhook disabled after five days without a success");
  }
}
