import type { MultipartFile, MultipartValue } from "@fastify/multipart";
import { AppError, SubmissionQuery } from "@suar/contract";
import type { FastifyRequest } from "fastify";

/** A multipart form: the parameters that it gives, and its one file. */
export type Form = {
  parameters: Partial<SubmissionQuery>;
  mediaType: string;
  source: AsyncIterable<Uint8Array>;
};

/** What `@fastify/multipart` holds a form to. A second file is let in so that it can be refused by name. */
export const FORM_LIMITS = { files: 2, fields: 16, fieldSize: 4_000 };

/**
 * Reads a form as far as its file, and hands that on as a stream. Parameters may stand in the form instead of
 * the address, each once and before the file: what comes after it would be heard too late. Throws
 * `bad-request`, or `empty` where there is no file; the source throws where the form goes on after its file.
 */
export async function openForm(request: FastifyRequest): Promise<Form> {
  const parts = request.parts();
  const fields = new Map<string, string>();
  for (;;) {
    const next = await parts.next().catch((cause: unknown) => {
      throw new AppError("bad-request", "The form cannot be read", { cause });
    });
    if (next.done === true) throw new AppError("empty", "The form holds no file");
    const part = next.value;
    if (part.type === "file") {
      return { parameters: parse(fields), mediaType: part.mimetype, source: untilTheEnd(part, parts) };
    }
    fields.set(part.fieldname, textOf(part, fields, request.url));
  }
}

function textOf(part: MultipartValue, before: ReadonlyMap<string, string>, url: string): string {
  const { fieldname: name, value, valueTruncated } = part;
  if (typeof value !== "string" || valueTruncated === true)
    throw new AppError("bad-request", `The form's ${shown(name)} is no short text`);
  if (before.has(name) || new URL(url, "http://localhost").searchParams.has(name))
    throw new AppError("bad-request", `${shown(name)} is given twice`);
  return value;
}

function parse(fields: ReadonlyMap<string, string>): Partial<SubmissionQuery> {
  const parsed = SubmissionQuery.strict().parse(Object.fromEntries(fields));
  return Object.fromEntries(Object.entries(parsed).filter(([name]) => fields.has(name)));
}

type Parts = AsyncIterableIterator<MultipartFile | MultipartValue>;

async function* untilTheEnd({ file }: MultipartFile, parts: Parts): AsyncGenerator<Uint8Array> {
  yield* file as AsyncIterable<Uint8Array>;
  const next = await parts.next();
  if (next.done === true) return;
  if (next.value.type === "file") next.value.file.resume();
  throw new AppError(
    "bad-request",
    `${shown(next.value.fieldname)} comes after the form's file: parameters stand before it, and each submission is one file`,
  );
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 40));
}
