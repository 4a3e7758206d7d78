import { AppError, actorOf, formatCursor, type Principal, type Webhook } from "@suar/contract";
import { type Head, selectHead } from "@suar/log";
import {
  appendEvent,
  type OrganisationCaller,
  type Platform,
  type Realm,
  requireOrganisation,
} from "@suar/runtime";
import { isResting } from "./schedule.ts";
import { selectLastProblems } from "./store/attempt.ts";
import { countWaiting } from "./store/delivery.ts";
import { selectWebhook, type WebhookRow } from "./store/webhook.ts";

/** A caller with its realm. */
export type Open = { caller: OrganisationCaller; realm: Realm };

export async function openCaller(platform: Platform, principal: Principal): Promise<Open> {
  const caller = requireOrganisation(principal);
  return { caller, realm: await platform.realms.of(caller) };
}

/** One of the caller's own organisation's webhooks; another's does not exist (404). */
export async function openWebhook(
  platform: Platform,
  principal: Principal,
  id: string,
): Promise<Open & { row: WebhookRow }> {
  const open = await openCaller(platform, principal);
  const row = await selectWebhook(open.realm.write, id, open.caller.organisation.id);
  if (row === undefined) throw new AppError("not-found");
  return { ...open, row };
}

export async function noteWebhook({ realm, caller }: Open, verb: string, id: string): Promise<void> {
  await appendEvent(realm.write, { type: `webhook-${verb}.v1`, actor: actorOf(caller), subject: id });
}

/** As the contract shows it, with what waits and what went wrong last. */
export async function shownWebhook(realm: Realm, row: WebhookRow): Promise<Webhook> {
  const [shown] = await shownWebhooks(realm, [row]);
  return shown as Webhook;
}

/** The same for several, in their order. */
export async function shownWebhooks(realm: Realm, rows: readonly WebhookRow[]): Promise<Webhook[]> {
  const ids = rows.map(({ id }) => id);
  const head = await selectHead(realm.write);
  const waiting = await countWaiting(realm.write, ids);
  const problems = await selectLastProblems(realm.write, ids);
  return rows.map((row) =>
    describeWebhook(row, head, {
      pending: waiting.get(row.id) ?? 0,
      lastProblem: problems.get(row.id) ?? null,
    }),
  );
}

export function describeWebhook(
  row: WebhookRow,
  head: Head,
  { pending, lastProblem }: Pick<Webhook, "pending" | "lastProblem">,
): Webhook {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    filter: row.filter,
    state: row.state,
    stateReason: row.state_reason,
    restingUntil: row.state === "active" && isResting(row) ? row.resting_until.toISOString() : null,
    lastProblem,
    cursor: formatCursor({ epoch: head.epoch, seq: row.cursor }),
    pending,
    createdAt: row.created_at.toISOString(),
  };
}
