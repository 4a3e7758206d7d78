import type { Queryable } from "@suar/runtime";

/** Those of an organisation who are removed. */
export async function selectRemovedPeople(core: Queryable, organisationId: number): Promise<string[]> {
  const { rows } = await core.query<{ id: string }>(
    "SELECT id FROM core.person WHERE organisation_id = $1 AND status = 'removed'",
    [organisationId],
  );
  return rows.map(({ id }) => id);
}
