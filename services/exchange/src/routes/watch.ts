import { AppError, actorOf, getWatch, setWatch, type WatchList as Told } from "@suar/contract";
import { readWatchList, replaceWatchList, type WatchList } from "@suar/log";
import { appendEvent, handle, type Platform, requireOrganisation, transaction } from "@suar/runtime";
import type { FastifyInstance, FastifyReply } from "fastify";

/** What one's own organisation watches: kept sealed, and told to nobody else. */
export function registerWatch(app: FastifyInstance, platform: Platform): void {
  const { authenticator, secrets } = platform;
  handle(app, authenticator, getWatch, async ({ principal, reply }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const { id } = caller.organisation;
    return show(reply, await realm.readAs(id, async (db) => readWatchList(db, { realm, secrets }, id)));
  });

  handle(app, authenticator, setWatch, async ({ principal, body, request, reply }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const version = versionIn(request.headers["if-match"]);
    const { id, code } = caller.organisation;
    const { values } = body;
    const changed = await transaction(realm.write, async (db) => {
      // That it changed, and nothing of what is in it, not even how much.
      await appendEvent(db, { type: "watch-list-changed.v1", actor: actorOf(caller), subject: code });
      return await replaceWatchList(db, { realm, secrets }, id, { values, version });
    });
    return show(reply, changed);
  });
}

function versionIn(wanted: string | undefined): number {
  if (wanted === undefined)
    throw new AppError("bad-request", "Send If-Match with the ETag of the list that you edited");
  const [, version] = /^"(0|[1-9]\d{0,8})"$/.exec(wanted) ?? [];
  if (version === undefined) throw new AppError("edited-meanwhile");
  return Number(version);
}

function show(reply: FastifyReply, { values, version, changedAt }: WatchList): Told {
  reply.header("etag", `"${version}"`);
  return { values: [...values], version, changedAt: changedAt?.toISOString() ?? null };
}
