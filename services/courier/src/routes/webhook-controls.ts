import { AppError, pauseWebhook, replayWebhook, resumeWebhook, rotateSecret } from "@suar/contract";
import { selectHead } from "@suar/log";
import { handle, type Platform } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { noteWebhook, openWebhook, shownWebhook } from "../own-webhook.ts";
import { newSecret, rotated, storeSecret } from "../signature.ts";
import { makeDue } from "../store/delivery.ts";
import * as store from "../store/webhook.ts";

/** Pause, resume, replay, rotate: what an endpoint's owner does to it while it works. */
export function registerWebhookControls(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, pauseWebhook, async ({ principal, params }) => {
    const open = await openWebhook(platform, principal, params.id);
    const { realm, row } = open;
    const changed =
      row.state === "disabled"
        ? row
        : await store.setState(realm.write, row.id, "paused", "paused by its owner");
    await noteWebhook(open, "paused", row.id);
    return await shownWebhook(realm, changed);
  });

  handle(app, platform.authenticator, resumeWebhook, async ({ principal, params }) => {
    const open = await openWebhook(platform, principal, params.id);
    const changed = await store.setState(open.realm.write, open.row.id, "active", null);
    await makeDue(open.realm.write, open.row.id);
    await noteWebhook(open, "resumed", open.row.id);
    return await shownWebhook(open.realm, changed);
  });

  // Replay is a cursor set back: matching begins there again, and what was delivered is sent again.
  handle(app, platform.authenticator, replayWebhook, async ({ principal, params, body }) => {
    const open = await openWebhook(platform, principal, params.id);
    const { realm, row } = open;
    const head = await selectHead(realm.write);
    if (body.from > head.seq) throw new AppError("bad-cursor", "from lies ahead of the log");
    await store.rewindCursor(realm.write, row.id, body.from);
    await noteWebhook(open, "replayed", row.id);
    return await shownWebhook(realm, { ...row, cursor: Math.min(row.cursor, body.from) });
  });

  handle(app, platform.authenticator, rotateSecret, async ({ principal, params }) => {
    const open = await openWebhook(platform, principal, params.id);
    const secret = newSecret();
    const secrets = rotated(open.row.secrets, storeSecret(platform.secrets, secret), new Date());
    const changed = await store.setSecrets(open.realm.write, open.row.id, secrets);
    await noteWebhook(open, "secret-rotated", open.row.id);
    return { ...(await shownWebhook(open.realm, changed)), secret };
  });
}
