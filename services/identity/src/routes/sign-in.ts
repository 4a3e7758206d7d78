import { randomBytes } from "node:crypto";
import { AppError, actorOf, createSignInLink, signIn, wordOf } from "@suar/contract";
import { appendEvent, handle, issueKey, type Platform, transaction } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import * as store from "../store/person.ts";
import { shownOnce } from "./keys.ts";
import { personWithin } from "./people.ts";

const LINK_MS = 15 * 60 * 1000;
const SESSION_MS = 12 * 3600 * 1000;
const PURPOSE = "sign-in-link";

export function registerSignIn(app: FastifyInstance, platform: Platform): void {
  const { authenticator } = platform;
  handle(app, authenticator, createSignInLink, async ({ principal, params }) => {
    const person = await personWithin(platform, principal, params.id);
    const token = randomBytes(32).toString("base64url");
    const expiresAt = new Date(Date.now() + LINK_MS);
    await transaction(platform.core, async (db) => {
      if ((await store.holdPerson(db, person.id)) === undefined) throw new AppError("not-found");
      await store.insertSignInLink(db, {
        tokenHmac: platform.secrets.hmac(PURPOSE, token),
        personId: person.id,
        issuedBy: wordOf(principal),
        expiresAt,
      });
      await appendEvent(db, { type: "sign-in-link-made.v1", actor: actorOf(principal), subject: person.id });
    });
    const base = platform.config.PUBLIC_URL ?? `http://${platform.config.HOST}:${platform.config.PORT}`;
    return { link: `${base}/sign-in#${token}`, token, expiresAt: expiresAt.toISOString() };
  });

  handle(app, authenticator, signIn, async ({ body }) => {
    const issued = await transaction(platform.core, async (db) => {
      const tokenHmac = platform.secrets.hmac(PURPOSE, body.token);
      const person = await store.holdPersonOfLink(db, tokenHmac);
      const issuedBy = await store.useSignInLink(db, tokenHmac); // undone with the rest where there is nobody
      if (person === undefined || issuedBy === undefined)
        throw new AppError("unauthenticated", "The link was used, is void, or is older than 15 minutes");
      await appendEvent(db, { type: "signed-in.v1", actor: `person:${person.id}`, subject: person.id });
      return await issueKey(db, platform.secrets, {
        realm: "live",
        organisationId: person.organisation_id,
        personId: person.id,
        session: true,
        // Whoever made the link could have used it.
        issuedBy,
        roles: person.roles,
        label: `session of ${person.title}`,
        expiresAt: new Date(Date.now() + SESSION_MS),
      });
    });
    return await shownOnce(platform, issued);
  });
}
