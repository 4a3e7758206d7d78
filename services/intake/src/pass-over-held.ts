import type { RecordOutcome } from "@suar/contract";
import { readHeld } from "@suar/gate";
import type { Organisation } from "@suar/policy";
import type { Directory, Queryable } from "@suar/runtime";
import { suarId } from "@suar/stix";
import type { SubmissionOptions } from "@suar/submit";
import type { NormalizedBatch } from "./read-drafts.ts";

/** What a server that is pulled from may send back to whom it came from. */
export type Echoes = {
  organisationId: number;
  /** Identities that Suar itself serves beside its log: those of the members, and of the own agencies. */
  identities: ReadonlySet<string>;
};

/** Undefined for what its submitter wrote itself. */
export async function echoesOf(
  { origin }: SubmissionOptions,
  { id, member }: Organisation,
  directory: Directory,
): Promise<Echoes | undefined> {
  if (origin === undefined) return undefined;
  const shown = (await directory.all()).filter((one) => one.kind === "cert" || one.member === member);
  return { organisationId: id, identities: new Set(shown.map(({ code }) => suarId("identity", code))) };
}

/**
 * Sets aside what its submitter holds already, whoever stated it, so that nothing goes round in a loop: it is
 * `unchanged`, and what was withdrawn does not come back this way. Other content under an id and version that it holds
 * is no echo: nobody hides an object by being the first to state its name. It is left out of what is stated, not of what
 * marks the rest: a report that is known marks new objects that it contains.
 */
export async function passOverHeld(
  db: Queryable,
  echoes: Echoes | undefined,
  batch: NormalizedBatch,
): Promise<{ batch: NormalizedBatch; unchanged: RecordOutcome[] }> {
  if (echoes === undefined || batch.items.length === 0) return { batch, unchanged: [] };
  const found = await readHeld(
    db,
    echoes.organisationId,
    batch.items.map(({ normalized }) => normalized),
  );
  const next = {
    ...batch,
    items: [],
    rejected: [...batch.rejected],
    refused: [...batch.refused],
  } as NormalizedBatch;
  const unchanged: RecordOutcome[] = [];
  for (const [at, item] of batch.items.entries()) {
    const { index, object, tlp, pap, contains } = item.normalized;
    const held = echoes.identities.has(object.id) ? "held" : found[at];
    if (held === undefined) {
      next.items.push(item);
      continue;
    }
    const place = { index, at: item.at };
    if (held === "held") unchanged.push({ ...place, outcome: "unchanged", ids: [object.id] });
    else
      next.rejected.push({
        ...place,
        outcome: "rejected",
        code: "already-withdrawn",
        reason: WITHDRAWN,
        ids: [],
      });
    next.refused.push({
      id: object.id,
      marking: { ...(tlp && { tlp }), ...(pap && { pap }) },
      contains,
      held: true,
    });
  }
  return { batch: next, unchanged };
}

const WITHDRAWN = "It was withdrawn; what another server still has of it is not taken in again";
