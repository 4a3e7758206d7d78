import type { Queryable } from "@suar/runtime";

/** The witnesses' keys that are good, by member. Written by identity. */
export async function selectWitnessKeys(core: Queryable): Promise<Map<string, string>> {
  const { rows } = await core.query<{ member: string; vkey: string }>(
    "SELECT member, vkey FROM core.witness_key WHERE revoked_at IS NULL ORDER BY member",
  );
  return new Map(rows.map(({ member, vkey }) => [member, vkey]));
}
