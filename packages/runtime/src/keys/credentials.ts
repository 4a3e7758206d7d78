import { randomBytes } from "node:crypto";
import { AppError, type Principal, type Role } from "@suar/contract";
import type { Queryable } from "../database/pool.ts";
import { type Secrets, sameBytes } from "./secrets.ts";

/**
 * Machine keys `suar_<id>_<secret>`: 256 random bits, of which only an HMAC under the platform's pepper is
 * kept. A key is bound to one realm and one organisation (none: the operator). Sessions of people are keys
 * with a person. This file alone writes and reads the secrets of `core.machine_key`.
 */
const PEPPER = "machine-key";
const KEY = /^suar_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;

/** A key with a purpose opens what that is for, and nothing else. */
export type KeyPurpose = "export";

export type NewKey = {
  realm: string;
  organisationId: number | null;
  personId?: string | null;
  /** On whose word it acts, when not on its own. */
  issuedBy?: string | null;
  /** A person signed in to get it. */
  session?: boolean;
  roles: readonly Role[];
  label: string;
  expiresAt: Date;
  /** It opens nothing until an officer of another member confirms it. */
  waits?: boolean;
  /** What alone it opens. */
  purpose?: KeyPurpose;
  /** The key without which it is no good, either. */
  madeWith?: string | null;
};
export type IssuedCredential = { id: string; key: string };

/** Issues a key; the returned text is the only copy of the secret. */
export async function issueKey(db: Queryable, secrets: Secrets, key: NewKey): Promise<IssuedCredential> {
  const id = randomBytes(8).toString("hex").slice(0, 12);
  const secret = randomBytes(32).toString("base64url");
  await db.query(
    `INSERT INTO core.machine_key (id, realm, organisation_id, person_id, roles, label, secret_hmac, expires_at, issued_by, waits, session, purpose, made_with)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      id,
      key.realm,
      key.organisationId,
      key.personId ?? null,
      key.roles,
      key.label,
      secrets.hmac(PEPPER, secret),
      key.expiresAt,
      key.issuedBy ?? null,
      key.waits ?? false,
      key.session ?? false,
      key.purpose ?? null,
      key.madeWith ?? null,
    ],
  );
  return { id, key: `suar_${id}_${secret}` };
}

/** Ends a key at once. */
export async function endKey(db: Queryable, id: string): Promise<void> {
  await db.query("UPDATE core.machine_key SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL", [id]);
}

/** Ends a key at a time, where it would go on for longer. */
export async function endKeyAt(db: Queryable, id: string, at: Date): Promise<void> {
  await db.query("UPDATE core.machine_key SET expires_at = least(expires_at, $2) WHERE id = $1", [id, at]);
}

type KeyRow = {
  id: string;
  realm: string;
  realm_state: string;
  drill_ended: boolean;
  person_id: string | null;
  person_status: string | null;
  session: boolean;
  issued_by: string | null;
  roles: Role[];
  secret_hmac: Buffer;
  expires_at: Date;
  revoked_at: Date | null;
  waits: boolean;
  purpose: KeyPurpose | null;
  maker_ended: boolean;
  organisation_id: number | null;
  code: string | null;
  member: string | null;
  kind: "cert" | "agency" | null;
  status: string | null;
};

const SELECT_KEY = `
  SELECT k.id, k.realm, r.state AS realm_state, d.state IS NOT DISTINCT FROM 'ended' AS drill_ended, k.person_id,
         p.status AS person_status, k.session, k.issued_by, k.roles, k.secret_hmac, k.expires_at, k.revoked_at, k.waits, k.purpose,
         coalesce(m.revoked_at IS NOT NULL OR m.expires_at <= now(), false) AS maker_ended, k.organisation_id, o.code, o.member, o.kind, o.status
    FROM core.machine_key k
    JOIN core.realm r ON r.name = k.realm
    LEFT JOIN core.drill_run d ON d.realm = k.realm
    LEFT JOIN core.machine_key m ON m.id = k.made_with
    LEFT JOIN core.person p ON p.id = k.person_id
    LEFT JOIN core.organisation o ON o.id = k.organisation_id`;

/**
 * Finds who holds a key of a purpose, or of none. Throws AppError `unauthenticated`, `key-expired`, `key-revoked` or
 * `key-waits`.
 */
export async function principalOfKey(
  db: Queryable,
  secrets: Secrets,
  key: string,
  purpose: KeyPurpose | null = null,
): Promise<Principal> {
  const match = KEY.exec(key);
  if (match?.[1] === undefined || match[2] === undefined)
    throw new AppError("unauthenticated", "This is not a Suar key");
  const { rows } = await db.query<KeyRow>(`${SELECT_KEY} WHERE k.id = $1`, [match[1]]);
  const row = rows[0];
  const isRight = row !== undefined && sameBytes(row.secret_hmac, secrets.hmac(PEPPER, match[2]));
  if (!isRight || row.purpose !== purpose) {
    throw new AppError("unauthenticated", "The key is not known");
  }
  return principalOf(row);
}

/** The principal of a key id, for streams that are open already; undefined when it may no longer be used. */
export async function currentPrincipals(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, Principal>> {
  const { rows } = await db.query<KeyRow>(`${SELECT_KEY} WHERE k.id = ANY($1)`, [ids]);
  const valid = new Map<string, Principal>();
  for (const row of rows) {
    try {
      valid.set(row.id, principalOf(row));
    } catch (error) {
      if (!(error instanceof AppError)) throw error; // an AppError says why it may no longer be used: left out
    }
  }
  return valid;
}

function principalOf(row: KeyRow): Principal {
  const removed =
    row.status === "removed" ||
    row.person_status === "removed" ||
    row.realm_state === "archived" ||
    row.maker_ended;
  if (row.revoked_at !== null || removed) throw new AppError("key-revoked", "Ask your officer for a new key");
  if (row.waits) throw new AppError("key-waits", `Tell an officer of another member its id: ${row.id}`);
  if (row.expires_at.getTime() <= Date.now())
    throw new AppError("key-expired", "Ask your officer for a new key");
  const organisation =
    row.organisation_id === null || row.code === null || row.member === null || row.kind === null
      ? null
      : { id: row.organisation_id, code: row.code, member: row.member, kind: row.kind };
  return {
    realm: row.realm,
    keyId: row.id,
    personId: row.person_id,
    signedIn: row.session,
    issuedBy: row.issued_by,
    roles: row.roles,
    organisation,
    expiresAt: row.expires_at,
    drillEnded: row.drill_ended,
  };
}
