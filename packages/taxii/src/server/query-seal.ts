import { createHash } from "node:crypto";
import type { Selection } from "./selection.ts";
import { TaxiiError } from "./taxii-error.ts";

/* §3.5: a client goes on with the filters that it began with; under others it would miss objects without a word. */

/** A `next` that is good for the filters of this selection alone; the limit may change. */
export function sealNext(next: string, selection: Selection): string {
  return `${sealOf(selection)}.${next}`;
}

/** The `next` within; throws a TaxiiError `400` when it was given for other filters. */
export function openNext(selection: Selection): string | undefined {
  const { next } = selection;
  if (next === undefined) return undefined;
  const seal = `${sealOf(selection)}.`;
  if (!next.startsWith(seal)) throw new TaxiiError(400, "next is not one of ours, or of another query");
  return next.slice(seal.length);
}

function sealOf({ addedAfter, ids, types, versions, specVersions }: Selection): string {
  const filters = [String(addedAfter), ids, types, versions, specVersions].map((values) =>
    Array.isArray(values) ? values.toSorted() : values,
  );
  return createHash("sha256").update(JSON.stringify(filters)).digest("base64url").slice(0, 8);
}
