import { AppError, actorOf, type ExportLink, type Filter, wordOf } from "@suar/contract";
import {
  appendEvent,
  endKeyAt,
  issueKey,
  type OrganisationCaller,
  type Platform,
  type PoolClient,
} from "@suar/runtime";
import {
  countExportLinks,
  holdOrganisation,
  holdPerson,
  insertExportLink,
  lockExportLink,
  noteRotation,
} from "./store/export-link.ts";

const DAY_MS = 24 * 3600 * 1000;
/** Links of an organisation that have no successor, and all that are good: the old ones of a day of rotations beside them. */
const MOST = { standing: 100, good: 200 };
/** A device is given the new address while the old one still answers. */
const DAYS_OF_BOTH = 1;

type Platformed = Pick<Platform, "secrets">;
type Issued = { id: string; key: string };
export type LinkOrder = { name: string; format: ExportLink["format"]; filter: Filter; days: number };
type LinkTerms = Omit<LinkOrder, "days"> & { expiresAt: Date };

/** Issues a key that opens one export. Throws `quota-exceeded`. */
export async function makeExportLink(
  db: PoolClient,
  platform: Platformed,
  caller: OrganisationCaller,
  { days, ...order }: LinkOrder,
): Promise<Issued> {
  await holdMaker(db, caller);
  return await issueLink(db, platform, caller, { ...order, expiresAt: daysFromNow(days) });
}

/**
 * Issues another key for what one opens that is good and was not rotated, for as long as that one was made for. It is whose
 * word it is, and ends as theirs. Throws `not-found`, `quota-exceeded`.
 */
export async function renewExportLink(
  db: PoolClient,
  platform: Platformed,
  caller: OrganisationCaller,
  id: string,
): Promise<Issued> {
  await holdMaker(db, caller);
  const old = await lockExportLink(db, id, caller.organisation.id);
  if (old === undefined || old.revoked_at !== null || old.expires_at.getTime() <= Date.now())
    throw new AppError("not-found", "The link has ended");
  if (old.rotated_at !== null) throw new AppError("not-found", "The link was rotated: rotate its successor");
  await endKeyAt(db, id, daysFromNow(DAYS_OF_BOTH));
  await noteRotation(db, id);
  const { name, format, filter, created_at, expires_at } = old;
  const expiresAt = new Date(Date.now() + expires_at.getTime() - created_at.getTime());
  return await issueLink(db, platform, caller, { name, format, filter, expiresAt });
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * DAY_MS);
}

/** The organisation before the person, and both before any key, as in every removal. */
async function holdMaker(db: PoolClient, { organisation, personId }: OrganisationCaller): Promise<void> {
  const isThere =
    (await holdOrganisation(db, organisation.id)) &&
    (personId === null || (await holdPerson(db, personId, organisation.id)));
  if (!isThere) throw new AppError("key-revoked", "Ask your officer for a new key");
}

/**
 * Made in a person's session it is the person's, made with a machine's key it is no good without that one. The
 * organisation is held: of two links that are made at once the second counts the first.
 */
async function issueLink(
  db: PoolClient,
  { secrets }: Platformed,
  caller: OrganisationCaller,
  { name, format, filter, expiresAt }: LinkTerms,
): Promise<Issued> {
  const { organisation, personId, signedIn } = caller;
  const { good, standing } = await countExportLinks(db, organisation.id);
  if (standing >= MOST.standing || good >= MOST.good)
    throw new AppError("quota-exceeded", `At most ${MOST.standing} links an organisation`);
  const issued = await issueKey(db, secrets, {
    realm: caller.realm,
    organisationId: organisation.id,
    personId,
    issuedBy: wordOf(caller),
    roles: ["subscriber"],
    label: name,
    expiresAt: signedIn || caller.expiresAt > expiresAt ? expiresAt : caller.expiresAt,
    purpose: "export",
    madeWith: signedIn ? null : caller.keyId,
  });
  await insertExportLink(db, { keyId: issued.id, format, filter, madeBy: actorOf(caller) });
  await appendEvent(db, {
    type: "export-link-made.v1",
    actor: actorOf(caller),
    subject: issued.id,
    fields: { organisation: organisation.code, format },
  });
  return issued;
}
