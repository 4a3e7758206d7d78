import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SuarClient } from "../../client.ts";
import { SuarError } from "../../error.ts";
import { writeAtomically } from "../shell/profiles.ts";
import type { Finding } from "./findings.ts";
import { ANY_FILE, textsIn } from "./item-files.ts";
import { readDelivered } from "./read-delivered.ts";

type Fetched = { fetched: number; held: number; findings: Finding[] };

/** What was delivered, in a folder, and ids of one's own objects. */
type Wanted = { inbox: string | undefined; sent: readonly string[] };

/** Fetches the receipts that are not in the folder yet, a file each. */
export async function fetchReceipts(
  client: SuarClient,
  { inbox, sent }: Wanted,
  receipts: string,
): Promise<Fetched> {
  const found: Fetched = { fetched: 0, held: 0, findings: [] };
  const fetch = async (seq: number, place: string): Promise<void> => {
    const file = join(receipts, `${seq}.json`);
    if (existsSync(file)) found.held += 1;
    else {
      const message = await fetchOne(client, seq, file);
      if (message === undefined) found.fetched += 1;
      else found.findings.push({ code: "no-receipt", seq, place, message });
    }
  };
  const bare = new Map<string, string>();
  if (inbox !== undefined)
    for await (const { place, text } of textsIn(inbox, ANY_FILE))
      for (const read of readDelivered(text, place))
        if ("item" in read) await fetch(read.item.seq, read.place);
        else if ("assertion" in read) await fetch(read.assertion.seq, read.place);
        else if ("object" in read) bare.set(read.object.id, read.place);
        else if ("listed" in read) bare.set(read.listed.id, read.place);
        else found.findings.push({ code: "unreadable", seq: null, place: read.place, message: read.problem });
  if (bare.size > 0) for await (const { seq, place } of entriesOf(client, bare)) await fetch(seq, place);
  for (const id of sent) for await (const { seq } of client.objects.receipts(id)) await fetch(seq, id);
  return found;
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

/** Why there is no receipt; whatever the platform answers of one, the others are asked for. */
async function fetchOne(client: SuarClient, seq: number, file: string): Promise<string | undefined> {
  try {
    await writeAtomically(file, `${JSON.stringify(await client.tlog.receipt(seq))}\n`);
    return undefined;
  } catch (error) {
    if (!(error instanceof SuarError) || !ABOUT_THIS_ONE.has(error.status ?? 0)) throw error;
    const { status, message } = error;
    return status === 404 ? "the log has none for you" : `the platform answers ${status}: ${message}`;
  }
}

/** Not found, not logged or not covered by a checkpoint, and rows that do not fit together. */
const ABOUT_THIS_ONE = new Set([404, 409, 500]);
