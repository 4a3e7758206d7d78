/** What a server may cost. Times are milliseconds, sizes octets as they come out of their compression. */
export type PullLimits = {
  /** Until an answer's headers are there. */
  headersMs: number;
  /** Between two parts of a body. */
  idleMs: number;
  /** For all of one body. */
  bodyMs: number;
  /** For all of one that is no page of objects, and no file. */
  resourceMs: number;
  /** Of a page of objects. */
  pageBytes: number;
  /** Of any other resource. */
  resourceBytes: number;
  objectBytes: number;
  /** Of one JSON text. */
  depth: number;
  redirects: number;
  /** Pages without an object, one after the other. */
  emptyPages: number;
  /** Octets, and objects, that are held at a time: a part of a page. */
  partBytes: number;
  partObjects: number;
};

const MEBIBYTE = 1024 * 1024;

export const PULL_LIMITS: PullLimits = {
  headersMs: 30_000,
  idleMs: 15_000,
  bodyMs: 300_000,
  resourceMs: 30_000,
  pageBytes: 256 * MEBIBYTE,
  resourceBytes: 4 * MEBIBYTE,
  objectBytes: 4 * MEBIBYTE,
  depth: 150,
  redirects: 5,
  emptyPages: 100,
  partBytes: 8 * MEBIBYTE,
  partObjects: 2_000,
};
