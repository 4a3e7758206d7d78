import { KnownContent } from "@suar/submit";
import type { FileReply } from "@suar/taxii";
import { normalizeContext } from "../normalize/normalize-context.ts";
import { conditionsOf, FilePlace, validatorsOf } from "../pull/places.ts";
import { refusePage } from "../pull/refuse-page.ts";
import { checkInput, type Input, openInput } from "../submission/input.ts";
import {
  addressOf,
  connect,
  type Ended,
  keep,
  type Puller,
  type Submitted,
  submitPulled,
  type Turn,
} from "./puller.ts";

/**
 * Pulls a file of any format. What has not changed is not submitted: the server says so (RFC 9110 §13.1), or the hash
 * of its content does. It goes by as a stream, however long it is.
 */
export async function pullFile(puller: Puller, turn: Turn): Promise<Ended> {
  const { row } = turn;
  const place = FilePlace.parse(row.place);
  const conditions = conditionsOf(place.validators);
  const reply = await connect(puller, turn).openFile(
    addressOf(row),
    conditions,
    puller.config.SUAR_SUBMISSION_LIMIT,
  );
  try {
    if (!reply.isUnchanged) await take(puller, turn, place, reply);
    return "done";
  } finally {
    reply.close();
  }
}

async function take(puller: Puller, turn: Turn, place: FilePlace, reply: FileReply): Promise<void> {
  const submitted = await submit(puller, turn, place, reply);
  const validators = validatorsOf(reply.headers);
  const { sha256 } = submitted ?? {};
  await keep(puller, turn, {
    place: {
      ...place,
      validators,
      ...(sha256 && { sha256, taken: place.taken + 1, last: changedAt(validators.lastModified) }),
    },
    objects: submitted === undefined ? 0 : 1,
    leftOut: 0,
    submission: submitted?.id,
  });
}

/** When the server says that it changed; else now. */
function changedAt(lastModified: string | undefined): string {
  const said = Date.parse(lastModified ?? "");
  return new Date(Number.isNaN(said) ? Date.now() : Math.min(said, Date.now())).toISOString();
}

/** Undefined where the content is the one that was submitted last. */
async function submit(
  puller: Puller,
  turn: Turn,
  { taken, sha256 }: FilePlace,
  reply: FileReply,
): Promise<Submitted | undefined> {
  const { reader, source, maxBytes } = await openReply(puller, turn, reply);
  try {
    return await submitPulled(puller, turn, {
      format: reader.name,
      origin: originOf(addressOf(turn.row)),
      source,
      maxBytes,
      key: taken,
      known: sha256 === undefined ? undefined : Buffer.from(sha256, "hex"),
    });
  } catch (error) {
    if (error instanceof KnownContent) return undefined;
    throw error;
  }
}

/** Whatever is certain to fail as a whole is the source's problem, and no submission. */
async function openReply(puller: Puller, { row, options }: Turn, reply: FileReply): Promise<Input> {
  const { platform, realm, config } = puller;
  const mediaType = reply.headers.get("content-type") ?? undefined;
  refusePage(reply.headers);
  const producer = await platform.directory.byId(row.organisation_id);
  if (producer === undefined) throw new Error("the source's organisation is gone");
  const origin = originOf(addressOf(row));
  const context = await normalizeContext(platform, realm, producer, new Date().toISOString(), {
    ...options,
    origin,
  });
  const input = await openInput(reply.body, { format: row.format ?? undefined, mediaType }, config);
  return await checkInput(input, { ...options, origin }, context);
}

/** It is shown with the submission, and a query may hold a secret. */
function originOf({ origin, pathname }: URL): { url: string } {
  return { url: `${origin}${pathname}` };
}
