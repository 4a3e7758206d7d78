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

/** The place of a fault that no part of an input has more than another, such as its size. */
export const WHOLE = "whole";

export class FormatError extends Error {
  readonly code: FormatErrorCode;
  /** Where: a line and column, a JSON pointer, a file of an archive, or WHOLE. */
  readonly at: string;

  constructor(code: FormatErrorCode, message: string, at: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "FormatError";
    this.code = code;
    this.at = at;
  }

  /** What people are told: the message, and its place in brackets where the fault has one of its own. */
  get detail(): string {
    return this.at === WHOLE ? this.message : `${this.message} (${this.at})`;
  }
}
