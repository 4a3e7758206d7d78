import { randomUUID } from "node:crypto";
import {
  AppError,
  actorOf,
  createPerson,
  cutNewest,
  listPeople,
  type Person,
  type Principal,
  parseListPlace,
  removePerson,
} from "@suar/contract";
import { appendEvent, channels, handle, type Platform, transaction } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { reaches, reachOf, requireLive } from "../manageable.ts";
import { deleteContact } from "../store/contact.ts";
import { revokeKeysOfPerson } from "../store/machine-key.ts";
import { holdOrganisation } from "../store/organisation.ts";
import * as store from "../store/person.ts";

export function registerPeople(app: FastifyInstance, platform: Platform): void {
  const { authenticator } = platform;
  const within = async (principal: Principal, id: string) => await personWithin(platform, principal, id);

  handle(app, authenticator, listPeople, async ({ principal, query }) => {
    requireLive(principal);
    const reach = reachOf(principal);
    const scope = {
      organisationId: reach.kind === "organisation" ? reach.id : null,
      member: reach.kind === "member" ? reach.member : null,
    };
    const after = parseListPlace(query.after);
    const found = await store.selectPeople(platform.core, scope, after, query.limit + 1);
    const { rows, ...next } = cutNewest(found, query.limit);
    return { items: rows.map(describe), ...next };
  });

  handle(app, authenticator, createPerson, async ({ principal, body }) => {
    requireLive(principal);
    const code = body.organisation ?? principal.organisation?.code;
    const id = randomUUID();
    await transaction(platform.core, async (db) => {
      const organisation = code === undefined ? undefined : await holdOrganisation(db, code);
      if (organisation === undefined || !reaches(reachOf(principal), organisation))
        throw new AppError("unknown-member", "There is no such organisation of yours");
      await store.insertPerson(db, {
        id,
        organisationId: organisation.id,
        title: body.title,
        email: body.email ?? null,
        roles: body.roles,
      });
      await appendEvent(db, { type: "person-added.v1", actor: actorOf(principal), subject: id });
    });
    return describe(await within(principal, id));
  });

  handle(app, authenticator, removePerson, async ({ principal, params }) => {
    const person = await within(principal, params.id);
    await transaction(platform.core, async (db) => {
      await store.removePerson(db, person.id);
      await deleteContact(db, person.id);
      await store.voidLinksOfPerson(db, person.id);
      await revokeKeysOfPerson(db, person.id);
      await appendEvent(db, { type: "person-removed.v1", actor: actorOf(principal), subject: person.id });
    });
    platform.signals.send(channels.credentials);
    return describe({ ...person, status: "removed" });
  });
}

/** A person whom the caller may manage; others do not exist (404). */
export async function personWithin(
  platform: Platform,
  principal: Principal,
  id: string,
): Promise<store.PersonRow> {
  requireLive(principal);
  const person = await store.selectPerson(platform.core, id);
  if (
    person === undefined ||
    !reaches(reachOf(principal), { code: person.organisation, member: person.member })
  ) {
    throw new AppError("not-found");
  }
  return person;
}

function describe(row: store.PersonRow): Person {
  const { id, organisation, title, email, roles, status } = row;
  return { id, organisation, title, email, roles, status };
}
