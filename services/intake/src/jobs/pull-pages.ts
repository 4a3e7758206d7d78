import { createHash } from "node:crypto";
import { AppError } from "@suar/contract";
import { takesJson } from "@suar/formats";
import type { Platform, Realm } from "@suar/runtime";
import { acceptSubmission, parseOptions, type SubmissionOptions } from "@suar/submit";
import {
  Connection,
  type FoundCollection,
  findCollection,
  PULL_LIMITS,
  type PulledObject,
  type PulledPart,
  type PullLimits,
  type PullPlace,
  pullObjects,
  type TaxiiFetch,
} from "@suar/taxii";
import type { IntakeConfig } from "../config.ts";
import { Fenced } from "../fenced.ts";
import { openCredential } from "../pull/own-source.ts";
import { type KeptPage, keepPlace, noteFound, type SourceRow } from "../store/source.ts";
import { countPulledUnfinished } from "../store/submission.ts";

const PAGE_OBJECTS = 1_000;
/** A worker lets other sources have a turn after so many pages. */
const MOST_PAGES = 50;
/** Submissions of an organisation's sources that may wait to be normalized: no more is pulled before they are. */
const MOST_WAITING = 8;
const WAIT_MS = 500;

export type Puller = { platform: Platform; realm: Realm; config: IntakeConfig; fetch: TaxiiFetch };

/** Done, or to be gone on with. */
type Ended = "done" | { goOnInMs: number };

/**
 * Pulls page after page into submissions. A page's place is kept once its submissions are durable and not before: what
 * a crash cuts off is pulled again, and under the same key it is the same submission. Throws a TaxiiFault or an
 * AppError, and Fenced as soon as the source is not ours.
 */
export async function pullPages(puller: Puller, row: SourceRow, signal: AbortSignal): Promise<Ended> {
  const { platform, realm } = puller;
  if ((await platform.directory.byId(row.organisation_id))?.active !== true)
    throw new AppError("forbidden", "Its organisation is not a member any more");
  const options = await parseOptions(
    {
      tlp: row.tlp ?? undefined,
      to: row.recipients ?? undefined,
      purpose: row.purpose ?? undefined,
      noForward: row.no_forward || undefined,
      releasableTo: row.releasable_to ?? undefined,
      ...{ pap: undefined, kind: undefined, expires: undefined },
    },
    platform.directory,
  );
  if (await isBehind(puller, row)) return { goOnInMs: WAIT_MS };
  const connection = connect(puller, row, signal);
  const collection = await collectionOf(puller, row, connection);
  let place = row.place;
  let page = EMPTY;
  for await (const part of pullObjects(connection, collection, {
    from: place,
    limit: PAGE_OBJECTS,
    mostPages: MOST_PAGES,
  })) {
    const objects = part.objects.filter(({ text }) => takesJson(text));
    const pulled = { objects, part, url: collection.url.href, options, place };
    const missing = part.leftOut.length + (part.tooLarge ?? 0);
    page = {
      objects: page.objects + part.objects.length + missing,
      leftOut: page.leftOut + part.objects.length - objects.length + missing,
      submission: objects.length > 0 ? await submit(puller, row, pulled) : page.submission,
    };
    if (part.place === undefined) continue;
    place = part.place;
    if (signal.aborted || !(await keepPlace(realm.write, row, { ...page, place }))) throw new Fenced();
    if (part.more !== true) return "done";
    if (await isBehind(puller, row)) return { goOnInMs: WAIT_MS };
    page = EMPTY;
  }
  return { goOnInMs: 0 };
}

const EMPTY: Omit<KeptPage, "place"> = { objects: 0, leftOut: 0, submission: undefined };

async function isBehind({ realm }: Puller, { organisation_id }: SourceRow): Promise<boolean> {
  return (await countPulledUnfinished(realm.write, organisation_id)) >= MOST_WAITING;
}

function connect({ platform, config, fetch }: Puller, row: SourceRow, signal: AbortSignal): Connection {
  const credential = openCredential(platform.secrets, row);
  return new Connection({ url: new URL(row.url), fetch, limits: limitsOf(config), credential, signal });
}

/** A part has to fit into a submission that is read as a whole, with the definitions of its markings. */
function limitsOf({ SUAR_SOURCE_TIMEOUT_MS: ms, SUAR_DOCUMENT_LIMIT: most }: IntakeConfig): PullLimits {
  const partBytes = Math.min(PULL_LIMITS.partBytes, most / 2);
  return {
    ...PULL_LIMITS,
    headersMs: ms,
    idleMs: ms,
    partBytes,
    objectBytes: Math.min(partBytes, PULL_LIMITS.objectBytes),
  };
}

/** What was found once is not looked for again, until it is gone. */
async function collectionOf(
  { realm }: Puller,
  row: SourceRow,
  connection: Connection,
): Promise<FoundCollection> {
  if (row.found !== null) return { ...row.found, url: new URL(row.found.url) };
  const { url, id, title } = await findCollection(connection, row.collection ?? undefined);
  await noteFound(realm.write, row, { url: url.href, id, title });
  return { url, id, title };
}

type Pulled = {
  objects: readonly PulledObject[];
  part: PulledPart;
  url: string;
  options: SubmissionOptions;
  /** Where its page was asked for. */
  place: PullPlace;
};

async function submit({ platform, realm, config }: Puller, row: SourceRow, pulled: Pulled): Promise<string> {
  const { objects, part, url, place } = pulled;
  const options = {
    ...pulled.options,
    origin: { url, ...(part.last !== undefined && { added: part.last }) },
  };
  const bytes = Buffer.from(`{"objects":[${objects.map(({ text }) => text).join(",")}]}`);
  const key = createHash("sha256")
    .update(JSON.stringify([row.id, place, options]))
    .update(bytes);
  const { id } = await acceptSubmission(realm, platform.queue, {
    organisationId: row.organisation_id,
    actor: row.created_by,
    format: "stix",
    options,
    source: (async function* () {
      yield bytes;
    })(),
    maxBytes: config.SUAR_DOCUMENT_LIMIT,
    idempotencyKey: `pull-${key.digest("hex")}`,
  });
  return id;
}
