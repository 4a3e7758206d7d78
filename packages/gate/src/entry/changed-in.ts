import type { Queryable } from "@suar/runtime";
import { namesIn, type StixObject } from "@suar/stix";
import type { Gate } from "../context/gate.ts";
import type { KnownVersion } from "../judge/judge.ts";
import type { OpenedRow } from "../store/opening.ts";
import { countReferences, countVictims, type Soundness, selectStanding } from "../store/standing.ts";
import { calledOf } from "../victims/gathered.ts";
import { isStatedForm, sealOf, wordsOf } from "./stated.ts";

/**
 * What an entry's version is decided anew by, beside what the entry commits to: words that were said later are sealed, and
 * what only finds or repeats something (who has it, which copies it has, what it names, whose victims it tells of) is what
 * entries and bodies make it. Whoever changed it has changed nothing yet, and would with the next decision: so its
 * originator gets no receipt. Versions of before these promises are passed over. It reads by several statements: what it finds
 * may have been written in between them.
 */
export async function changedIn(db: Queryable, gate: Gate, row: OpenedRow): Promise<string | undefined> {
  if (!isStatedForm(row)) return undefined;
  const standing = await selectStanding(db, { ...row, stixId: row.original_id });
  return (
    saidOtherwise(gate, row) ??
    (standing === undefined ? "its version" : (wrongIn(standing) ?? (await foundBy(db, row, standing))))
  );
}

type Version = Pick<
  KnownVersion,
  "named" | "community" | "is_victims" | "limits" | "form" | "first_said" | "submission_id" | "rank" | "kind"
> &
  Pick<KnownVersion, "creator" | "created" | "revoked">;

export function versionIn({ version_kind: kind, limits, ...row }: OpenedRow): Version {
  return { ...row, kind, limits: limits ?? {} };
}

function saidOtherwise(gate: Gate, row: OpenedRow): string | undefined {
  const { producer, original_id: stixId, version, seal } = row;
  if (row.first_said === null && seal === null) return undefined;
  const due = sealOf(gate, { producer, stixId, version }, wordsOf(versionIn(row)));
  return seal?.equals(due) === true ? undefined : "what its originator says of it";
}

function wrongIn(standing: Soundness): string | undefined {
  if (standing.is_withdrawn !== standing.is_erased) return "whether it was taken back";
  if (!standing.has_its_copies) return "which copies it has";
  if (!standing.has_its_readers) return "who has it";
  return standing.can_be_read ? undefined : "to whom it is closed";
}

/**
 * What it is found by when something else is decided that it names, or that names it. Not what its texts mention: which of
 * that is found is a matter of the detectors of the day, and what a better one finds nobody changed.
 */
async function foundBy(
  db: Queryable,
  { whole_id: id, producer }: OpenedRow,
  { body, is_erased: isErased }: Soundness,
): Promise<string | undefined> {
  if (isErased) return undefined;
  const object = JSON.parse(body) as StixObject;
  const names = new Set(namesIn(object));
  if ((await countReferences(db, id, [...names])) < names.size) return "what it names";
  const called = new Set(calledOf(object));
  const isKept = (await countVictims(db, producer, id, [...called])) >= called.size;
  return isKept ? undefined : "which victims it tells of";
}
