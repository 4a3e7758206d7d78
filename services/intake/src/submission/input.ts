import { AppError } from "@suar/contract";
import { chooseReader, FormatError, type Reader } from "@suar/formats";
import { ownMarkings } from "@suar/policy";
import type { SubmissionOptions } from "@suar/submit";
import type { IntakeConfig } from "../config.ts";
import { type NormalizeContext, readDrafts } from "../normalize/read-drafts.ts";

/** A body whose beginning was looked at: `source` yields all of it, from the first byte. */
export type Input = {
  reader: Reader;
  source: AsyncIterable<Uint8Array>;
  maxBytes: number;
  /** Why it is refused when it is longer. */
  tooLarge: string;
  /** What has fewer bytes is looked at as a whole before it is acknowledged. */
  looked: number;
  /** False where content type or content chose the reader: then what it cannot read is of no known format. */
  told: boolean;
};

const HEAD = 64 * 1024;
/** Of what is longer than any document, so much is looked at: an event begins and ends in it, as a rule. */
const BEGINNING = 1024 * 1024;

/** Content types that say nothing about the format: what curl and browsers send unasked. */
const SILENT = new Set([
  "application/octet-stream",
  "application/x-www-form-urlencoded",
  "binary/octet-stream",
]);

/**
 * Chooses the reader by `format`, else by content type, else by the content itself, and bounds the size: what is held as a
 * whole is small, what is read in parts may be large. Throws `unknown-format`,
 * `unsupported-media-type`, `too-large` or `empty`.
 */
export async function openInput(
  body: AsyncIterable<Uint8Array>,
  told: { format?: string | undefined; mediaType?: string | undefined; length?: number | undefined },
  config: IntakeConfig,
): Promise<Input> {
  const mediaType = told.mediaType?.split(";")[0]?.trim().toLowerCase();
  const stream = body[Symbol.asyncIterator]();
  const head = await readHead(stream);
  if (head.length === 0) throw new AppError("empty");
  const chosen = chooseReader({
    ...(told.format !== undefined && { format: told.format }),
    ...(mediaType !== undefined && !SILENT.has(mediaType) && { mediaType }),
    head: Buffer.concat(head).toString("latin1"),
  });
  if (!chosen.ok)
    throw new AppError(
      told.format === undefined && isForeign(mediaType) ? "unsupported-media-type" : "unknown-format",
      chosen.message,
    );
  const { reader } = chosen;
  const bounds = boundsOf(reader, config);
  if (told.length !== undefined && told.length > bounds.maxBytes)
    throw new AppError("too-large", bounds.tooLarge);
  return { reader, source: joined(head, stream), ...bounds, told: told.format !== undefined };
}

/** A table shows at once what it is; of a collection a first event may be long. */
function boundsOf(
  { streaming, flat }: Reader,
  { SUAR_SUBMISSION_LIMIT: submission, SUAR_DOCUMENT_LIMIT: document }: IntakeConfig,
): Pick<Input, "maxBytes" | "tooLarge" | "looked"> {
  const maxBytes = streaming ? submission : document;
  const tooLarge = `At most ${maxBytes} bytes of this format`;
  if (streaming) return { maxBytes, tooLarge, looked: flat === true ? HEAD : document + 1 };
  const advice = "it is planned as a whole: send it in several, what others name first";
  return { maxBytes, tooLarge: `${tooLarge}, for ${advice}`, looked: maxBytes + 1 };
}

/** Neither silent nor one that many formats come under. */
function isForeign(mediaType: string | undefined): boolean {
  return (
    mediaType !== undefined && !SILENT.has(mediaType) && !/^(application\/json|text\/plain)$/.test(mediaType)
  );
}

async function readHead(stream: AsyncIterator<Uint8Array>): Promise<Uint8Array[]> {
  const head: Uint8Array[] = [];
  for (let size = 0; size < HEAD; ) {
    const next = await stream.next();
    if (next.done === true) break;
    head.push(next.value);
    size += next.value.byteLength;
  }
  return head;
}

async function* joined(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

const FOR_INCIDENTS: ReadonlySet<string> = new Set(["text", "incident"]);

/**
 * Looks at a submission before it is acknowledged: all of a document, the beginning of a stream. What is
 * certain to fail as a whole is refused now, with its problem, instead of a minute later: unreadable, nothing
 * marked, TLP:RED. Returns the input with what was read put back in front.
 */
export async function checkInput(
  input: Input,
  options: SubmissionOptions,
  context: NormalizeContext,
): Promise<Input> {
  if (options.kind === "incident" && !FOR_INCIDENTS.has(input.reader.name))
    throw new AppError("bad-request", `kind=incident is for free text; this is ${input.reader.name}`);
  const bytes = await readAtMost(input, input.looked);
  const looked = bytes.complete ? bytes.read : [upToLine(Buffer.concat(bytes.read).subarray(0, BEGINNING))];
  await checkContent(input, looked, options, context, bytes.complete);
  return { ...input, source: joined(bytes.read, bytes.rest) };
}

type Read = { read: Uint8Array[]; complete: boolean; rest: AsyncIterator<Uint8Array> };

async function readAtMost(input: Input, most: number): Promise<Read> {
  const rest = input.source[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  for (let size = 0; size < most; ) {
    const next = await rest.next();
    if (next.done === true) return { read, complete: true, rest };
    read.push(next.value);
    size += next.value.byteLength;
    if (size > input.maxBytes) throw new AppError("too-large", input.tooLarge);
  }
  return { read, complete: false, rest };
}

async function checkContent(
  { reader, told }: Input,
  read: readonly Uint8Array[],
  options: SubmissionOptions,
  context: NormalizeContext,
  complete: boolean,
): Promise<void> {
  // What is cut off may end within a cell that is quoted.
  const looked = complete ? context : { ...context, isBeginning: true as const };
  let { tlp } = options;
  let marked = tlp !== undefined;
  let records = 0;
  try {
    for await (const batch of readDrafts(reader, chunks(read), looked)) {
      records = batch.records;
      ({ tlp } = ownMarkings({ tlp }, batch.marking));
      marked ||=
        batch.marking.tlp !== undefined || batch.items.some(({ normalized }) => normalized.tlp !== undefined);
    }
  } catch (error) {
    if (error instanceof FormatError && error.code === "not-a-bundle" && !told) {
      const reason = `It looks like ${reader.name} and is not: ${error.detail}; say what it is by format=`;
      throw new AppError("unknown-format", reason, { cause: error });
    }
    // The beginning of an archive is none: what is in it is seen when it is read.
    if (!complete && error instanceof FormatError && error.code === "malformed-archive") return;
    if (error instanceof FormatError) throw problemOfFormat(error);
    throw error;
  }
  if (complete && records === 0) throw new AppError("empty", "Nothing in it was understood as a record");
  if (complete) requireRed({ ...options, tlp });
  if (options.origin !== undefined) return; // of a page, each object is judged by itself
  if (!marked && (complete || records > 0)) {
    throw new AppError("unmarked", "Mark the content, or say tlp=green (or clear, amber, amber+strict)");
  }
}

/** People are named for TLP:RED alone; whether a stream is, its end may tell. Throws `people-need-red`. */
export function requireRed({ people, tlp }: Pick<SubmissionOptions, "people" | "tlp">): void {
  if (people !== undefined && tlp !== "red")
    throw new AppError("people-need-red", "Nothing in it is TLP:RED: say tlp=red, or name organisations");
}

/** A whole-input failure of a reader as the problem of the same name. */
export function problemOfFormat(error: FormatError): AppError {
  return new AppError(error.code, error.detail, { cause: error });
}

// A stream's beginning is cut after its last whole line, so that half a row is not taken for a bad one.
function upToLine(all: Buffer): Uint8Array {
  const end = all.lastIndexOf(0x0a);
  return end < 0 ? all : all.subarray(0, end + 1);
}

async function* chunks(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}
