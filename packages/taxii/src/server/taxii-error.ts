/** A refusal as TAXII answers it (§3.6.1). `details` go into the error message resource. */
export class TaxiiError extends Error {
  override readonly name = "TaxiiError";
  readonly status: number;
  readonly details: Readonly<Record<string, string>> | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    title: string,
    more: { details?: Record<string, string>; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(title, { cause: more.cause });
    this.status = status;
    this.details = more.details;
    this.headers = more.headers ?? {};
  }
}
