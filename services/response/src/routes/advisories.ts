import { randomUUID } from "node:crypto";
import {
  type Advisory,
  type AdvisoryDraft,
  AppError,
  actorOf,
  changeAdvisory,
  createAdvisory,
  cutNewest,
  getAdvisory,
  listAdvisories,
  parseListPlace,
  publishAdvisory,
  wordOf,
} from "@suar/contract";
import { type ReleaseContext, releaseContext, releasing } from "@suar/gate";
import {
  appendEvent,
  type Directory,
  directoryOf,
  handle,
  type Logger,
  type OrganisationCaller,
  type Platform,
  type PoolClient,
  requireOrganisation,
  transaction,
} from "@suar/runtime";
import { isStixId } from "@suar/stix";
import { hasUnfinished, recipientsOf } from "@suar/submit";
import type { FastifyInstance, FastifyReply } from "fastify";
import { advisoryItem, advisoryStixId } from "../advisory-object.ts";
import { releaseOwn } from "../release-own.ts";
import {
  type AdvisoryRow,
  insertAdvisory,
  lockAdvisory,
  markPublished,
  selectAdvisories,
  selectAdvisory,
  updateContent,
} from "../store/advisory.ts";

export function registerAdvisories(app: FastifyInstance, platform: Platform): void {
  const { authenticator } = platform;
  handle(app, authenticator, createAdvisory, async ({ principal, body, reply }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const content = await checkDraft(directoryOf(realm, platform.directory), body);
    const id = randomUUID();
    const row = {
      id,
      organisation_id: caller.organisation.id,
      stix_id: advisoryStixId(caller.organisation.code, id),
      content,
      drafted_by: wordOf(caller),
    };
    const made = await transaction(realm.write, async (db) => {
      await appendEvent(db, { type: "advisory-drafted.v1", actor: actorOf(caller), subject: row.id });
      return await insertAdvisory(db, row);
    });
    return show(reply, made);
  });

  handle(app, authenticator, listAdvisories, async ({ principal, query }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const after = parseListPlace(query.after);
    const found = await selectAdvisories(realm.write, caller.organisation.id, after, query.limit + 1);
    const { rows, ...next } = cutNewest(found, query.limit);
    return { items: rows.map(describe), ...next };
  });

  handle(app, authenticator, getAdvisory, async ({ principal, params, reply }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const row = await selectAdvisory(realm.write, params.id, caller.organisation.id);
    if (row === undefined) throw new AppError("not-found");
    return show(reply, row);
  });
  registerEditing(app, platform);
}

function registerEditing(app: FastifyInstance, platform: Platform): void {
  const { authenticator } = platform;
  handle(app, authenticator, changeAdvisory, async ({ principal, params, body, request, reply }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const content = await checkDraft(directoryOf(realm, platform.directory), body);
    const changed = await transaction(realm.write, async (db) => {
      const row = await lockAdvisory(db, params.id, caller.organisation.id);
      if (row === undefined) throw new AppError("not-found");
      const wanted = request.headers["if-match"];
      if (wanted === undefined)
        throw new AppError("bad-request", "Send If-Match with the ETag of the version that you edited");
      if (wanted !== `"${row.version}"`) throw new AppError("edited-meanwhile");
      await appendEvent(db, {
        type: "advisory-edited.v1",
        actor: actorOf(caller),
        subject: row.id,
        fields: { version: row.version + 1 },
      });
      return await updateContent(db, row.id, content, wordOf(caller));
    });
    return show(reply, changed);
  });

  handle(app, authenticator, publishAdvisory, async ({ principal, params, reply }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const producer = await platform.directory.byId(caller.organisation.id);
    if (producer === undefined) throw new AppError("not-found");
    const context = await releaseContext(platform, realm, producer, {
      submissionId: null,
      word: wordOf(caller),
    });
    const { published } = await releasing(
      platform,
      realm,
      async (db) => await publishDraft(db, context, { id: params.id, caller, log: platform.log }),
      ({ hint }) => hint,
    );
    return show(reply, published);
  });
}

/** Somebody else than its last editor makes a draft an advisory, and releases it. `hint`: what the pen is told. */
async function publishDraft(
  db: PoolClient,
  context: ReleaseContext,
  { id, caller, log }: { id: string; caller: OrganisationCaller; log: Logger },
): Promise<{ published: AdvisoryRow; hint: string }> {
  const { producer } = context;
  const row = await lockAdvisory(db, id, producer.id);
  if (row === undefined) throw new AppError("not-found");
  if (row.state !== "draft") throw new AppError("conflict", "There is no unpublished draft of it");
  if (row.drafted_by === wordOf(caller))
    throw new AppError("second-person-needed", "Somebody else than its last editor publishes an advisory");
  await refuseWhileUnsaid(db, producer.id, row.content);
  const at = new Date();
  const { created_at: created, content } = row;
  const item = advisoryItem({ id: row.id, organisation: producer.code, created, at, content });
  const hint = await releaseOwn(db, context, [item], log);
  await appendEvent(db, {
    type: "advisory-published.v1",
    actor: actorOf(caller),
    subject: row.id,
    fields: { version: row.version },
  });
  return { published: await markPublished(db, row.id, actorOf(caller), at), hint };
}

/** What an advisory refers to may be stated, and withheld, in a submission that is still on its way (ADR 7). */
async function refuseWhileUnsaid(
  db: PoolClient,
  organisationId: number,
  { references }: Pick<AdvisoryDraft, "references">,
): Promise<void> {
  if (references.length > 0 && (await hasUnfinished(db, organisationId)))
    throw new AppError("conflict", "A submission of yours is still being processed; publish it in a moment");
}

function show(reply: FastifyReply, row: AdvisoryRow): Advisory {
  reply.header("etag", `"${row.version}"`);
  return describe(row);
}

/** The draft as it is kept: with the members of the groups that it names. */
async function checkDraft(directory: Directory, draft: AdvisoryDraft): Promise<AdvisoryDraft> {
  if (draft.tlp === "red") throw new AppError("red-needs-people");
  for (const id of draft.references) {
    if (!isStixId(id))
      throw new AppError("bad-request", `references: ${String(id).slice(0, 80)} is no STIX id`);
  }
  return { ...draft, to: await recipientsOf(draft.to, directory) };
}

function describe(row: AdvisoryRow): Advisory {
  const { title, body, severity, tlp, to, labels, references } = row.content;
  return {
    id: row.id,
    state: row.state,
    title,
    body,
    severity,
    tlp,
    to,
    labels,
    references,
    draftedBy: row.drafted_by,
    publishedBy: row.published_by,
    publishedAt: row.published_at?.toISOString() ?? null,
    stixId: row.stix_id,
    version: row.version,
  };
}
