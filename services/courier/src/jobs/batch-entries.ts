import type { Entry, Tail } from "@suar/log";
import type { Claimed } from "../store/delivery.ts";
import type { WebhookRow } from "../store/webhook.ts";

/** The most entries that are read from the log at once, where the ring no longer has them. */
const PAGE = 500;
/** What was read from the log is read again after so long: a slow receiver's batch lasts minutes. */
const FRESH_MS = 200;

/** The entries of a leased batch, each as it is when its turn comes: it may be closed since the batch was leased. */
export class BatchEntries {
  readonly #tail: Pick<Tail, "ring" | "page">;
  readonly #reader: { organisationId: number };
  readonly #seqs: ReadonlySet<number>;
  readonly #read = new Map<number, { entry: Entry | undefined; at: number }>();
  /** One page at a time: many posts wait for the same one. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    tail: Pick<Tail, "ring" | "page">,
    { organisation_id: organisationId }: Pick<WebhookRow, "organisation_id">,
    claimed: readonly Pick<Claimed, "seq">[],
  ) {
    this.#tail = tail;
    this.#reader = { organisationId };
    this.#seqs = new Set(claimed.map(({ seq }) => seq));
  }

  /** From the ring where that holds it, else from the log; undefined where the endpoint may not see it. */
  async now(seq: number): Promise<Entry | undefined> {
    const held = this.#tail.ring.get(seq);
    if (held !== undefined) return held;
    const known = this.#turn.then(async () => await this.#fromLog(seq));
    this.#turn = known.catch(() => undefined); // thrown where it is waited for
    return await known;
  }

  async #fromLog(seq: number): Promise<Entry | undefined> {
    const known = this.#read.get(seq);
    if (known !== undefined && performance.now() - known.at < FRESH_MS) return known.entry;
    await this.#readFrom(seq);
    return this.#read.get(seq)?.entry;
  }

  /** What is due lies together: the page has the next ones, too. */
  async #readFrom(seq: number): Promise<void> {
    const at = performance.now();
    const wanted = [...this.#seqs].filter((one) => one >= seq).sort((a, b) => a - b);
    const { entries, next } = await this.#tail.page({
      after: seq - 1,
      limit: Math.min(wanted.length, PAGE),
      reader: this.#reader,
      matches: (entry) => this.#seqs.has(entry.seq),
    });
    const found = new Map(entries.map((entry) => [entry.seq, entry]));
    for (const one of wanted) if (one <= next) this.#read.set(one, { entry: found.get(one), at });
  }
}
