import type { RecordOutcome } from "@suar/contract";
import { readHeld } from "@suar/gate";
import type { Organisation } from "@suar/policy";
import type { Directory, DirectoryEntry, Queryable } from "@suar/runtime";
import { suarId } from "@suar/stix";
import type { SubmissionOptions } from "@suar/submit";
import type { NormalizedBatch } from "./read-drafts.ts";

/** What is not stated, whatever a submission says of it. */
export type NotStated = {
  organisationId: number;
  /** It may send back what came from here. */
  isPulled: boolean;
  /** Identities of the organisations: Suar itself serves them beside its log, as its directory has them. */
  identities: ReadonlySet<string>;
};

export async function notStatedOf(
  { origin }: SubmissionOptions,
  { id }: Organisation,
  directory: Directory,
): Promise<NotStated> {
  const identities = identitiesOf(await directory.all());
  return { organisationId: id, isPulled: origin !== undefined, identities };
}

const known = new WeakMap<readonly DirectoryEntry[], ReadonlySet<string>>();

/** The directory gives out the same list until it asks again. */
function identitiesOf(organisations: readonly DirectoryEntry[]): ReadonlySet<string> {
  const identities =
    known.get(organisations) ?? new Set(organisations.map(({ code }) => suarId("identity", code)));
  known.set(organisations, identities);
  return identities;
}

/**
 * Sets aside what its submitter holds already, whoever stated it, so that nothing goes round in a loop: it is
 * `unchanged`, and what was withdrawn does not come back this way. Other content under an id and version that it holds
 * is no echo: nobody hides an object by being the first to state its name. It is left out of what is stated, not of what
 * marks the rest: a report that is known marks new objects that it contains.
 *
 * An organisation's identity is stated by nobody, pulled or not: readers would take it for the organisation's own word.
 */
export async function passOverHeld(
  db: Queryable,
  notStated: NotStated,
  batch: NormalizedBatch,
): Promise<{ batch: NormalizedBatch; unchanged: RecordOutcome[] }> {
  const found = await findHeld(db, notStated, batch);
  if (found.every((one) => one === undefined)) return { batch, unchanged: [] };
  const next = {
    ...batch,
    items: [],
    rejected: [...batch.rejected],
    refused: [...batch.refused],
  } as NormalizedBatch;
  const unchanged: RecordOutcome[] = [];
  for (const [n, item] of batch.items.entries()) {
    const held = found[n];
    if (held === undefined) {
      next.items.push(item);
      continue;
    }
    const { index, object, tlp, pap, contains } = item.normalized;
    const place = { index, at: item.at };
    if (held === "held") unchanged.push({ ...place, outcome: "unchanged", ids: [object.id] });
    else next.rejected.push({ ...place, outcome: "rejected", ...REFUSALS[held], ids: [] });
    const marking = { ...(tlp && { tlp }), ...(pap && { pap }) };
    next.refused.push({ id: object.id, marking, contains, held: true });
  }
  return { batch: next, unchanged };
}

type Found = "held" | keyof typeof REFUSALS | undefined;

async function findHeld(
  db: Queryable,
  { organisationId, isPulled, identities }: NotStated,
  { items }: NormalizedBatch,
): Promise<Found[]> {
  const objects = items.map(({ normalized }) => normalized);
  const found = isPulled ? await readHeld(db, organisationId, objects) : [];
  const ofIdentities = isPulled ? "held" : "served";
  return objects.map(({ object }, n) => (identities.has(object.id) ? ofIdentities : found[n]));
}

const REFUSALS = {
  withdrawn: {
    code: "already-withdrawn",
    reason: "It was withdrawn; what another server still has of it is not taken in again",
  },
  served: {
    code: "another-creator",
    reason: "An organisation's identity, which Suar itself serves as its directory has it: leave it out",
  },
} as const;
