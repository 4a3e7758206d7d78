import { AppError, type Principal } from "@suar/contract";
import type { Queryable } from "../database/pool.ts";

/** A person to whom TLP:RED can be sent: published by an officer, and active in an active organisation. */
export type Contact = {
  person: string;
  /** Of the person as published now; after an end and a new beginning it is another one. */
  inbox: string;
  title: string;
  organisation: { id: number; code: string; member: string; kind: "cert" | "agency" };
};

/** Not remembered: who has just lost an inbox reads nothing more in it. */
export async function findContacts(core: Queryable, people: readonly string[]): Promise<Contact[]> {
  if (people.length === 0) return [];
  const { rows } = await core.query<Contact>(
    `SELECT c.person_id AS person, c.id AS inbox, c.title,
            jsonb_build_object('id', o.id, 'code', o.code, 'member', o.member, 'kind', o.kind) AS organisation
       FROM core.contact c
       JOIN core.person p ON p.id = c.person_id JOIN core.organisation o ON o.id = p.organisation_id
      WHERE c.person_id = ANY($1) AND p.status = 'active' AND o.status = 'active'`,
    [people],
  );
  return rows;
}

/** A caller who is a person, signed in. */
export type SignedInCaller = Principal & { personId: string };

/**
 * TLP:RED is for people: a machine key opens no inbox, whoever it was issued for, and neither does a drill's.
 * Throws `forbidden`.
 */
export function requireSession(principal: Principal): SignedInCaller {
  if (principal.personId === null || !principal.signedIn || principal.realm !== "live")
    throw new AppError("forbidden", "Only a person's own signed-in session opens this: use a sign-in link");
  return principal as SignedInCaller;
}
