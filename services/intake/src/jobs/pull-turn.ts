import { AppError, type SourceKind } from "@suar/contract";
import type { Platform } from "@suar/runtime";
import { parseOptions, type SubmissionOptions } from "@suar/submit";
import type { SourceRow } from "../store/source.ts";
import { pullFeed } from "./pull-feed.ts";
import { pullFile } from "./pull-file.ts";
import { pullMailbox } from "./pull-mailbox.ts";
import { pullPages } from "./pull-pages.ts";
import { type Ended, isBehind, type Puller, startTurn, type Turn, WAIT_MS } from "./puller.ts";

const PULLS: Readonly<Record<SourceKind, (puller: Puller, turn: Turn) => Promise<Ended>>> = {
  taxii: pullPages,
  misp: pullFeed,
  url: pullFile,
  mailbox: pullMailbox,
};

/**
 * Pulls a source into submissions, as far as a turn goes. Its place is kept once what was pulled is durable and not
 * before: what a crash cuts off is pulled again, and under the same key it is the same submission. Throws a TaxiiFault,
 * a SourceFault or an AppError, and Fenced as soon as the source is not ours.
 */
export async function pullTurn(puller: Puller, row: SourceRow, signal: AbortSignal): Promise<Ended> {
  const { platform } = puller;
  if ((await platform.directory.byId(row.organisation_id))?.active !== true)
    throw new AppError("forbidden", "Its organisation is not a member any more");
  const options = await optionsOf(platform, row);
  if (await isBehind(puller, row)) return { goOnInMs: WAIT_MS };
  const time = startTurn(puller.config);
  try {
    return await PULLS[row.kind](puller, { row, options, signal, time });
  } finally {
    time.end();
  }
}

async function optionsOf({ directory }: Platform, row: SourceRow): Promise<SubmissionOptions> {
  return await parseOptions(
    {
      tlp: row.tlp ?? undefined,
      to: row.recipients ?? undefined,
      purpose: row.purpose ?? undefined,
      noForward: row.no_forward || undefined,
      releasableTo: row.releasable_to ?? undefined,
      ...{ pap: undefined, kind: undefined, expires: undefined },
    },
    directory,
  );
}
