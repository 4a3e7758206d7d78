import type { RecordOutcome, SubmissionApproval } from "@suar/contract";
import { type PendingRow, pendingOf, tellAsked, tellEnd, tellRecipients } from "@suar/gate";
import type { Directory, Queryable } from "@suar/runtime";

const MOST = 500;

/**
 * What of these records' objects waits for data officers, or did: whoever submitted it sees whom it waits for, and what
 * became of it. Also what an earlier submission of the same had asked.
 */
export async function listApprovals(
  directory: Directory,
  db: Queryable,
  { organisation_id: producer }: { organisation_id: number },
  records: readonly RecordOutcome[],
): Promise<SubmissionApproval[]> {
  const stixIds = [...new Set(records.flatMap(({ ids }) => ids))];
  if (stixIds.length === 0) return [];
  const rows = await pendingOf(db, { producer, stixIds, limit: MOST });
  const said = await directory.byId(producer);
  if (said === undefined) throw new Error("the producer is not in the directory");
  return await Promise.all(rows.map(async (row) => await describe(directory, row, said.member)));
}

async function describe(directory: Directory, row: PendingRow, member: string): Promise<SubmissionApproval> {
  return {
    id: row.id,
    object: row.stix_id,
    state: row.state,
    organisations: await tellRecipients(directory, row.organisations, { member, named: row.named }),
    asked: tellAsked(row),
    deadline: row.deadline.toISOString(),
    settledAt: row.settled_at?.toISOString() ?? null,
    ...tellEnd(row),
  };
}
