import type { Approval, LapsedBecause } from "@suar/contract";
import type { PendingRow } from "../store/pending.ts";

/** Who is asked, how many of each have to agree, and how many have. */
export function tellAsked({ approvers, approvals, four_eyes: fourEyes }: PendingRow): Approval["asked"] {
  return approvers.map((approver) => ({
    approver,
    needed: fourEyes ? 2 : 1,
    given: approvals.filter(({ role }) => role === approver).length,
  }));
}

/** How it ended: why somebody said no, or why nobody is asked any more. */
export function tellEnd({ state, reason }: PendingRow): {
  refusal: string | null;
  lapsed: LapsedBecause | null;
} {
  const because = reason === "decided-anew" || reason === "withdrawn" ? reason : "time-over";
  return { refusal: state === "refused" ? reason : null, lapsed: state === "lapsed" ? because : null };
}
