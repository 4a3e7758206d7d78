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
      else if (await fetchOne(client, seq, file)) found.fetched += 1;
      else
        found.findings.push({
          code: "no-receipt",
          seq,
          place: read.place,
          message: "the log has none for you",
        });
    }
  return found;
}

async function fetchOne(client: SuarClient, seq: number, file: string): Promise<boolean> {
  try {
    await writeAtomically(file, `${JSON.stringify(await client.tlog.receipt(seq))}\n`);
    return true;
  } catch (error) {
    if (error instanceof SuarError && error.status === 404) return false;
    throw error;
  }
}
