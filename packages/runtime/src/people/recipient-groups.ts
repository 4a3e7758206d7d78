import type { Queryable } from "../database/pool.ts";
import { type Secrets, sameBytes } from "../keys/secrets.ts";

/** A name for several members, fixed by the seeds. */
type RecipientGroup = { code: string; name: string; members: readonly string[] };

/** What whoever holds the database alone cannot make. */
export function sealGroup(secrets: Pick<Secrets, "hmac">, { code, name, members }: RecipientGroup): Buffer {
  return secrets.hmac("recipient-group", JSON.stringify([code, name, members]));
}

/** The groups that the platform itself wrote, and the codes of what somebody else did: those name nobody. */
export async function readGroups(
  db: Queryable,
  secrets: Pick<Secrets, "hmac">,
): Promise<{ groups: RecipientGroup[]; forged: string[] }> {
  const { rows } = await db.query<RecipientGroup & { seal: Buffer | null }>(
    "SELECT code, name, members, seal FROM core.recipient_group ORDER BY code",
  );
  const isOurs = (row: (typeof rows)[number]): boolean =>
    row.seal !== null && sameBytes(row.seal, sealGroup(secrets, row));
  const forged = rows.filter((row) => !isOurs(row)).map(({ code }) => code);
  return { groups: rows.filter(isOurs), forged };
}
