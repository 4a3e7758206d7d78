import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SuarClient } from "../../client.ts";
import { SuarError } from "../../error.ts";
import { writeAtomically } from "../profiles.ts";
import type { Finding } from "./findings.ts";
import { readItems, textsIn } from "./item-files.ts";

type Fetched = { fetched: number; held: number; findings: Finding[] };

/** Fetches the receipts of an inbox that are not in the folder yet, a file each. */
export async function fetchReceipts(client: SuarClient, inbox: string, receipts: string): Promise<Fetched> {
  const found: Fetched = { fetched: 0, held: 0, findings: [] };
  for await (const { place, text } of textsIn(inbox))
    for (const read of readItems(text, place)) {
      if ("problem" in read) {
        found.findings.push({ code: "unreadable", seq: null, place: read.place, message: read.problem });
        continue;
      }
      const { seq } = read.item;
      const file = join(receipts, `${seq}.json`);
      if (existsSync(file)) found.held += 1;
      else {
        const message = await fetchOne(client, seq, file);
        if (message === undefined) found.fetched += 1;
        else found.findings.push({ code: "no-receipt", seq, place: read.place, message });
      }
    }
  return found;
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
