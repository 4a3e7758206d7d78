import { AppError, actorOf, type Principal, type Source } from "@suar/contract";
import {
  appendEvent,
  type OrganisationCaller,
  type Platform,
  type Realm,
  requireOrganisation,
  type Secrets,
} from "@suar/runtime";
import type { TaxiiCredential } from "@suar/taxii";
import { type SourceRow, selectSource } from "../store/source.ts";

const PURPOSE = "source-credential";

/** A credential at rest. */
export function sealCredential(
  secrets: Secrets,
  credential: TaxiiCredential | undefined,
): Pick<SourceRow, "credential" | "credential_kind"> {
  if (credential === undefined) return { credential: null, credential_kind: "none" };
  const kind = "token" in credential ? "bearer" : "basic";
  return { credential: secrets.seal(PURPOSE, JSON.stringify(credential)), credential_kind: kind };
}

export function openCredential(secrets: Secrets, { credential }: SourceRow): TaxiiCredential | undefined {
  return credential === null ? undefined : (JSON.parse(secrets.open(PURPOSE, credential)) as TaxiiCredential);
}

/** A caller with its realm. */
export type OpenCaller = { caller: OrganisationCaller; realm: Realm };

export async function openCaller(platform: Platform, principal: Principal): Promise<OpenCaller> {
  const caller = requireOrganisation(principal);
  return { caller, realm: await platform.realms.of(caller) };
}

/** One of the caller's own organisation's sources; another's does not exist (404). */
export async function openSource(
  platform: Platform,
  principal: Principal,
  id: string,
): Promise<OpenCaller & { row: SourceRow }> {
  const open = await openCaller(platform, principal);
  const row = await selectSource(open.realm.write, id, open.caller.organisation.id);
  if (row === undefined) throw new AppError("not-found");
  return { ...open, row };
}

export async function noteSource({ realm, caller }: OpenCaller, verb: string, id: string): Promise<void> {
  await appendEvent(realm.write, { type: `source-${verb}.v1`, actor: actorOf(caller), subject: id });
}

/** As the contract shows it: without its credential, and without whom it is shown as. */
export function describeSource(row: SourceRow): Source {
  const { found } = row;
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    url: row.url,
    folder: row.folder,
    format: row.format,
    collection: row.collection,
    found: found && { id: found.id, title: found.title },
    credential: row.credential_kind,
    tlp: row.tlp,
    to: row.recipients,
    purpose: row.purpose,
    noForward: row.no_forward,
    releasableTo: row.releasable_to,
    everySeconds: row.every_seconds,
    state: row.state,
    stateReason: row.state_reason,
    problem: row.problem,
    failures: row.failures,
    nextAt: row.state === "active" ? row.due_at.toISOString() : null,
    lastPullAt: row.pulled_at?.toISOString() ?? null,
    lastSuccessAt: row.succeeded_at?.toISOString() ?? null,
    addedUpTo: row.place.last ?? null,
    objects: row.objects,
    returned: row.returned,
    leftOut: row.left_out,
    troubles: "troubles" in row.place ? (row.place.troubles ?? []) : [],
    untaken: "untaken" in row.place ? (row.place.untaken ?? 0) : 0,
    lastSubmission: row.last_submission,
    createdAt: row.created_at.toISOString(),
  };
}
