import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Receipt } from "@suar/merkle";
import type { SuarClient } from "../../client.ts";
import { SuarError } from "../../error.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { writeAtomically } from "../shell/profiles.ts";
import { readText } from "../shell/read-text.ts";
import type { Finding } from "./findings.ts";
import { ANY_FILE, textsIn } from "./item-files.ts";
import { readDelivered } from "./read-delivered.ts";
import { apartFrom, type Believed, waitsForWitnesses } from "./renew-receipt.ts";

type Fetched = {
  fetched: number;
  held: number;
  /** Of those in the folder now, how many too few members have cosigned. */
  waiting: number;
  findings: Finding[];
};

/** In place of ids: whatever one's own organisation stated. */
const ALL_SENT = "all";

/** What was delivered, in a folder, and ids of one's own objects. */
type Wanted = { inbox: string | undefined; sent: readonly string[] };

/** Fetches the receipts that are not in the folder yet, a file each, and anew those that wait for witnesses. */
export async function fetchReceipts(
  client: SuarClient,
  { inbox, sent }: Wanted,
  receipts: string,
  believed: Believed,
): Promise<Fetched> {
  const folder = new ReceiptFolder(client, receipts, believed);
  const { found } = folder;
  const bare = new Map<string, string>();
  if (inbox !== undefined)
    for await (const { place, text } of textsIn(inbox, ANY_FILE))
      for (const read of readDelivered(text, place))
        if ("item" in read) await folder.want(read.item.seq, read.place);
        else if ("assertion" in read) await folder.want(read.assertion.seq, read.place);
        else if ("object" in read) bare.set(read.object.id, read.place);
        else if ("listed" in read) bare.set(read.listed.id, read.place);
        else found.findings.push({ code: "unreadable", seq: null, place: read.place, message: read.problem });
  if (bare.size > 0)
    for await (const { seq, place } of entriesOf(client, bare)) await folder.want(seq, place);
  for await (const id of sent.includes(ALL_SENT) ? ownIds(client) : sent)
    for await (const { seq } of client.objects.receipts(id)) await folder.want(seq, id);
  return found;
}

/** Receipts, a file each. What is kept is never replaced by what differs from it. */
class ReceiptFolder {
  readonly found: Fetched = { fetched: 0, held: 0, waiting: 0, findings: [] };
  readonly #client: SuarClient;
  readonly #folder: string;
  readonly #believed: Believed;
  readonly #asked = new Set<number>();

  constructor(client: SuarClient, folder: string, believed: Believed) {
    this.#client = client;
    this.#folder = folder;
    this.#believed = believed;
  }

  async want(seq: number, place: string): Promise<void> {
    const isAsked = this.#asked.has(seq);
    const kept = await this.#kept(seq);
    if (kept !== undefined && (isAsked || !waitsForWitnesses(kept, this.#believed))) {
      this.found.held += 1;
      return;
    }
    this.#asked.add(seq);
    const receipt = await askFor(this.#client, seq);
    if ("code" in receipt) this.found.findings.push({ ...receipt, seq, place });
    else if (kept === undefined) await this.#write(seq, receipt);
    else await this.#renew(seq, kept, receipt);
  }

  async #renew(seq: number, kept: string, fresh: Receipt): Promise<void> {
    const code = apartFrom(kept, fresh, this.#believed);
    if (code !== undefined) {
      const place = join(this.#folder, `${seq}-again.json`);
      await writeAtomically(place, `${JSON.stringify(fresh)}\n`);
      const message = `what the platform hands out now is not what ${seq}.json shows: keep both`;
      this.found.findings.push({ code, seq, place, message });
    } else if (waitsForWitnesses(JSON.stringify(fresh), this.#believed)) {
      this.found.held += 1;
      this.found.waiting += 1;
    } else await this.#write(seq, fresh);
  }

  async #write(seq: number, receipt: Receipt): Promise<void> {
    const text = JSON.stringify(receipt);
    await writeAtomically(this.#file(seq), `${text}\n`);
    this.found.fetched += 1;
    if (waitsForWitnesses(text, this.#believed)) this.found.waiting += 1;
  }

  async #kept(seq: number): Promise<string | undefined> {
    const file = this.#file(seq);
    return existsSync(file) ? await readText(file) : undefined;
  }

  #file(seq: number): string {
    return join(this.#folder, `${seq}.json`);
  }
}

/** Each id once, although every version of it is listed. */
async function* ownIds(client: SuarClient): AsyncGenerator<string> {
  const { organisation } = await client.identity.whoAmI();
  if (organisation === null) throw new UsageError("--sent all is for a key of an organisation");
  const seen = new Set<string>();
  for await (const { object } of client.objects.list({ producer: organisation })) {
    if (seen.has(object.id)) continue;
    seen.add(object.id);
    yield object.id;
  }
}

/** All entries of some ids, which were delivered without their places: the log is gone through once. */
async function* entriesOf(
  client: SuarClient,
  places: ReadonlyMap<string, string>,
): AsyncGenerator<{ seq: number; place: string }> {
  for await (const { seq, object } of client.log.items({ limit: 1_000 })) {
    const place = places.get(object.id);
    if (place !== undefined) yield { seq, place };
  }
}

/** The receipt, or why there is none; whatever the platform answers of one, the others are asked for. */
async function askFor(client: SuarClient, seq: number): Promise<Receipt | Pick<Finding, "code" | "message">> {
  try {
    return await client.tlog.receipt(seq);
  } catch (error) {
    if (!(error instanceof SuarError) || !ABOUT_THIS_ONE.has(error.status ?? 0)) throw error;
    const { status, message } = error;
    if (status === 404) return { code: "no-receipt", message: "the log has none for you" };
    const code = status === 500 ? "platform-refuses" : "no-receipt";
    return { code, message: `the platform answers ${status}: ${message}` };
  }
}

/** Not found, not logged or not covered by a checkpoint, and rows that do not fit together. */
const ABOUT_THIS_ONE = new Set([404, 409, 500]);
