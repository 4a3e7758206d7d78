import { deliverWebhook } from "@suar/contract";
import { shareTail, writeDeliveries } from "@suar/log";
import { handleJob, type Platform, type Realm } from "@suar/runtime";
import type { Poster } from "../poster.ts";
import type { Courier } from "./courier.ts";
import { type Leased, leaseBatch } from "./lease-batch.ts";
import { Posting } from "./posting.ts";

const ENDPOINTS_AT_ONCE = 16;
/** A worker lets others have a turn after so many batches of one endpoint. */
const MOST_BATCHES = 16;
/** At a stop, posts under way have so long; then they are cut off and due again. */
const LAST_POSTS_MS = 1_500;

/** The realm's workers; the poster is theirs alone and ends with them. */
export async function startDelivering(
  platform: Platform,
  realm: Realm,
  poster: Poster,
): Promise<{ close(): Promise<void> }> {
  const tail = await shareTail(realm, platform);
  const stopWriting = writeDeliveries(realm, platform.log);
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
      await stopWriting();
    },
  };
}

/** Batch after batch: while one is posted, the next is leased, and how the one before went is written. */
async function deliverSome(courier: Courier, endpointId: string): Promise<void> {
  const posting = new Posting(courier);
  let ahead: Promise<Leased | undefined> | undefined;
  try {
    for (let left = MOST_BATCHES; left > 0 && !courier.closing.begun; left--) {
      const leased = await (ahead ?? leaseBatch(courier, endpointId));
      ahead = undefined;
      if (leased === undefined) break;
      if (leased.full && left > 1) ahead = leaseBatch(courier, endpointId);
      ahead?.catch(() => undefined); // thrown where it is waited for
      const batch = await posting.post(leased);
      const good = batch.sent.filter(({ result }) => result.problem === null).length;
      if (good === leased.claimed.length) continue;
      // What went wrong decides how to go on: it is written before anything else is leased or posted.
      posting.giveBack(await ahead);
      ahead = undefined;
      await posting.done();
      if (good === 0 && !leased.full) break;
    }
  } finally {
    posting.giveBack(await ahead?.catch(() => undefined));
    await posting.done();
  }
}
