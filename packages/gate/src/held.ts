import type { Queryable } from "@suar/runtime";
import { versionsOf } from "./judge.ts";
import type { ReleaseItem } from "./release-item.ts";
import { selectHeldVersions } from "./store/held.ts";

/** What somebody else's server says, before its marking is known. */
export type Echo = Pick<ReleaseItem, "object" | "contentHash">;

/**
 * What an organisation holds already of such objects, in their order: the same version of the same id, whoever
 * stated it, as far as the organisation itself was sent it; `withdrawn` where nothing is left of it. Of what it was
 * not sent the answer says nothing: undefined, as for what nobody ever stated.
 */
export async function readHeld(
  db: Queryable,
  organisationId: number,
  echoes: readonly Echo[],
): Promise<("held" | "withdrawn" | undefined)[]> {
  const asked = echoes.map(({ object, contentHash }) => ({
    id: object.id,
    ...versionsOf(object, contentHash),
  }));
  const ids = [...new Set(asked.map(({ id }) => id))];
  const rows = await selectHeldVersions(db, organisationId, ids, [
    ...new Set(asked.flatMap(({ versions }) => versions)),
  ]);
  const byId = Map.groupBy(rows, ({ id }) => id);
  return asked.map(({ id, versions, isVersioned }) => {
    // A copy's id is made of what it leaves out: of an observable, which has no version, it says enough.
    const same = (byId.get(id) ?? []).filter(
      (row) => versions.includes(row.version) || (row.is_copy && !isVersioned),
    );
    if (same.length === 0) return undefined;
    return same.some(({ withdrawn }) => !withdrawn) ? "held" : "withdrawn";
  });
}
