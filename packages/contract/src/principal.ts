import { z } from "zod";

/** What a key or a signed-in person may do; `officer` is a member's data officer. */
export const Role = z.enum(["analyst", "subscriber", "coordinator", "officer", "operator"]);
export type Role = z.infer<typeof Role>;

/** A realm's name: `live`, or `d` and a drill run's short id; also its PostgreSQL schema's suffix. */
export const RealmName = z.string().regex(/^(live|d[a-z0-9]{6,20})$/);
export type RealmName = z.infer<typeof RealmName>;

/**
 * Who is calling, taken from the credential and from nothing else. The operator belongs to no organisation
 * (`organisation` is null) and therefore stands in no audience.
 */
export type Principal = {
  realm: RealmName;
  keyId: string;
  personId: string | null;
  /** Whether that person signed in to get it; a key that was issued for somebody is no session. */
  signedIn: boolean;
  /** On whose word: who issued the key, or made the link of the session, where somebody of the member did. */
  issuedBy: string | null;
  roles: readonly Role[];
  organisation: { id: number; code: string; member: string; kind: "cert" | "agency" } | null;
  expiresAt: Date;
  /** The drill that its realm was made for has ended: it reads on there, and changes nothing. */
  drillEnded: boolean;
};

/** The one who acts: a person where the key has one, else the key. */
export function actorOf(principal: Principal): string {
  return principal.personId === null ? `key:${principal.keyId}` : `person:${principal.personId}`;
}

/**
 * On whose word a principal acts, for "another person must do this": a key that somebody issued, and a session by a link
 * that somebody made, are no second person beside that one, who could have kept either. It goes on from issuer to issuer.
 */
export function wordOf(principal: Principal): string {
  return principal.issuedBy ?? actorOf(principal);
}

/** A member's ISO 3166 code, or a member's agency as `SG:power-grid`. */
export const OrganisationCode = z.string().regex(/^[A-Z]{2}(:[a-z0-9][a-z0-9-]{0,40})?$/);
export type OrganisationCode = z.infer<typeof OrganisationCode>;

/** A name for several members, as ASEAN. It stands for those that are in it when something is addressed to it. */
export const GroupCode = z.string().regex(/^[A-Z]{3,20}$/);

/** Whom something can be addressed to. */
export const Addressee = z.union([OrganisationCode, GroupCode]);
