import { randomUUID } from "node:crypto";
import {
  AppError,
  actorOf,
  type Contact,
  cutNewest,
  endContact,
  listContacts,
  parseListPlace,
  publishContact,
} from "@suar/contract";
import { appendEvent, handle, type Platform, requireOrganisation, transaction } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { requireLive } from "../manageable.ts";
import * as store from "../store/contact.ts";
import { holdPerson } from "../store/person.ts";
import { personWithin } from "./people.ts";

/** Whom TLP:RED can be sent to: those whom their own officers publish. */
export function registerContacts(app: FastifyInstance, platform: Platform): void {
  const { authenticator } = platform;
  handle(app, authenticator, listContacts, async ({ principal, query }) => {
    requireOrganisation(principal);
    requireLive(principal);
    const after = parseListPlace(query.after);
    const found = await store.selectContacts(platform.core, after, query.limit + 1);
    const { rows, ...next } = cutNewest(found, query.limit);
    return { items: rows.map(describe), ...next };
  });

  handle(app, authenticator, publishContact, async ({ principal, params, body }) => {
    const { id: personId } = await personWithin(platform, principal, params.id);
    const publishedBy = actorOf(principal);
    return await transaction(platform.core, async (db) => {
      if ((await holdPerson(db, personId)) === undefined) throw new AppError("not-found");
      await store.upsertContact(db, { inbox: randomUUID(), personId, title: body.title, publishedBy });
      await appendEvent(db, { type: "contact-published.v1", actor: publishedBy, subject: personId });
      const row = await store.selectContact(db, personId);
      if (row === undefined) throw new Error("the contact was not written");
      return describe(row);
    });
  });

  handle(app, authenticator, endContact, async ({ principal, params }) => {
    const { id } = await personWithin(platform, principal, params.id);
    await transaction(platform.core, async (db) => {
      if (!(await store.deleteContact(db, id))) throw new AppError("not-found", "The person is no contact");
      await appendEvent(db, { type: "contact-ended.v1", actor: actorOf(principal), subject: id });
    });
    return undefined;
  });
}

function describe({ id: person, organisation, title, published_at }: store.ContactRow): Contact {
  return { person, organisation, title, publishedAt: published_at.toISOString() };
}
