import { readClosing } from "@suar/contract";
import { handle, isClosing, type Platform } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { actingMember } from "../member-officer.ts";

export function registerClosing(app: FastifyInstance, { authenticator, realms }: Platform): void {
  handle(app, authenticator, readClosing, async ({ principal }) => {
    if (!principal.roles.includes("operator")) actingMember(principal);
    const { write } = await realms.named("live");
    return { closing: await isClosing(write) };
  });
}
