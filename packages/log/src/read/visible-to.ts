import type { Entry } from "./entry.ts";

/** Whoever reads a stream: one organisation. People's own inboxes come with TLP:RED. */
export type Reader = { organisationId: number };

/**
 * The one check of the shared tail, repeated at the moment of sending: an entry is shown to those in its
 * audience to whom it was not closed since and for whom it is not over, and to nobody else. TLP:RED names people, so no stream of an organisation ever carries it.
 */
export function visibleTo(
  entry: Pick<Entry, "audience" | "closedTo" | "endsAt" | "producerId" | "tlp">,
  { organisationId }: Reader,
): boolean {
  return (
    entry.tlp !== "red" &&
    entry.audience.has(organisationId) &&
    entry.closedTo?.has(organisationId) !== true &&
    (entry.endsAt === undefined || entry.producerId === organisationId || Date.now() < entry.endsAt)
  );
}
