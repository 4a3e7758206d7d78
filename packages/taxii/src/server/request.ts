/** A request as the protocol sees it. `path` is decoded and begins with a slash; header names are in lower case. */
export type TaxiiRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | undefined>>;
  body: AsyncIterable<Uint8Array>;
};

/** An answer; a body that comes in parts is to be sent as it comes. */
export type TaxiiAnswer = {
  status: number;
  headers: Record<string, string>;
  body: string | AsyncIterable<string> | undefined;
};
