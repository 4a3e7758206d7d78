import type { Entry } from "./entry.ts";

/** Whoever reads a stream: one organisation. People's own inboxes come with TLP:RED. */
export type Reader = { organisationId: number };

/**
 * The one check of the shared tail, repeated at the moment of sending: an entry is shown to those in its
 * audience and to nobody else. TLP:RED names people, so no stream of an organisation ever carries it.
 */
export function visibleTo(entry: Pick<Entry, "audience" | "tlp">, reader: Reader): boolean {
  return entry.tlp !== "red" && entry.audience.has(reader.organisationId);
}
