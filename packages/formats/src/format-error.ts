/** Why an input cannot be read as a whole. What is wrong with one record of it is a reject instead. */
export type FormatErrorCode =
  | "malformed-json"
  | "malformed-xml"
  | "forbidden-dtd"
  | "malformed-yaml"
  | "malformed-utf8"
  | "malformed-archive"
  | "too-deep"
  | "forbidden-key"
  | "too-large"
  | "not-a-bundle"
  | "bad-header"
  | "bad-report"
  | "unknown-marking"
  | "empty";

export class FormatError extends Error {
  readonly code: FormatErrorCode;
  /** Where: a line and column, or a JSON pointer. */
  readonly at: string | undefined;

  constructor(code: FormatErrorCode, message: string, at?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "FormatError";
    this.code = code;
    this.at = at;
  }
}
