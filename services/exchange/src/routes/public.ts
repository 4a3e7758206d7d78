import { AppError, getPublicObject, readPublicEvents } from "@suar/contract";
import { handle, type Platform } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { publicAssertions } from "../public-assertions.ts";
import { PublicLog } from "../public-log.ts";
import { sendPublic } from "../send-public.ts";

/** What everybody may read, of the live realm alone: drills have no public. Nothing that a caller shows changes it. */
export function registerPublic(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, readPublicEvents, async ({ query, request, reply }) => {
    const realm = await platform.realms.named("live");
    const { items, next, more } = await new PublicLog(platform, realm).page(query);
    // What it is known by has nothing of its place: that others were sent something in between shows nowhere.
    const text = `[${items.join(",")}]`;
    const body = `{"items":${text},"next":${JSON.stringify(next)},"more":${more}}`;
    return sendPublic({ request, reply }, body, more && items.length === 0 ? undefined : text);
  });

  handle(app, platform.authenticator, getPublicObject, async ({ params, request, reply }) => {
    const realm = await platform.realms.named("live");
    const assertions = await publicAssertions(platform.directory, realm, params.id);
    if (assertions.length === 0) throw new AppError("not-found");
    const body = JSON.stringify({ id: params.id, assertions });
    return sendPublic({ request, reply }, body, body);
  });
}
