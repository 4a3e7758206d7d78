import { randomUUID } from "node:crypto";
import {
  actorOf,
  type DryRun,
  previewSightings,
  reportSighting,
  reportSightings,
  wordOf,
} from "@suar/contract";
import { releaseContext } from "@suar/gate";
import {
  directoryOf,
  handle,
  type OrganisationCaller,
  type Platform,
  type Realm,
  requireOrganisation,
} from "@suar/runtime";
import { acceptSubmission } from "@suar/submit";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { IntakeConfig } from "../config.ts";
import { dryRun } from "../dry-run/dry-run.ts";
import { normalizeContext } from "../normalize/normalize-context.ts";
import { type Reports, type SightingsInput, sightingsInputs } from "../sighting/sightings-input.ts";
import { notStatedOf } from "../stage/pass-over-held.ts";

/** What was seen, was not, or is over: said as a submission of STIX sightings, which goes the way of every other. */
export function registerSightings(app: FastifyInstance, platform: Platform, config: IntakeConfig): void {
  const most = config.SUAR_DOCUMENT_LIMIT;

  const take = async (caller: OrganisationCaller, reports: Reports, reply: FastifyReply) => {
    const realm = await platform.realms.of(caller);
    const submissions: { id: string; status: "received"; links: { self: string } }[] = [];
    const sightings: { id: string; of: string; submission: string }[] = [];
    for (const { made, options, input } of await sightingsInputs(platform, realm, most, caller, reports)) {
      const { id } = await acceptSubmission(realm, platform.queue, {
        organisationId: caller.organisation.id,
        actor: actorOf(caller),
        word: wordOf(caller),
        format: input.reader.name,
        options,
        source: input.source,
        maxBytes: input.maxBytes,
      });
      submissions.push({ id, status: "received", links: { self: `/v1/submissions/${id}` } });
      sightings.push(...made.map((one) => ({ id: one.id, of: one.of.id, submission: id })));
    }
    if (submissions[0] !== undefined) reply.header("location", submissions[0].links.self);
    return { submissions, sightings };
  };

  handle(app, platform.authenticator, reportSighting, async ({ principal, params, body, reply }) => {
    const { tlp, pap, to, ...what } = body;
    const reports = { tlp, pap, to, sightings: [{ ...what, of: params.id }] };
    return await take(requireOrganisation(principal), reports, reply);
  });

  handle(app, platform.authenticator, reportSightings, async ({ principal, body, reply }) => {
    return await take(requireOrganisation(principal), body, reply);
  });

  handle(app, platform.authenticator, previewSightings, async ({ principal, body }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const previews: DryRun[] = [];
    for (const one of await sightingsInputs(platform, realm, most, caller, body))
      previews.push(await preview(platform, realm, caller, one));
    return { previews };
  });
}

async function preview(
  platform: Platform,
  realm: Realm,
  caller: OrganisationCaller,
  { options, input }: SightingsInput,
): Promise<DryRun> {
  const receivedAt = new Date().toISOString();
  const directory = directoryOf(realm, platform.directory);
  const context = {
    ...(await normalizeContext(platform, realm, caller.organisation, receivedAt, options)),
    notStated: await notStatedOf(options, caller.organisation, directory),
  };
  const said = { submissionId: randomUUID(), word: wordOf(caller), receivedAt };
  const release = await releaseContext(platform, realm, caller.organisation, said);
  return await dryRun(input, options, context, realm.write, release);
}
