import {
  AppError,
  acknowledgeInboxItem,
  cutNewest,
  listInbox,
  type OpenedInboxItem,
  parseListPlace,
  readInboxItem,
} from "@suar/contract";
import { gateOf, requireLetter } from "@suar/gate";
import { handle, type Platform } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { describeInboxItem, openInbox, requireStillOpen } from "../own-inbox.ts";
import * as store from "../store/inbox.ts";

/** A person's own inbox of TLP:RED. Who has none finds it empty, and everything in it not there. */
export function registerInbox(app: FastifyInstance, platform: Platform): void {
  const { authenticator, directory } = platform;

  handle(app, authenticator, listInbox, async ({ principal, query }) => {
    const open = await openInbox(platform, principal);
    const after = parseListPlace(query.after);
    if (open === undefined) return { items: [] };
    const found = await open.realm.readInboxAs(
      open.reader,
      async (db) => await store.selectInbox(db, query.state, after, query.limit + 1),
    );
    const { rows, ...next } = cutNewest(found, query.limit);
    const items = await Promise.all(rows.map(async (row) => await describeInboxItem(directory, row)));
    return { items, ...next };
  });

  handle(app, authenticator, readInboxItem, async ({ principal, params }) => {
    const open = await openInbox(platform, principal);
    if (open === undefined) throw new AppError("not-found");
    // Committed before it is answered: nothing is read without its record.
    const { row, body } = await open.realm.readInboxAs(open.reader, async (db) => {
      const body = await store.openInboxItem(db, params.id, open.session);
      return { body, row: await store.selectInboxItem(db, params.id) };
    });
    if (row === undefined) throw new AppError("not-found");
    const asked = { item: params.id, ...(body !== undefined && { body }) };
    await requireLetter(open.realm.write, gateOf(open.realm, platform), asked);
    const content = body === undefined ? [] : (JSON.parse(body) as OpenedInboxItem["content"]);
    await requireStillOpen(platform, open);
    return { ...(await describeInboxItem(directory, row)), content };
  });

  handle(app, authenticator, acknowledgeInboxItem, async ({ principal, params, body }) => {
    const open = await openInbox(platform, principal);
    if (open === undefined) throw new AppError("not-found");
    const row = await open.realm.readInboxAs(open.reader, async (db) => {
      const before = await store.selectInboxItem(db, params.id);
      if (before === undefined) throw new AppError("not-found");
      const ofWithdrawal = body?.withdrawal === true;
      requireStanding(before, ofWithdrawal);
      await store.insertAcknowledgement(db, params.id, open.reader.person, ofWithdrawal);
      return (await store.selectInboxItem(db, params.id)) ?? before;
    });
    return await describeInboxItem(directory, row);
  });
}

/** Who means the letter does not know yet that it was taken back: that word is not taken for the other. */
function requireStanding({ withdrawn_at }: store.InboxRow, ofWithdrawal: boolean): void {
  if (withdrawn_at !== null && !ofWithdrawal)
    throw new AppError("already-withdrawn", "Its sender took it back: acknowledge the withdrawal");
  if (withdrawn_at === null && ofWithdrawal) throw new AppError("conflict", "Nobody took it back");
}
