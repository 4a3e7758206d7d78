import type { KeyObject } from "node:crypto";
import { type Entry, visibleTo } from "@suar/log";
import type { Platform } from "@suar/runtime";
import { itemMessage, messageId } from "../message.ts";
import { liveKeys, signedHeaders } from "../signature.ts";
import type { Claimed } from "../store/delivery.ts";
import type { WebhookRow } from "../store/webhook.ts";
import { BatchEntries } from "./batch-entries.ts";
import type { Courier } from "./courier.ts";
import type { Leased } from "./lease-batch.ts";
import type { Batch, Sent } from "./settle-batch.ts";

const POSTS_AT_ONCE = 16;

/** Posts a leased batch, oldest first. An endpoint that takes nothing is not given the rest of it. */
export async function postBatch(courier: Courier, { endpoint, claimed, lease }: Leased): Promise<Batch> {
  const { closing, platform } = courier;
  const entries = new BatchEntries(courier.tail, endpoint, claimed);
  const keys = liveKeys(platform.secrets, endpoint.secrets, new Date());
  const batch: Batch = { sent: [], hidden: [], unsent: [] };
  let worked = false;
  let next = 0;
  const post = async (): Promise<void> => {
    for (let one = claimed[next++]; one !== undefined; one = claimed[next++]) {
      // Read and asked again at the moment of sending: the one check of the shared tail.
      const entry = await entries.now(one.seq);
      const isGone = await isRemoved(platform, endpoint);
      const isLate = isGone || closing.begun || !courier.tail.isCurrent();
      if (entry === undefined || !visibleTo(entry, { organisationId: endpoint.organisation_id }))
        batch.hidden.push(one);
      else if (isLate || (!worked && batch.sent.length >= POSTS_AT_ONCE)) batch.unsent.push(one);
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
