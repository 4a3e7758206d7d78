import { z } from "zod";

/**
 * Every way in which Suar refuses, with its HTTP status (RFC 9110) and the title of its problem document
 * (RFC 9457). The table is closed: code that is not here does not compile, and the status is decided here only.
 */
export const PROBLEMS = {
  "malformed-json": { status: 400, title: "The body is not JSON" },
  "malformed-xml": { status: 400, title: "The body is not XML" },
  "malformed-yaml": { status: 400, title: "The report in it is not YAML" },
  "forbidden-dtd": { status: 400, title: "The XML declares a document type, which is never allowed" },
  "malformed-utf8": { status: 400, title: "The text is not UTF-8" },
  "malformed-archive": { status: 400, title: "The archive cannot be unpacked" },
  "bad-request": { status: 400, title: "The request does not fit its schema" },
  "bad-cursor": { status: 400, title: "The cursor is not one of ours" },
  "bad-filter": { status: 400, title: "The filter does not fit its schema" },
  "forbidden-key": { status: 400, title: "The body holds a key that is never allowed" },
  "too-deep": { status: 400, title: "The body is nested too deeply" },
  unauthenticated: { status: 401, title: "A valid key is needed" },
  "key-expired": { status: 401, title: "The key has expired" },
  "key-waits": { status: 401, title: "The key waits for an officer of another member to confirm it" },
  "key-revoked": { status: 401, title: "The key was revoked" },
  forbidden: { status: 403, title: "The key's roles do not allow this" },
  "not-found": { status: 404, title: "There is no such thing, or none that you may see" },
  "method-not-allowed": { status: 405, title: "The method is not allowed here" },
  "not-acceptable": { status: 406, title: "No offered form fits the Accept header" },
  conflict: { status: 409, title: "The state does not allow this" },
  "in-progress": { status: 409, title: "The same request is still under way" },
  "second-person-needed": { status: 409, title: "Another person has to do this" },
  "diff-not-ready": { status: 409, title: "What the change would do is not worked out yet" },
  "already-withdrawn": { status: 409, title: "The object is withdrawn already" },
  "cursor-reset": { status: 410, title: "The cursor belongs to another epoch of the log" },
  "no-checkpoint-yet": { status: 409, title: "No checkpoint covers this yet" },
  "no-receipt": { status: 409, title: "It was logged before there were receipts" },
  "unknown-checkpoint": { status: 409, title: "Witnesses were not asked for this checkpoint" },
  "edited-meanwhile": { status: 412, title: "Somebody else changed this meanwhile" },
  "too-large": { status: 413, title: "The body is over the limit" },
  "unsupported-media-type": { status: 415, title: "The content type is not supported here" },
  "unknown-format": { status: 415, title: "The format is not known" },
  "not-a-bundle": { status: 422, title: "The content is not of the named format" },
  "bad-header": { status: 422, title: "The table's columns were not understood" },
  "bad-signature": { status: 422, title: "The signature or key does not fit" },
  "bad-list": { status: 422, title: "The warning list, or a name of it, cannot be taken" },
  "bad-report": { status: 422, title: "The incident report does not fit its schema" },
  empty: { status: 422, title: "There is nothing in the body" },
  unmarked: { status: 422, title: "A TLP marking is needed" },
  "unknown-marking": { status: 422, title: "The TLP marking is not known" },
  "unknown-member": { status: 422, title: "A named recipient is not known" },
  "red-needs-people": { status: 422, title: "TLP:RED goes to named people, and to them alone" },
  "people-need-red": { status: 422, title: "Only TLP:RED is addressed to people" },
  "unknown-person": { status: 422, title: "A named person is not among the contacts" },
  "bad-cosignature": { status: 422, title: "The note has no valid cosignature of your member's witness" },
  "bad-witness-key": { status: 422, title: "The key is none with which a witness cosigns" },
  "idempotency-mismatch": { status: 422, title: "The idempotency key was used with another body" },
  "bad-scenario": { status: 422, title: "The drill scenario has errors" },
  "address-refused": { status: 422, title: "The platform may not connect to this address" },
  "headers-too-large": { status: 431, title: "The request's headers are too large" },
  "realm-limit": { status: 429, title: "Too many drills are running" },
  "rate-limited": { status: 429, title: "Too many requests" },
  "too-many-at-once": { status: 429, title: "Too many of these are under way" },
  "quota-exceeded": { status: 429, title: "There are too many of these already" },
  internal: { status: 500, title: "Something went wrong on our side" },
  unavailable: { status: 503, title: "The platform cannot answer just now" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Tells whether a text is one of the closed set of problem codes. */
export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEMS, text);
}

/** An RFC 9457 problem document; `code` is stable, the prose is not. */
export const Problem = z.object({
  type: z.string().describe("URI reference of the problem's kind"),
  title: z.string(),
  status: z.int(),
  code: z.string().describe("Stable code; translate this, never the prose"),
  detail: z.string().optional(),
  requestId: z.string().optional(),
  errors: z
    .array(z.object({ path: z.string(), code: z.string(), message: z.string() }))
    .optional()
    .describe("One entry for each place that is wrong"),
});
export type Problem = z.infer<typeof Problem>;
export type ProblemPlace = { path: string; code: string; message: string };

/** What the domain throws. `detail` is for the caller to read; `cause` is for the log and never leaves. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly errors: ProblemPlace[] | undefined;

  constructor(code: ProblemCode, detail?: string, more: { cause?: unknown; errors?: ProblemPlace[] } = {}) {
    super(`${code}: ${detail ?? PROBLEMS[code].title}`, { cause: more.cause });
    this.code = code;
    this.detail = detail;
    this.errors = more.errors;
  }
}

/** The problem document for a code, as it goes over the wire. */
export function problemOf(
  code: ProblemCode,
  detail?: string,
  errors?: ProblemPlace[],
  requestId?: string,
): Problem {
  const { status, title } = PROBLEMS[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(errors === undefined || errors.length === 0 ? {} : { errors }),
  };
}
