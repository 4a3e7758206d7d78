import { AppError, actorOf, type Principal } from "@suar/contract";
import type { Queryable } from "../database/pool.ts";
import type { OpenRealms } from "../database/realms.ts";
import type { Secrets } from "../keys/secrets.ts";

/** What a call was answered: enough to answer it again. */
type Answer = { headers: Record<string, string>; body: unknown };

/** Calls that carry an `Idempotency-Key`: each is done once for its caller and key, and answered again for a day. */
export type Repeats = {
  /**
   * Acts, or answers as it did before. An act that fails is forgotten, and may be tried again. Throws
   * `idempotency-mismatch` when the key was used for another request, and `in-progress` while the first is under
   * way; so it stays where the process died meanwhile, since nobody knows then whether it was done.
   */
  once(
    principal: Principal,
    call: { key: string; hash: Buffer },
    act: () => Promise<Answer>,
  ): Promise<Answer & { repeated: boolean }>;
};

export function createRepeats(realms: Pick<OpenRealms, "of">, secrets: Secrets): Repeats {
  return {
    once: async (principal, { key, hash }, act) => {
      const realm = await realms.of(principal);
      const purpose = realm.purpose("repeats");
      const place = { actor: actorOf(principal), key };
      await forgetOld(realm.write);
      if (await claim(realm.write, place, hash)) {
        const answer = await act().catch(async (error: unknown) => {
          await forget(realm.write, place);
          throw error;
        });
        // Sealed: a reply may hold content, or a secret that is shown once.
        await keep(realm.write, place, secrets.seal(purpose, JSON.stringify(answer)));
        return { ...answer, repeated: false };
      }
      const earlier = await find(realm.write, place);
      if (earlier !== undefined && !earlier.request_hash.equals(hash))
        throw new AppError("idempotency-mismatch");
      if (earlier === undefined || earlier.answer === null)
        throw new AppError(
          "in-progress",
          "Nobody knows yet whether it was done: look before you use another key",
        );
      return { ...(JSON.parse(secrets.open(purpose, earlier.answer)) as Answer), repeated: true };
    },
  };
}

type Place = { actor: string; key: string };

/** False when there is such a call already. */
async function claim(db: Queryable, { actor, key }: Place, hash: Buffer): Promise<boolean> {
  const { rowCount } = await db.query(
    "INSERT INTO repeatable_call (actor, key, request_hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [actor, key, hash],
  );
  return rowCount === 1;
}

async function find(
  db: Queryable,
  { actor, key }: Place,
): Promise<{ request_hash: Buffer; answer: string | null } | undefined> {
  const { rows } = await db.query<{ request_hash: Buffer; answer: string | null }>(
    "SELECT request_hash, answer FROM repeatable_call WHERE actor = $1 AND key = $2",
    [actor, key],
  );
  return rows[0];
}

async function keep(db: Queryable, { actor, key }: Place, answer: string): Promise<void> {
  await db.query("UPDATE repeatable_call SET answer = $3 WHERE actor = $1 AND key = $2", [
    actor,
    key,
    answer,
  ]);
}

async function forget(db: Queryable, { actor, key }: Place): Promise<void> {
  await db.query("DELETE FROM repeatable_call WHERE actor = $1 AND key = $2", [actor, key]);
}

async function forgetOld(db: Queryable): Promise<void> {
  await db.query("DELETE FROM repeatable_call WHERE created_at < now() - interval '1 day'");
}
