import { AppError, listDeliveries, listIndividuals, parseListKey } from "@suar/contract";
import { individualsOf } from "@suar/gate";
import { deliveredTo, settleDeliveries } from "@suar/log";
import { handle, type Platform, requireOrganisation } from "@suar/runtime";
import type { FastifyInstance } from "fastify";

/** What the platform says that it handed to the caller's organisation, and counted of its member: to hold against receipts. */
export function registerDeliveries(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, listDeliveries, async ({ principal, query }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const after = query.after === undefined ? 0 : parseListKey(query.after);
    await settleDeliveries(realm);
    const page = await deliveredTo(realm.write, caller.organisation.id, { after, limit: query.limit });
    const items = page.entries.map(({ seq, delivered }) => ({
      seq,
      delivered: delivered.map(({ channel, first, last }) => {
        return { channel, first: first.toISOString(), last: last.toISOString() };
      }),
    }));
    return { items, ...(page.next !== undefined && { next: String(page.next) }) };
  });

  handle(app, platform.authenticator, listIndividuals, async ({ principal }) => {
    const caller = requireOrganisation(principal);
    const { kind, member } = caller.organisation;
    if (kind !== "cert") throw new AppError("forbidden", "This is told to a member's CERT");
    const realm = await platform.realms.of(caller);
    return { items: await individualsOf(realm.write, member) };
  });
}
