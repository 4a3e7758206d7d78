import type { Approval, ToldName } from "@suar/contract";
import { approvalWord, type Decided, type Gate, type PendingRow, tellAsked, tellEnd } from "@suar/gate";
import { Reason } from "@suar/policy";
import type { DirectoryEntry } from "@suar/runtime";
import { typeOfId } from "@suar/stix";

/** What is told of a request besides its own row. */
export type ApprovalFacts = {
  producer: DirectoryEntry;
  /** Those who receive it. */
  organisations: readonly ToldName[];
  asked: Decided;
  askedAnew: readonly string[];
  /** Of the realm, which opens its people's words. */
  gate: Gate;
};

/**
 * A request as a member is told of it. The producer's member knows what was stated; another one, whose officers are asked
 * too, knows by which rule and who would receive it, and of the original nothing: neither its id nor where it held what.
 */
export function describeApproval(row: PendingRow, facts: ApprovalFacts, member: string): Approval {
  const { producer, organisations, asked, askedAnew, gate } = facts;
  const isProducers = producer.member === member;
  return {
    id: row.id,
    state: row.state,
    producer: producer.code,
    object: isProducers ? { id: row.stix_id, type: typeOfId(row.stix_id), version: row.version } : null,
    organisations: [...organisations],
    asked: tellAsked(row),
    fourEyes: row.four_eyes,
    reasons: isProducers ? asked.reasons.map((reason) => Reason.parse(reason)) : askingReasons(asked),
    obligations: [...asked.obligations],
    askedAt: row.asked_at.toISOString(),
    deadline: row.deadline.toISOString(),
    approvals: row.approvals.map((given) => {
      const { role, at, actor } = given;
      const isOwn = role.startsWith(`${member}:`);
      return {
        approver: role,
        at,
        by: isOwn ? actor : null,
        word: isOwn ? wordOf(gate, row.id, given) : null,
      };
    }),
    settledAt: row.settled_at?.toISOString() ?? null,
    ...tellEnd(row),
    askedAnew: [...askedAnew],
  };
}

function wordOf(gate: Gate, request: string, given: PendingRow["approvals"][number]) {
  const { statement, salt } = approvalWord(gate, request, given);
  return { statement, salt: Buffer.from(salt).toString("base64") };
}

function askingReasons({ reasons }: Decided): Reason[] {
  return reasons
    .filter(({ code }) => code === "approval-needed")
    .map((reason) => Reason.parse({ ...reason, paths: [] }));
}
