import { hash } from "node:crypto";
import { AppError, type Approval, type ApprovalDocument } from "@suar/contract";
import {
  askedOutcomes,
  type Gate,
  type PendingRow,
  pendingOf,
  previewPending,
  type ReleaseContext,
  releaseContext,
  selectAskedAnew,
  type ToldReader,
  tellRecipients,
} from "@suar/gate";
import type { Directory, OrganisationCaller, Platform, Queryable, Realm } from "@suar/runtime";
import { approverOf } from "./approver.ts";
import { describeApproval } from "./describe-approval.ts";

/** The one request, if the caller has a part in it. Throws `not-found`. */
export async function findApproval(
  db: Queryable,
  caller: OrganisationCaller,
  id: string,
): Promise<PendingRow> {
  const wanted = { id, approver: approverOf(caller), producer: caller.organisation.id, limit: 1 };
  const [row] = await pendingOf(db, wanted);
  if (row === undefined) throw new AppError("not-found");
  return row;
}

/** Requests as a caller is told of them who has a part in them. */
export async function describeApprovals(
  { directory, gate }: { directory: Directory; gate: Gate },
  db: Queryable,
  { organisation: { member } }: OrganisationCaller,
  rows: readonly PendingRow[],
): Promise<Approval[]> {
  const outcomes = await askedOutcomes(db, rows);
  const anew = await selectAskedAnew(
    db,
    rows.map(({ id }) => id),
  );
  return await Promise.all(
    rows.map(async (row) => {
      const producer = await directory.byId(row.producer);
      const asked = outcomes.get(row.decision_id);
      if (producer === undefined || asked === undefined)
        throw new Error("what was asked, or for whom, is gone");
      const organisations = await tellRecipients(
        directory,
        row.organisations,
        readerOf(row, producer, member),
      );
      const askedAnew = producer.member === member ? (anew.get(row.id) ?? []) : [];
      return describeApproval(row, { producer, organisations, asked, askedAnew, gate }, member);
    }),
  );
}

/** What a request is judged in, on the word of who asked. */
export async function approvalContext(
  platform: Platform,
  realm: Realm,
  row: PendingRow,
): Promise<ReleaseContext> {
  const producer = await platform.directory.byId(row.producer);
  if (producer === undefined) throw new Error("the producer is gone");
  return await releaseContext(platform, realm, producer, { submissionId: null, word: row.asked_by });
}

/**
 * A request with what would go out. Who is asked reads what they let go: the copies as recipients would have them. The
 * original is read by the producer's member, whose it is.
 */
export async function openApproval(
  { directory }: Platform,
  db: Queryable,
  caller: OrganisationCaller,
  { row, context }: { row: PendingRow; context: ReleaseContext },
): Promise<ApprovalDocument> {
  const [told] = await describeApprovals({ directory, gate: context.gate }, db, caller, [row]);
  if (told === undefined) throw new Error("a request without a description");
  const { member } = caller.organisation;
  const isProducers = context.producer.member === member;
  const reader = readerOf(row, context.producer, member);
  const preview = row.state === "pending" ? await previewPending(db, context, row, { member }) : undefined;
  const copies = await Promise.all(
    (preview?.copies ?? []).map(async ({ readers, object }) => ({
      organisations: await tellRecipients(directory, readers, reader),
      object,
    })),
  );
  const document = {
    ...told,
    original: isProducers ? (preview?.original ?? null) : null,
    copies,
    isOutdated: preview?.isOutdated ?? false,
  };
  // Who approves under this name approves nothing else.
  return { ...document, etag: hash("sha256", JSON.stringify(document)).slice(0, 16) };
}

/** Whom the producer named itself is known to its own member, which is to let it go, and to no other. */
function readerOf({ named }: PendingRow, producer: { member: string }, member: string): ToldReader {
  return { member, named: producer.member === member ? named : [] };
}
