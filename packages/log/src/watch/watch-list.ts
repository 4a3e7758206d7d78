import { AppError } from "@suar/contract";
import type { Queryable, Realm, Secrets } from "@suar/runtime";
import { z } from "zod";
import { insertWatchList, selectWatchList, updateWatchList, type WatchRow } from "../store/watch-list.ts";

/** What an organisation watches. Version 0: it never said anything. */
export type WatchList = { values: readonly string[]; version: number; changedAt: Date | null };

/** Under which key a realm's lists lie. */
export type WatchSeal = { realm: Pick<Realm, "purpose">; secrets: Pick<Secrets, "seal" | "open"> };

/** Whose it is and of which version stands within: a row that was put in another's place, or put back, does not open. */
const Sealed = z.strictObject({ organisation: z.int(), version: z.int(), values: z.array(z.string()) });

/** As far as the role of `db` may see it. */
export async function readWatchList(
  db: Queryable,
  seal: WatchSeal,
  organisationId: number,
): Promise<WatchList> {
  const row = await selectWatchList(db, organisationId);
  return row === undefined ? { values: [], version: 0, changedAt: null } : openList(seal, row);
}

/** Says anew what an organisation watches, in canonical texts. Throws `edited-meanwhile`. */
export async function replaceWatchList(
  db: Queryable,
  seal: WatchSeal,
  organisationId: number,
  { values, version }: Pick<WatchList, "values" | "version">,
): Promise<WatchList> {
  const content: z.input<typeof Sealed> = {
    organisation: organisationId,
    version: version + 1,
    values: [...values],
  };
  const list = { organisationId, sealed: seal.secrets.seal(purposeOf(seal), JSON.stringify(content)) };
  const row = version === 0 ? await insertWatchList(db, list) : await updateWatchList(db, list, version);
  if (row === undefined) throw new AppError("edited-meanwhile");
  return { values, version: row.version, changedAt: row.changed_at };
}

/** Throws where it was altered. */
export function openList(seal: WatchSeal, row: WatchRow): WatchList {
  const text = seal.secrets.open(purposeOf(seal), row.sealed);
  const { organisation, version, values } = Sealed.parse(JSON.parse(text));
  if (organisation !== row.organisation_id || version !== row.version)
    throw new Error("a watch list is not the one that was written there");
  return { values, version, changedAt: row.changed_at };
}

function purposeOf({ realm }: WatchSeal): string {
  return realm.purpose("watch");
}
