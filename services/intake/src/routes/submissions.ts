import { randomUUID } from "node:crypto";
import multipart from "@fastify/multipart";
import {
  AppError,
  actorOf,
  cutPage,
  type DryRun,
  formatListPlace,
  getSubmission,
  incidentReportSchema,
  listSubmissions,
  parseListPlace,
  type RecordOutcome,
  type Submission,
  type SubmissionDetail,
  type SubmissionQuery,
  submit,
  wordOf,
} from "@suar/contract";
import { FormatError, incidentReportJsonSchema } from "@suar/formats";
import { MOST_RED, releaseContext } from "@suar/gate";
import {
  directoryOf,
  drainBody,
  handle,
  heldOpen,
  idempotencyKeyOf,
  type OrganisationCaller,
  type Platform,
  type Realm,
  requireOrganisation,
  takeRawBodies,
} from "@suar/runtime";
import { acceptSubmission, parseOptions, requireInside, type SubmissionOptions } from "@suar/submit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { IntakeConfig } from "../config.ts";
import { dryRun } from "../dry-run/dry-run.ts";
import { normalizeContext } from "../normalize/normalize-context.ts";
import { notStatedOf } from "../stage/pass-over-held.ts";
import type { StagingContext } from "../stage/stage-submission.ts";
import { selectOutcomes } from "../store/outcome.ts";
import {
  type ShownSubmission,
  type SubmissionScope,
  selectSubmission,
  selectSubmissions,
} from "../store/submission.ts";
import { findAddressees } from "../submission/find-addressees.ts";
import { FORM_LIMITS, openForm } from "../submission/form.ts";
import { checkInput, type Input, openInput, problemOfFormat } from "../submission/input.ts";
import { listApprovals } from "../submission/list-approvals.ts";

export async function registerSubmissions(
  app: FastifyInstance,
  platform: Platform,
  config: IntakeConfig,
): Promise<void> {
  handle(app, platform.authenticator, incidentReportSchema, async () => incidentReportJsonSchema());

  handle(app, platform.authenticator, getSubmission, async ({ principal, params, query }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const row = await selectSubmission(realm.write, params.id, scopeOf(caller));
    if (row === undefined) throw new AppError("not-found");
    const { records, next } = await outcomePage(realm.write, row.id, query);
    return {
      ...describe(row),
      records,
      approvals: await listApprovals(directoryOf(realm, platform.directory), realm.write, row, records),
      losses: row.losses,
      lossesInAll: row.losses_in_all,
      ...(next && { next }),
    } satisfies SubmissionDetail;
  });

  handle(app, platform.authenticator, listSubmissions, async ({ principal, query }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const after = parseListPlace(query.after);
    const found = await selectSubmissions(realm.write, scopeOf(caller), after, query.limit + 1);
    const { rows, ...next } = cutPage(found, query.limit, ({ received_us: key, id }) =>
      formatListPlace({ key, id }),
    );
    return { items: rows.map(describe), ...next };
  });

  // Submissions bring any media type and are never held whole: their scope hands bodies on as streams.
  await app.register(async (scope) => {
    takeRawBodies(scope);
    await scope.register(multipart, {
      limits: { ...FORM_LIMITS, fileSize: config.SUAR_SUBMISSION_LIMIT + 1 },
    });
    handle(scope, platform.authenticator, submit, async ({ principal, query, request, reply }) => {
      return await acceptBody(platform, config, requireOrganisation(principal), query, request, reply);
    });
  });
}

function scopeOf(caller: OrganisationCaller): SubmissionScope {
  return { organisationId: caller.organisation.id, actor: actorOf(caller) };
}

/** Whatever is refused, its body is read to the end: otherwise the caller would not hear why. */
async function acceptBody(
  platform: Platform,
  config: IntakeConfig,
  caller: OrganisationCaller,
  address: SubmissionQuery,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const body = await bodyOf(request);
  try {
    const query = { ...address, ...body.parameters };
    const realm = await platform.realms.of(caller);
    const options = await parseOptions(query, directoryOf(realm, platform.directory));
    const incoming = { request, reply, body, options };
    return await acceptRequest(platform, realm, config, caller, query, incoming);
  } catch (error) {
    if (!request.isMultipart()) void drainBody(request, body.source);
    else if (!(error instanceof AppError) && /form|multipart/i.test((error as Error).message)) {
      throw new AppError("bad-request", "The form breaks off", { cause: error });
    }
    throw error;
  }
}

type Incoming = { request: FastifyRequest; reply: FastifyReply; body: Body; options: SubmissionOptions };

async function acceptRequest(
  platform: Platform,
  realm: Realm,
  config: IntakeConfig,
  caller: OrganisationCaller,
  query: SubmissionQuery,
  { request, reply, body, options }: Incoming,
) {
  requireInside(realm, options);
  const receivedAt = new Date().toISOString();
  const context = {
    ...(await normalizeContext(platform, realm, caller.organisation, receivedAt, options)),
    notStated: await notStatedOf(options, caller.organisation, directoryOf(realm, platform.directory)),
  };
  const input = await openInput(
    body.source,
    { format: query.format, mediaType: body.mediaType, length: body.length },
    config,
  );
  const checked = await checkInput(input, options, context);
  if (query.dryRun) {
    const answer = await runDry(platform, realm, caller, { checked, options, context });
    return reply
      .code(200)
      .header("content-type", "application/json; charset=utf-8")
      .send(JSON.stringify(answer));
  }
  const accepted = await acceptSubmission(realm, platform.queue, {
    organisationId: caller.organisation.id,
    actor: actorOf(caller),
    word: wordOf(caller),
    format: input.reader.name,
    options,
    source: checked.source,
    maxBytes: options.people === undefined ? input.maxBytes : Math.min(input.maxBytes, MOST_RED.bytes),
    idempotencyKey: idempotencyKeyOf(request),
  });
  const self = `/v1/submissions/${accepted.id}`;
  reply.header("location", self);
  if (accepted.repeated) reply.header("idempotency-replayed", "true");
  return { id: accepted.id, status: "received" as const, links: { self } };
}

type Checked = { checked: Input; options: SubmissionOptions; context: StagingContext };

async function runDry(
  platform: Platform,
  realm: Realm,
  caller: OrganisationCaller,
  { checked, options, context }: Checked,
): Promise<DryRun> {
  const { receivedAt } = context;
  const said = { submissionId: randomUUID(), word: wordOf(caller), receivedAt };
  const release = await releaseContext(platform, realm, caller.organisation, said);
  const { people } = options;
  const red = people && {
    submitter: actorOf(caller),
    people: await findAddressees(platform.directory, people),
  };
  try {
    return await dryRun(checked, options, context, realm.write, release, red);
  } catch (error) {
    throw error instanceof FormatError ? problemOfFormat(error) : error;
  }
}

type Body = {
  source: AsyncIterable<Uint8Array>;
  mediaType: string | undefined;
  length: number | undefined;
  parameters?: Partial<SubmissionQuery>;
};

/** The raw body, or the one file of a multipart form. */
async function bodyOf(request: FastifyRequest): Promise<Body> {
  if (request.isMultipart()) return { ...(await openForm(request)), length: undefined };
  const source = request.body as AsyncIterable<Uint8Array> | undefined | null;
  if (source === undefined || source === null) throw new AppError("empty");
  const length = Number(request.headers["content-length"]);
  return {
    source: heldOpen(source),
    mediaType: request.headers["content-type"],
    length: Number.isNaN(length) ? undefined : length,
  };
}

function describe(row: ShownSubmission): Submission {
  const { records, accepted, merged, unchanged } = row;
  return {
    id: row.id,
    status: row.unlogged ? "normalizing" : row.state,
    format: row.format,
    receivedAt: row.received_at.toISOString(),
    finishedAt: row.unlogged ? null : (row.finished_at?.toISOString() ?? null),
    bytes: row.bytes,
    sha256: row.sha256.toString("hex"),
    counts: { records, accepted, merged, unchanged, rejected: row.rejected + row.rejected_early },
    ...(row.options.origin && { origin: row.options.origin }),
    problem: row.problem,
    links: { self: `/v1/submissions/${row.id}` },
  };
}

const PAGES_AT_ONCE = 3;

/** A page of outcomes; `next` is `<stored page>.<offset in it>`. */
async function outcomePage(
  db: Parameters<typeof selectOutcomes>[0],
  id: string,
  query: { after?: string | undefined; limit: number },
) {
  const match = /^(\d{1,9})\.(\d{1,6})$/.exec(query.after ?? "0.0");
  if (match === null) throw new AppError("bad-cursor");
  let [page, offset] = [Number(match[1]), Number(match[2])];
  const records: RecordOutcome[] = [];
  for (;;) {
    const stored = await selectOutcomes(db, id, page, PAGES_AT_ONCE);
    for (const one of stored) {
      const skip = one.page === page ? offset : 0;
      const room = query.limit - records.length;
      records.push(...one.records.slice(skip, skip + room));
      if (skip + room < one.records.length)
        return { records: sorted(records), next: `${one.page}.${skip + room}` };
      [page, offset] = [one.page + 1, 0];
    }
    if (stored.length < PAGES_AT_ONCE) return { records: sorted(records), next: undefined };
  }
}

function sorted(records: RecordOutcome[]): RecordOutcome[] {
  return records.sort((a, b) => a.index - b.index);
}
