import type { PoolClient } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { closeAt, openRenditions } from "../store/closed.ts";
import { addIndividuals } from "../store/individuals.ts";
import { insertPending } from "../store/pending.ts";
import { addCopies, widenCopies } from "../store/redaction.ts";
import { insertReferences } from "../store/reference.ts";
import { addressKeys, insertVersions } from "../store/release.ts";
import { noteKept, readdressVersions, widenVersions } from "../store/version.ts";
import { insertCauses } from "../store/victim.ts";
import type { PreparedRelease, Rows } from "./prepare-release.ts";

/** Everything but renditions, which come before; the number of the envelope. */
export async function writeRows(
  db: PoolClient,
  context: ReleaseContext,
  rows: Rows & Pick<PreparedRelease, "kept" | "individuals">,
): Promise<number | undefined> {
  const {
    opened,
    closings,
    references,
    victims,
    widened,
    readdressed,
    laterCopies,
    widenedCopies,
    readdressedKeys,
    kept,
    pending,
    individuals,
  } = rows;
  const { id: producer } = context.producer;
  const envelope = await insertVersions(db, producer, context.submissionId, rows.versions, rows.entries);
  if (references.length > 0) await insertReferences(db, references);
  // Every version that calls something a victim's is a cause of it, whichever road it came by.
  if (victims.length > 0) await insertCauses(db, producer, victims);
  if (widened.length > 0) await widenVersions(db, producer, widened);
  if (readdressed.length > 0) await readdressVersions(db, producer, readdressed);
  if (laterCopies.length > 0) await addCopies(db, producer, laterCopies);
  if (widenedCopies.length > 0) await widenCopies(db, widenedCopies);
  if (readdressedKeys.length > 0) await addressKeys(db, readdressedKeys);
  // Who had it once, and has it again, finds what was closed open.
  if (opened.length > 0) await openRenditions(db, producer, opened);
  if (closings.length > 0) await closeAt(db, producer, closings, "new");
  if (kept.length > 0) await noteKept(db, producer, kept);
  if (pending.length > 0) await insertPending(db, { producer, word: context.word, now: Date.now() }, pending);
  if (individuals.length > 0) await addIndividuals(db, context, individuals);
  return envelope;
}
