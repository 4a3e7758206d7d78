import type { Organisation } from "@suar/policy";
import { canonicalJson } from "@suar/stix";
import type { Gate } from "../context/gate.ts";
import type { Approval, PendingRow } from "../store/pending.ts";

/** What of a request each approval is sealed with: whoever changes any of it has a request to which nobody agreed. */
type SealedRequest = Pick<PendingRow, "id" | "producer" | "stix_id" | "version" | "organisations">;

/**
 * That somebody agreed through the gate: to this request, for these recipients, to this outcome (`askedFor`), as whom, on
 * whose word. Nobody without the realm's key makes one.
 */
export function approvalSeal(
  { leafMac }: Pick<Gate, "leafMac">,
  { id, producer, stix_id: stixId, version, organisations }: SealedRequest,
  asked: string,
  { actor, word, role, at, seen }: Approval,
): string {
  const what = [id, producer, stixId, version, organisations, asked];
  return leafMac(`suar/approval/1 ${canonicalJson([...what, actor, word, role, at, seen ?? null])}`);
}

/** That a request was let go once all had agreed: of one that ended otherwise nobody without the realm's key makes it. */
export function settledSeal(
  { leafMac }: Pick<Gate, "leafMac">,
  { id, producer, stix_id: stixId, version, organisations }: SealedRequest,
  asked: string,
): string {
  return leafMac(`suar/settled/1 ${canonicalJson([id, producer, stixId, version, organisations, asked])}`);
}

/** The approvals of a request that were given, one of each person; what else stands in its row counts for nothing. */
export function givenTo(
  gate: Pick<Gate, "leafMac">,
  request: SealedRequest & Pick<PendingRow, "approvals">,
  asked: string,
): Approval[] {
  const sealed = request.approvals.filter((one) => one.seal === approvalSeal(gate, request, asked, one));
  const first = new Map(sealed.toReversed().map((one) => [one.word, one]));
  return sealed.filter((one) => first.get(one.word) === one);
}

/** Whether the producer's have agreed: before, nothing of it is another member's to read or to agree to. */
export function isLetGo(
  { approvers, four_eyes }: Pick<PendingRow, "approvers" | "four_eyes">,
  { member }: Pick<Organisation, "member">,
  given: readonly Approval[],
): boolean {
  const own = approvers.filter((approver) => approver.startsWith(`${member}:`));
  return isEnough({ approvers: own, four_eyes }, given);
}

/** Whether all have agreed who must. */
export function isEnough(
  { approvers, four_eyes: fourEyes }: Pick<PendingRow, "approvers" | "four_eyes">,
  given: readonly Approval[],
): boolean {
  return approvers.every(
    (approver) => given.filter(({ role }) => role === approver).length >= (fourEyes ? 2 : 1),
  );
}
