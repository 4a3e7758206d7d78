import {
  AppError,
  type Approval,
  type ApprovalDocument,
  actorOf,
  approveRelease,
  cutPage,
  formatListPlace,
  listApprovals,
  parseListPlace,
  readApproval,
  refuseRelease,
  wordOf,
} from "@suar/contract";
import { approve, type By, gateOf, type PendingRow, pendingOf, refuse, releasing } from "@suar/gate";
import {
  appendEvent,
  handle,
  type OrganisationCaller,
  type Platform,
  type Realm,
  requireOrganisation,
  transaction,
} from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { approverOf } from "../approver.ts";
import { approvalContext, describeApprovals, findApproval, openApproval } from "../open-approval.ts";

/** What waits for data officers: to those who are asked, and to whom it is of; to nobody else is there any. */
export function registerApprovals(app: FastifyInstance, platform: Platform): void {
  const { authenticator } = platform;

  handle(app, authenticator, listApprovals, async ({ principal, query }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const found = await pendingOf(realm.write, {
      approver: approverOf(caller),
      producer: caller.organisation.id,
      state: query.state,
      after: query.after === undefined ? undefined : parseListPlace(query.after),
      limit: query.limit + 1,
    });
    const { rows, ...next } = cutPage(found, query.limit, ({ created_us: key, id }) =>
      formatListPlace({ key, id }),
    );
    return { items: await describeApprovals(tellingOf(platform, realm), realm.write, caller, rows), ...next };
  });

  handle(app, authenticator, readApproval, async ({ principal, params, reply }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const row = await findApproval(realm.write, caller, params.id);
    const context = await approvalContext(platform, realm, row);
    const document = await openApproval(platform, realm.write, caller, { row, context });
    await noteReading(realm, caller, document);
    reply.header("etag", `"${document.etag}"`);
    return document;
  });

  handle(app, authenticator, approveRelease, async ({ principal, params, request }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const row = await findApproval(realm.write, caller, params.id);
    const seen = request.headers["if-match"];
    if (seen === undefined)
      throw new AppError("bad-request", "Send If-Match with the ETag of the request as you read it");
    await agree(platform, realm, caller, { row, seen });
    return await told(platform, realm, caller, row.id);
  });

  handle(app, authenticator, refuseRelease, async ({ principal, params, body }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const { id } = await findApproval(realm.write, caller, params.id);
    const by = byOf(caller);
    await transaction(realm.write, async (db) => {
      await refuse(db, id, by, body.reason);
      const fields = { approver: by.approver };
      await appendEvent(db, { type: "approval-refused.v1", actor: by.actor, subject: id, fields });
    });
    return await told(platform, realm, caller, id);
  });
}

/** The approval and what comes of it are one transaction: nothing is released that nobody is seen to have approved. */
async function agree(
  platform: Platform,
  realm: Realm,
  caller: OrganisationCaller,
  { row, seen }: { row: PendingRow; seen: string },
): Promise<void> {
  const by = { ...byOf(caller), seen: seen.slice(1, -1) };
  const made = await approvalContext(platform, realm, row);
  await releasing(platform, realm, async (db) => {
    const outcome = await approve(db, made, row.id, by, async (locked, context) => {
      const { etag } = await openApproval(platform, db, caller, { row: locked, context });
      if (seen !== `"${etag}"`) throw new AppError("edited-meanwhile", "Read it again");
    });
    const fields = { approver: by.approver, outcome };
    await appendEvent(db, { type: "approval-given.v1", actor: by.actor, subject: row.id, fields });
  });
}

/** Throws `forbidden` for who is asked nothing: an agency's officer sees what waits of its own. */
function byOf(caller: OrganisationCaller): By {
  const approver = approverOf(caller);
  if (approver === undefined) throw new AppError("forbidden", "Officers of CERTs are asked");
  return { actor: actorOf(caller), word: wordOf(caller), approver };
}

async function told(
  platform: Platform,
  realm: Realm,
  caller: OrganisationCaller,
  id: string,
): Promise<Approval> {
  const row = await findApproval(realm.write, caller, id);
  const [approval] = await describeApprovals(tellingOf(platform, realm), realm.write, caller, [row]);
  if (approval === undefined) throw new AppError("not-found");
  return approval;
}

function tellingOf(platform: Platform, realm: Realm) {
  return { directory: platform.directory, gate: gateOf(realm, platform) };
}

/** Where another member reads what is not released to it yet, that is kept. */
async function noteReading(
  realm: Realm,
  caller: OrganisationCaller,
  { id, object, copies }: ApprovalDocument,
): Promise<void> {
  if (object !== null || copies.length === 0) return;
  await appendEvent(realm.write, { type: "approval-read.v1", actor: actorOf(caller), subject: id });
}
