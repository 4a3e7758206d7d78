import { AppError, cutPage, formatListPlace, listSent, parseListPlace, withdrawSent } from "@suar/contract";
import { gateOf, releasing, withdrawRed } from "@suar/gate";
import { handle, type Platform } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { describeSent, isOwnSent, openSent } from "../own-sent-red.ts";
import { selectSent, selectSentOne } from "../store/sent-red.ts";

/** What one has sent under TLP:RED: who has read it when, and taking it back. */
export function registerSentRed(app: FastifyInstance, platform: Platform): void {
  const { authenticator } = platform;

  handle(app, authenticator, listSent, async ({ principal, query }) => {
    const { realm, scope } = await openSent(platform, principal);
    const after = parseListPlace(query.after);
    const rows = await selectSent(realm.write, scope, after, query.limit + 1);
    const places = new Map(rows.map(({ submission_id: id, created_us: key }) => [id, { key, id }]));
    const found = await describeSent(platform, realm, rows);
    const { rows: items, ...next } = cutPage(found, query.limit, ({ id }) =>
      formatListPlace(places.get(id) ?? { key: 0, id }),
    );
    return { items: [...items], ...next };
  });

  handle(app, authenticator, withdrawSent, async ({ principal, params }) => {
    const { realm, scope } = await openSent(platform, principal);
    const gate = gateOf(realm, platform);
    // Whoever wants a letter back gets it back, also one that was changed; the answer says which it is. It is of the same
    // transaction: where it cannot be made nothing was taken back.
    const [sent] = await releasing(platform, realm, async (db) => {
      await withdrawRed(db, gate, params.id, (found) => isOwnSent(scope, found));
      return await describeSent(platform, realm, await selectSentOne(db, scope, params.id), db);
    });
    if (sent === undefined) throw new AppError("not-found");
    return sent;
  });
}
