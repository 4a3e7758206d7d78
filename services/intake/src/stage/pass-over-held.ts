import type { RecordOutcome } from "@suar/contract";
import { readHeld, readSaidBy, type SaidBy } from "@suar/gate";
import type { Organisation } from "@suar/policy";
import type { Directory, DirectoryEntry, Queryable } from "@suar/runtime";
import { suarId } from "@suar/stix";
import type { SubmissionOptions } from "@suar/submit";
import type { Normalized } from "../normalize/normalized.ts";
import type { NormalizedBatch } from "../normalize/read-drafts.ts";
import { judgeRevocations } from "./judge-revocations.ts";

/** What is not stated, whatever a submission says of it. */
export type NotStated = {
  organisationId: number;
  /** The collection that it was pulled from, which may send back what came from here. */
  origin: string | undefined;
  /** Identities of the organisations: Suar itself serves them beside its log, as its directory has them. */
  identities: ReadonlySet<string>;
  /** The organisations by their codes. */
  codes: ReadonlyMap<string, number>;
};

export async function notStatedOf(
  { origin }: SubmissionOptions,
  { id }: Organisation,
  directory: Directory,
): Promise<NotStated> {
  const all = await directory.all();
  const codes = new Map(all.map((one) => [one.code, one.id]));
  return { organisationId: id, origin: origin?.url, identities: identitiesOf(all), codes };
}

const known = new WeakMap<readonly DirectoryEntry[], ReadonlySet<string>>();

/** The directory gives out the same list until it asks again. */
export function identitiesOf(organisations: readonly DirectoryEntry[]): ReadonlySet<string> {
  const identities =
    known.get(organisations) ?? new Set(organisations.map(({ code }) => suarId("identity", code)));
  known.set(organisations, identities);
  return identities;
}

/**
 * Sets aside what its submitter holds already, whoever stated it, so that nothing goes round in a loop: it is
 * `unchanged`, and what was withdrawn does not come back this way. Other content under an id and version that it holds
 * is no echo: nobody hides an object by being the first to state its name. A row of a list that says whose statement it is
 * is one where that organisation did state it. It is left out of what is stated, not of what
 * marks the rest: a report that is known marks new objects that it contains.
 *
 * What such a server revokes is taken back where it was stated on its word alone: `takenBack` has the ids, whose last
 * word is then stated as it came.
 *
 * An organisation's identity is stated by nobody, pulled or not: readers would take it for the organisation's own word.
 */
export async function passOverHeld(
  db: Queryable,
  notStated: NotStated,
  batch: NormalizedBatch,
): Promise<{ batch: NormalizedBatch; unchanged: RecordOutcome[]; takenBack: string[] }> {
  const found = await findHeld(db, notStated, batch);
  if (found.every((one) => one === undefined)) return { batch, unchanged: [], takenBack: [] };
  const takenBack: string[] = [];
  const next = {
    ...batch,
    items: [],
    rejected: [...batch.rejected],
    refused: [...batch.refused],
  } as NormalizedBatch;
  const unchanged: RecordOutcome[] = [];
  for (const [n, item] of batch.items.entries()) {
    const held = found[n];
    const { index, object, local, tlp, pap, contains } = item.normalized;
    if (held === "taken-back") takenBack.push(object.id);
    if (held === undefined || held === "taken-back") {
      next.items.push(item);
      continue;
    }
    const place = { index, at: item.at };
    if (held === "held") unchanged.push({ ...place, outcome: "unchanged", ids: [object.id] });
    else next.rejected.push({ ...place, outcome: "rejected", ...REFUSALS[held], ids: [] });
    const marking = { ...(tlp && { tlp }), ...(pap && { pap }) };
    const named = held === "held" ? { local } : {};
    next.refused.push({ id: object.id, ...named, marking, contains, held: true });
  }
  return { batch: next, unchanged, takenBack };
}

type Found = "held" | "taken-back" | keyof typeof REFUSALS | undefined;

async function findHeld(
  db: Queryable,
  { organisationId, origin, identities, codes }: NotStated,
  { items }: NormalizedBatch,
): Promise<Found[]> {
  const objects = items.map(({ normalized }) => normalized);
  if (origin === undefined)
    return objects.map(({ object }) => (identities.has(object.id) ? "served" : undefined));
  const found = await readHeld(db, organisationId, objects);
  const revoked = await judgeRevocations(
    db,
    { organisationId, origin },
    objects.map(({ object }) => object),
  );
  const asked = objects.map(({ said }) => said && echoOf(said, organisationId, codes));
  const saidBy = await readSaidBy(db, organisationId, asked);
  return objects.map(({ object }, n) =>
    identities.has(object.id) ? "held" : (found[n] ?? revoked[n] ?? saidBy[n]),
  );
}

/** What somebody says of itself by value it may say anew, with more; of others it is their affair. */
function echoOf(
  { by, id, byValue }: NonNullable<Normalized["said"]>,
  organisationId: number,
  codes: NotStated["codes"],
): SaidBy | undefined {
  const producer = codes.get(by);
  if (producer === undefined) return undefined;
  const ids = [...(id === undefined ? [] : [id]), ...(producer === organisationId ? [] : [byValue])];
  return { producer, ids };
}

const REFUSALS = {
  withdrawn: {
    code: "already-withdrawn",
    reason: "It was withdrawn; what another server still has of it is not taken in again",
  },
  anothers: {
    code: "another-creator",
    reason: "You state it, and not because this server does: it is not this server's to revoke",
  },
  served: {
    code: "another-creator",
    reason: "An organisation's identity, which Suar itself serves as its directory has it: leave it out",
  },
} as const;
