import { TaxiiError } from "./taxii-error.ts";

/** Where a record stands: its date in microseconds since 1970, and a number that tells those of one date apart. */
export type Place = { micros: bigint; ordinal: bigint };

/** As `next` carries it: opaque, and the same for manifest and objects. */
export function formatPlace({ micros, ordinal }: Place): string {
  return Buffer.from(`${micros}.${ordinal}`).toString("base64url");
}

/** Throws a TaxiiError `400` for what `formatPlace` did not write. */
export function parsePlace(next: string): Place {
  const text = next.length <= 80 ? Buffer.from(next, "base64url").toString("latin1") : "";
  const [, micros, ordinal] = /^(-?\d{1,18})\.(\d{1,18})$/.exec(text) ?? [];
  if (micros === undefined || ordinal === undefined) throw new TaxiiError(400, "next is not one of ours");
  return { micros: BigInt(micros), ordinal: BigInt(ordinal) };
}

export function comparePlaces(a: Place, b: Place): number {
  const by = a.micros === b.micros ? a.ordinal - b.ordinal : a.micros - b.micros;
  return by < 0n ? -1 : by > 0n ? 1 : 0;
}
