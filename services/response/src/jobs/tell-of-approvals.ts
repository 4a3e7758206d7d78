import { tellOfApprovals } from "@suar/contract";
import { tellRecipients } from "@suar/gate";
import type { Directory, DirectoryEntry } from "@suar/runtime";
import { approvalNotes, type ToldApproval } from "../approval-notes.ts";
import { type DueNotice, selectOrganisationsToTell, takeDueNotices } from "../store/approval-notice.ts";
import type { DueTelling } from "./tell-organisations.ts";

/** Those who are asked, at once and at half of the time; those who wait, of what became of it; both, where it lapsed. */
export function approvalNotices(directory: Directory): DueTelling {
  return {
    job: tellOfApprovals,
    due: selectOrganisationsToTell,
    take: async (db, organisation, most) => {
      const due = await takeDueNotices(db, organisation.id, most);
      const told = await Promise.all(due.map(async (row) => await toldOf(directory, row, organisation)));
      return { rows: due.length, items: approvalNotes(organisation.code, told) };
    },
  };
}

async function toldOf(directory: Directory, row: DueNotice, reader: DirectoryEntry): Promise<ToldApproval> {
  const producer = (await directory.byId(row.producer))?.code ?? "?";
  const isOwn = row.producer === reader.id;
  const named = isOwn ? row.named : [];
  return {
    id: row.pending_id,
    stage: row.stage,
    state: row.state,
    at: row.at,
    deadline: row.deadline,
    producer,
    // Whoever is asked about another's reads of it at /v1/approvals, as an officer: their office has not the object.
    object: isOwn ? row.stix_id : undefined,
    organisations: await tellRecipients(directory, row.organisations, { member: reader.member, named }),
    reason: row.reason,
  };
}
