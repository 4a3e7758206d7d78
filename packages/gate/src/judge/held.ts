import { type Queryable, Slices } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import type { ReleaseItem } from "../context/release-item.ts";
import { type HeldRow, selectHeldVersions } from "../store/held.ts";
import { versionsOf } from "./judge.ts";
import { saidHash } from "./said.ts";

/** What somebody else's server says, before its marking is known. */
export type Echo = Pick<ReleaseItem, "object" | "contentHash">;

type Found = "held" | "withdrawn" | undefined;

/** The bodies of what is held are read with them. */
const ASKED_AT_ONCE = 50;

/**
 * What an organisation holds already of such objects, in their order: the same version of the same id with the same
 * content, whoever stated it, as far as the organisation itself was sent it; `withdrawn` where nothing is left of it.
 * Other content under the same id and version is somebody's own statement, and hides nothing. Of what the organisation
 * was not sent the answer says nothing: undefined, as for what nobody ever stated.
 */
export async function readHeld(
  db: Queryable,
  organisationId: number,
  echoes: readonly Echo[],
): Promise<Found[]> {
  const found: Found[] = [];
  const slices = new Slices();
  for (let from = 0; from < echoes.length; from += ASKED_AT_ONCE) {
    found.push(...(await readSome(db, organisationId, echoes.slice(from, from + ASKED_AT_ONCE))));
    if (slices.over) await slices.next();
  }
  return found;
}

async function readSome(db: Queryable, organisationId: number, echoes: readonly Echo[]): Promise<Found[]> {
  const asked = echoes.map(({ object, contentHash }) => ({ object, ...versionsOf(object, contentHash) }));
  const ids = [...new Set(asked.map(({ object }) => object.id))];
  const rows = await selectHeldVersions(db, organisationId, ids, [
    ...new Set(asked.flatMap(({ versions }) => versions)),
  ]);
  const byId = Map.groupBy(rows, ({ id }) => id);
  return asked.map(({ object, versions, isVersioned }) => {
    const named = (byId.get(object.id) ?? []).filter((row) => versions.includes(row.version));
    // A copy's id is made of what it leaves out: of an observable, which has no version, it says enough.
    const same = isVersioned
      ? sayingSame(object, named)
      : [...named, ...(byId.get(object.id) ?? []).filter((row) => row.is_copy)];
    if (same.length === 0) return undefined;
    return same.some(({ withdrawn }) => !withdrawn) ? "held" : "withdrawn";
  });
}

function sayingSame(object: StixObject, rows: readonly HeldRow[]): HeldRow[] {
  if (rows.length === 0) return [];
  const said = saidHash(object);
  return rows.filter((row) => {
    if (row.body !== null) return saidHash(JSON.parse(row.body) as StixObject).equals(said);
    // What was withdrawn before this was kept is known by id and version alone.
    return row.said === null || row.said.equals(said);
  });
}
