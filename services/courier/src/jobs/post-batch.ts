import type { KeyObject } from "node:crypto";
import { type Entry, visibleTo } from "@suar/log";
import type { Platform } from "@suar/runtime";
import { itemMessage, messageId } from "../message.ts";
import { liveKeys, signedHeaders } from "../signature.ts";
import type { Claimed } from "../store/delivery.ts";
import type { WebhookRow } from "../store/webhook.ts";
import type { Courier } from "./courier.ts";
import type { Leased } from "./lease-batch.ts";
import type { Batch, Sent } from "./settle-batch.ts";

const POSTS_AT_ONCE = 16;
/** The most entries that are read from the log at once, where the ring no longer has them. */
const PAGE = 500;

/** Posts a leased batch, oldest first. An endpoint that takes nothing is not given the rest of it. */
export async function postBatch(courier: Courier, { endpoint, claimed, lease }: Leased): Promise<Batch> {
  const { closing, platform } = courier;
  const entries = await entriesOf(courier, endpoint, claimed);
  const keys = liveKeys(platform.secrets, endpoint.secrets, new Date());
  const batch: Batch = { sent: [], hidden: [], unsent: [] };
  let worked = false;
  let next = 0;
  const post = async (): Promise<void> => {
    for (let one = claimed[next++]; one !== undefined; one = claimed[next++]) {
      const entry = entries.get(one.seq);
      const isGone = await isRemoved(platform, endpoint);
      // Asked again at the moment of sending: the one check of the shared tail.
      if (entry === undefined || !visibleTo(entry, { organisationId: endpoint.organisation_id }))
        batch.hidden.push(one);
      else if (isGone || closing.begun || (!worked && batch.sent.length >= POSTS_AT_ONCE))
        batch.unsent.push(one);
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

/** A batch that was begun before may take its time. */
async function isRemoved({ directory }: Platform, endpoint: WebhookRow): Promise<boolean> {
  return (await directory.byId(endpoint.organisation_id))?.active !== true;
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
  { tail }: Courier,
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
      limit: PAGE,
      reader: { organisationId: endpoint.organisation_id },
      matches: () => true,
    });
    for (const entry of page.entries) entries.set(entry.seq, entry);
  }
  return entries;
}
