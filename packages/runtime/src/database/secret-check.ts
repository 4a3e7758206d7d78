import { ConfigError } from "../config/config.ts";
import { type Secrets, sameBytes } from "../keys/secrets.ts";
import type { Queryable } from "./pool.ts";

/** What the platform's secret makes of a fixed word tells whether it is the one that the data were made under. */
const checkValue = (secrets: Secrets): Buffer => secrets.hmac("secret-check", "suar");

/** What to say when it is another one: its keys would be unknown, and what is sealed stay shut. */
export function otherSecret(place: string): ConfigError {
  return new ConfigError(
    `The data in ${place} were made under another SUAR_SECRET. Set that one, or leave it out where the first start made its own.`,
  );
}

/** Keeps the value at the first migration; later ones find it. */
export async function keepSecretCheck(db: Queryable, secrets: Secrets): Promise<void> {
  await db.query("INSERT INTO core.secret_check (hmac) VALUES ($1) ON CONFLICT DO NOTHING", [
    checkValue(secrets),
  ]);
}

/** Throws ConfigError when the database's data were made under another secret; passes where there are none yet. */
export async function refuseOtherSecret(db: Queryable, secrets: Secrets): Promise<void> {
  const { rows } = await db.query<{ name: string; prepared: boolean }>(
    "SELECT current_database() AS name, to_regclass('core.secret_check') IS NOT NULL AS prepared",
  );
  if (rows[0]?.prepared !== true) return;
  const kept = await db.query<{ hmac: Buffer }>("SELECT hmac FROM core.secret_check");
  const hmac = kept.rows[0]?.hmac;
  if (hmac !== undefined && !sameBytes(hmac, checkValue(secrets)))
    throw otherSecret(`the database ${rows[0].name}`);
}
