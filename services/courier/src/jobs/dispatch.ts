import { deliverWebhook } from "@suar/contract";
import { type Entry, type Matcher, shareTail, type Tail, visibleTo } from "@suar/log";
import { channels, type Platform, type Realm, type Stop, startLoop, transaction } from "@suar/runtime";
import { createMatchers } from "../match-endpoint.ts";
import { isResting } from "../schedule.ts";
import { deleteOldAttempts } from "../store/attempt.ts";
import { insertDeliveries } from "../store/delivery.ts";
import {
  disableOfRemoved,
  lockWebhook,
  moveCursor,
  selectActive,
  type WebhookRow,
} from "../store/webhook.ts";

const MOST_AT_ONCE = 1_000;
const CLEAN_EVERY = 50_000;

/**
 * Matches the log against every active endpoint. Matching and moving the endpoint's cursor are one
 * transaction, so nothing is skipped and nothing is matched twice, whoever crashes. An endpoint that is
 * paused or disabled is not looked at: its cursor stands still and it misses nothing.
 */
export async function startDispatching(platform: Platform, realm: Realm): Promise<{ stop: Stop }> {
  const tail = await shareTail(realm, platform);
  const matchers = createMatchers(tail);
  let turns = 0;
  let hasEndpoints = false;
  const loop = startLoop({
    name: `dispatch:${realm.name}`,
    log: platform.log,
    busyMs: 50,
    idleMs: 500,
    step: async () => {
      let more = false;
      await disableOfRemoved(realm.write);
      const active = await selectActive(realm.write);
      hasEndpoints = active.length > 0;
      matchers.keepOnly(active.map(({ id }) => id));
      for (const { id: endpointId, cursor, due } of active) {
        const done =
          cursor < tail.head.seq ? await dispatchTo(realm, tail, endpointId, matchers) : NOTHING_NEW;
        // Woken for what could not be sent, workers would lease it and give it back.
        if ((due || done.found) && tail.isCurrent())
          await platform.queue.wake(realm.name, deliverWebhook, { endpointId }, endpointId);
        more ||= done.more;
      }
      if (turns++ % CLEAN_EVERY === 0) await deleteOldAttempts(realm.write);
      return more;
    },
  });
  const unmove = tail.onMove(
    () => loop.wake(),
    () => hasEndpoints,
  );
  const unlisten = platform.signals.listen(channels.credentials, () => loop.wake());
  return {
    stop: async () => {
      unmove();
      unlisten();
      await loop.stop();
      await tail.stop();
    },
  };
}

/** Whether deliveries were found, and whether the endpoint has more of the log before it. */
type Dispatched = { found: boolean; more: boolean };
const NOTHING_NEW: Dispatched = { found: false, more: false };

async function dispatchTo(
  realm: Realm,
  tail: Tail,
  endpointId: string,
  matchers: ReturnType<typeof createMatchers>,
): Promise<Dispatched> {
  return await transaction(realm.write, async (db) => {
    const endpoint = await lockWebhook(db, endpointId);
    if (endpoint === undefined || endpoint.cursor >= tail.head.seq) return NOTHING_NEW;
    const matches = await matchers.of(endpoint);
    const { seqs, next } = await matchingAfter(tail, endpoint, matches);
    await insertDeliveries(db, endpoint.id, seqs);
    await moveCursor(db, endpoint.id, next);
    return { found: seqs.length > 0 && !isResting(endpoint), more: next < tail.head.seq };
  });
}

async function matchingAfter(
  tail: Tail,
  endpoint: WebhookRow,
  matches: Matcher,
): Promise<{ seqs: number[]; next: number }> {
  const reader = { organisationId: endpoint.organisation_id };
  const { ring } = tail;
  if (endpoint.cursor + 1 < ring.oldest) {
    const page = await tail.page({ after: endpoint.cursor, limit: MOST_AT_ONCE, reader, matches });
    return { seqs: page.entries.map(({ seq }) => seq), next: page.next };
  }
  const seqs: number[] = [];
  let at = endpoint.cursor;
  for (let entry: Entry | undefined; seqs.length < MOST_AT_ONCE; at = entry.seq) {
    entry = ring.get(at + 1);
    if (entry === undefined) break;
    if (visibleTo(entry, reader) && matches(entry)) seqs.push(entry.seq);
  }
  return { seqs, next: at };
}
