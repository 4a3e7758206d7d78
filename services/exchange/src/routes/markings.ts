import { AppError, changeMarking, getMarking } from "@suar/contract";
import { markingOf, wordsStated } from "@suar/gate";
import { handle, type Platform, requireOrganisation } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { describeMarking, markOwn } from "../mark-own.ts";

/** An originator's own word on the marking of what it stated. */
export function registerMarkings(app: FastifyInstance, platform: Platform): void {
  const { authenticator } = platform;

  handle(app, authenticator, getMarking, async ({ principal, params, reply }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const marking = await markingOf(realm.write, caller.organisation.id, params.id);
    if (marking === undefined) throw new AppError("not-found");
    reply.header("etag", `"${marking.tag}"`);
    const versions = await wordsStated(realm.write, caller.organisation.id, params.id);
    return describeMarking(params.id, marking, versions);
  });

  handle(app, authenticator, changeMarking, async ({ principal, params, body, request, reply }) => {
    const caller = requireOrganisation(principal);
    const wanted = request.headers["if-match"];
    if (wanted === undefined)
      throw new AppError("bad-request", "Send If-Match with the ETag of the marking that is to be changed");
    const tag = /^"([\w-]{1,64})"$/.exec(wanted)?.[1] ?? "";
    const { marking, lost, gained } = await markOwn(platform, caller, { id: params.id, tag }, body);
    const { write } = await platform.realms.of(caller);
    const versions = await wordsStated(write, caller.organisation.id, params.id);
    reply.header("etag", `"${marking.tag}"`);
    return { ...describeMarking(params.id, marking, versions), lost, gained };
  });
}
