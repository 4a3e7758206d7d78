import { tellOfApprovals } from "@suar/contract";
import type { Directory } from "@suar/runtime";
import { approvalNotes, type ToldApproval } from "../approval-notes.ts";
import { type DueNotice, selectOrganisationsToTell, takeDueNotices } from "../store/approval-notice.ts";
import type { Telling } from "./tell-organisations.ts";

/** Those who are asked, at once and at half of the time; those who wait, of what became of it; both, where it lapsed. */
export function approvalNotices(directory: Directory): Telling {
  return {
    job: tellOfApprovals,
    due: selectOrganisationsToTell,
    take: async (db, organisation, most) => {
      const due = await takeDueNotices(db, organisation.id, most);
      const told = await Promise.all(due.map(async (row) => await toldOf(directory, row, organisation.id)));
      return { rows: due.length, items: approvalNotes(organisation.code, told) };
    },
  };
}

async function toldOf(directory: Directory, row: DueNotice, reader: number): Promise<ToldApproval> {
  const producer = (await directory.byId(row.producer))?.code ?? "?";
  const receivers = await Promise.all(row.organisations.map(async (id) => await directory.byId(id)));
  return {
    id: row.pending_id,
    stage: row.stage,
    state: row.state,
    at: row.at,
    deadline: row.deadline,
    producer,
    // Whoever is asked about another's reads of it at /v1/approvals, as an officer: their office has not the object.
    object: row.producer === reader ? row.stix_id : undefined,
    organisations: receivers.flatMap((one) => one?.code ?? []).sort(),
    reason: row.reason,
  };
}
