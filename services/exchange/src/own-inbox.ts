import { AppError, type InboxItem, type Principal } from "@suar/contract";
import { type Directory, type Platform, type Realm, requireSession } from "@suar/runtime";
import type { InboxRow } from "./store/inbox.ts";

/** A signed-in person's inbox, as it is open at this moment. */
export type OpenInbox = {
  realm: Realm;
  reader: { person: string; inbox: string };
  /** The machine key's id of the session, for the record of what was read. */
  session: string;
};

/**
 * The caller's own inbox; undefined for who has none, or has it no more. It is asked of the database each time: no
 * answer of a moment ago lets anybody in. Throws `forbidden` for whoever is not a person's own session.
 */
export async function openInbox(platform: Platform, principal: Principal): Promise<OpenInbox | undefined> {
  const { personId: person, keyId: session } = requireSession(principal);
  const [contact] = await platform.directory.contacts([person]);
  if (contact === undefined) return undefined;
  return {
    realm: await platform.realms.of(principal),
    reader: { person, inbox: contact.inbox },
    session,
  };
}

/** After reading took its time: throws `not-found` when the inbox was closed meanwhile. */
export async function requireStillOpen(platform: Platform, { reader }: OpenInbox): Promise<void> {
  const [contact] = await platform.directory.contacts([reader.person]);
  if (contact?.inbox !== reader.inbox) throw new AppError("not-found");
}

export async function describeInboxItem(directory: Directory, row: InboxRow): Promise<InboxItem> {
  const producer = await directory.byId(row.producer);
  if (producer === undefined) throw new Error("the producer is not in the directory");
  return {
    id: row.id,
    producer: producer.code,
    receivedAt: row.created_at.toISOString(),
    objects: row.objects,
    state: row.state,
    unread: row.unread,
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
    withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
    withdrawalAcknowledgedAt: row.withdrawal_acknowledged_at?.toISOString() ?? null,
  };
}
