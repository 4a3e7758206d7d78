import { randomBytes } from "node:crypto";
import { createTicket } from "@suar/contract";
import { handle, type Platform, requireOrganisation } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { deleteExpiredTickets, insertTicket } from "../store/live-ticket.ts";

const GOOD_FOR_MS = 30_000;
export const TICKET_PURPOSE = "live-ticket";

export function registerTickets(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, createTicket, async ({ principal }) => {
    const caller = requireOrganisation(principal);
    const ticket = randomBytes(24).toString("base64url");
    const expiresAt = new Date(Date.now() + GOOD_FOR_MS);
    await deleteExpiredTickets(platform.core);
    await insertTicket(platform.core, platform.secrets.hmac(TICKET_PURPOSE, ticket), caller.keyId, expiresAt);
    return { ticket, expiresAt: expiresAt.toISOString() };
  });
}
