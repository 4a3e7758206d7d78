import { randomUUID } from "node:crypto";

/** A STIX bundle of what is given, as text to submit. */
export function bundleOf(...objects: readonly object[]): string {
  return JSON.stringify({ type: "bundle", id: `bundle--${randomUUID()}`, objects });
}
