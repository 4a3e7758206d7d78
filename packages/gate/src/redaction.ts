import { createHash } from "node:crypto";
import { keyedId, type StixObject } from "@suar/stix";
import type { View } from "./copies.ts";
import type { ReleaseContext } from "./release-item.ts";
import type { Readers } from "./sights.ts";

/**
 * The id of a redacted rendition (DESIGN 1.3): nothing of the original can be worked out from it, and it stays
 * the same through the versions as long as the same readers share the copy.
 */
export function shownId(
  { producer, gate }: Pick<ReleaseContext, "producer" | "gate">,
  { id, type }: StixObject,
  readers: Readers,
): string {
  return keyedId(gate.renditionMac, type, String(producer.id), id, readers.join());
}

/** What a view leaves out and renames, as one value. */
export function viewHash(view: View): Buffer {
  const entries = [...view].map(([id, shown]) => `${id} ${shown ?? ""}`).sort();
  return createHash("sha256").update(entries.join("\n")).digest();
}
