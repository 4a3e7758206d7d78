import type { Courier } from "./courier.ts";
import type { Leased } from "./lease-batch.ts";
import { postBatch } from "./post-batch.ts";
import { type Batch, settleBatch } from "./settle-batch.ts";

/** Posts batches of an endpoint; how each went is written, one after the other, while the next is posted. */
export class Posting {
  readonly #courier: Courier;
  #last: Promise<void> = Promise.resolve();

  constructor(courier: Courier) {
    this.#courier = courier;
  }

  /** Posts a batch, and begins to write how it went. */
  async post(leased: Leased): Promise<Batch> {
    try {
      const batch = await postBatch(this.#courier, leased);
      this.#settle(leased, batch);
      return batch;
    } catch (error) {
      leased.lease.end();
      throw error;
    }
  }

  /** What was leased and not posted is due again at once. */
  giveBack(leased: Leased | undefined): void {
    if (leased !== undefined) this.#settle(leased, { sent: [], hidden: [], unsent: [...leased.claimed] });
  }

  /** Until all is written; throws what went wrong with that. */
  async done(): Promise<void> {
    await this.#last;
  }

  #settle({ endpoint, lease }: Leased, batch: Batch): void {
    const { platform, realm } = this.#courier;
    this.#last = this.#last
      .then(async () => await settleBatch(platform, realm, endpoint, batch))
      .finally(lease.end);
    this.#last.catch(() => undefined); // thrown by `done`
  }
}
