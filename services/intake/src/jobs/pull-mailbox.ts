import { AppError, inputProblems } from "@suar/contract";
import { Fenced } from "../fenced.ts";
import { normalizeContext } from "../normalize/normalize-context.ts";
import {
  type DropFolder,
  type Dropped,
  isFileError,
  listDropped,
  openDropFolder,
  type Problem,
  putAway,
  readDropped,
  SETTLED_MS,
} from "../pull/drop-folder.ts";
import { DropPlace } from "../pull/places.ts";
import { SourceFault } from "../pull/source-fault.ts";
import { checkInput, openInput } from "../submission/input.ts";
import {
  bytesOf,
  type Ended,
  isBehind,
  keep,
  type Puller,
  submitPulled,
  type Turn,
  WAIT_MS,
} from "./puller.ts";

type Mailbox = { puller: Puller; turn: Turn; folder: DropFolder };
type Taken = { submission: string } | { problem: Problem };

/**
 * Takes what was dropped into a folder, the first first: into done/ once its submission is durable, or into failed/ with
 * its problem beside it. What a crash left where it was is the same submission when it is taken again, since its name
 * and its content are its key.
 */
export async function pullMailbox(puller: Puller, turn: Turn): Promise<Ended> {
  try {
    return await takeAll({ puller, turn, folder: await folderOf(puller, turn) });
  } catch (error) {
    if (isFileError(error))
      throw new SourceFault("unreadable", unreadable([`${error.syscall} ${error.code}`]), error);
    throw error;
  }
}

async function folderOf({ platform, config }: Puller, { row }: Turn): Promise<DropFolder> {
  const producer = await platform.directory.byId(row.organisation_id);
  if (config.SUAR_MAILBOX_DIR === undefined || row.folder === null || producer === undefined)
    throw new SourceFault(
      "no-folder",
      "This platform has no folders for mail: its operator sets SUAR_MAILBOX_DIR",
    );
  return await openDropFolder(config.SUAR_MAILBOX_DIR, producer.code, row.folder);
}

async function takeAll(mailbox: Mailbox): Promise<Ended> {
  const { puller, turn, folder } = mailbox;
  const { files, isMore, unreadable: unnamed } = await listDropped(folder, Date.now());
  const troubles = [...unnamed];
  for (const file of files) {
    if (turn.signal.aborted) throw new Fenced();
    if (turn.time.isOver()) return { goOnInMs: 0 };
    if (await isBehind(puller, turn.row)) return { goOnInMs: WAIT_MS };
    const trouble = await takeOne(mailbox, file);
    if (trouble !== undefined) troubles.push(trouble);
  }
  if (troubles.length > 0) throw new SourceFault("unreadable", unreadable(troubles));
  return isMore ? { goOnInMs: SETTLED_MS } : "done";
}

function unreadable(troubles: readonly string[]): string {
  const told = troubles.slice(0, 3).join(", ");
  return `Its files cannot be read, or not be put away (${told}): ${troubles.length} in all`;
}

/** What kept it from being read: it stays where it is, and in nobody's way. */
async function takeOne(mailbox: Mailbox, file: Dropped): Promise<string | undefined> {
  const { puller, turn, folder } = mailbox;
  let bytes: Buffer | undefined;
  const refused = refusalOf(file, puller.config.SUAR_DOCUMENT_LIMIT);
  try {
    bytes = refused === undefined ? await readDropped(folder, file) : Buffer.alloc(0);
  } catch (error) {
    if (isFileError(error)) return `${file.name.slice(0, 80)} ${error.code}`;
    throw error;
  }
  if (bytes === undefined) return undefined; // gone, or written to: it has its turn when it is settled
  const taken = refused === undefined ? await submit(mailbox, file, bytes) : { problem: refused };
  if (turn.signal.aborted) throw new Fenced();
  await putAway(folder, file.name, "problem" in taken ? taken.problem : undefined);
  const last = new Date(file.droppedAt).toISOString();
  const isTaken = "submission" in taken;
  await keep(puller, turn, {
    place: DropPlace.parse({ last }),
    objects: 1,
    leftOut: isTaken ? 0 : 1,
    submission: isTaken ? taken.submission : undefined,
  });
  return undefined;
}

function refusalOf({ refused, size }: Dropped, mostBytes: number): Problem | undefined {
  if (refused !== undefined) return problemOf("bad-request", refused);
  return size > mostBytes ? problemOf("too-large", `At most ${mostBytes} bytes of this format`) : undefined;
}

function problemOf(code: string, detail: string): Problem {
  return { code, detail, at: new Date().toISOString() };
}

/** It is looked at as what a person submits: what is certain to fail as a whole is refused, with its problem. */
async function submit({ puller, turn }: Mailbox, file: Dropped, bytes: Buffer): Promise<Taken> {
  const { platform, realm, config } = puller;
  const { row, options } = turn;
  const producer = await platform.directory.byId(row.organisation_id);
  if (producer === undefined) throw new Error("the source's organisation is gone");
  const context = await normalizeContext(platform, realm, producer, new Date().toISOString(), options);
  const mediaType = /\.mbox$/i.test(file.name) ? "application/mbox" : "message/rfc822";
  try {
    const input = await checkInput(await openInput(bytesOf(bytes), { mediaType }, config), options, context);
    const { id } = await submitPulled(puller, turn, {
      format: input.reader.name,
      origin: originOf(row.folder, file),
      source: input.source,
      maxBytes: input.maxBytes,
      key: file.name,
    });
    return { submission: id };
  } catch (error) {
    if (!(error instanceof AppError) || !OF_INPUT.has(error.code)) throw error;
    return { problem: problemOf(error.code, error.detail ?? error.message) };
  }
}

const OF_INPUT: ReadonlySet<string> = new Set(inputProblems);

/** Without its time: the same file dropped again is the same submission. */
function originOf(folder: string | null, { name }: Dropped): { url: string } {
  return { url: `mailbox:${folder}/${encodeURIComponent(name.toWellFormed())}` };
}
