import { AppError } from "@suar/contract";
import type { Outcome } from "@suar/policy";
import type { PoolClient, Queryable } from "@suar/runtime";
import type { Gate } from "../context/gate.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import { lockStanding } from "../context/standing.ts";
import { keptAs } from "../decide/decided.ts";
import { approvalShown } from "../entry/approval-word.ts";
import { againSend } from "../judge/judge-release.ts";
import { sendAgain } from "../send/send-again.ts";
import {
  lapsePending,
  lockPending,
  noteApproval,
  type PendingQuery,
  type PendingRow,
  selectIsAsked,
  selectPending,
  selectSubmitter,
  settlePending,
} from "../store/pending.ts";
import { askedFor, decidePending } from "./decide-pending.ts";
import { approvalSeal, givenTo, isEnough, isLetGo, settledSeal } from "./sealed.ts";

/**
 * Who settles something: who acts, on whose word (`wordOf`), and as which approver ("SG:officer"). `seen` names the request
 * as it was read, where it was said that nothing else is agreed to.
 */
export type By = { actor: string; word: string; approver: string; seen?: string | undefined };

/** What waits for approval, or did, in the order in which it was asked. */
export async function pendingOf(db: Queryable, query: PendingQuery): Promise<PendingRow[]> {
  return await selectPending(db, query);
}

/** What came of an approval: others have to agree yet; it is released; or something else is decided by now, and asked. */
export type Approved = "waits" | "released" | "asked-anew";

/**
 * Agrees to a release. Once all have agreed who must, it is decided again, by the policies and the version of this moment,
 * for those recipients alone; they receive it where that asks for the very same: the same rules, redactions and approvers.
 * Else it is asked anew. In the caller's transaction; `made` is its producer's, on the word of who asked (`asked_by`):
 * nobody becomes the submitter of what they approve. `look` sees it when nothing can change any more, in the
 * context by which it will be decided, and may throw.
 *
 * Throws `not-found`, `conflict` where it is settled or too late, `forbidden` for who is not asked, and
 * `second-person-needed` for who submitted it or has agreed already.
 */
export async function approve(
  db: PoolClient,
  made: ReleaseContext,
  pendingId: string,
  by: By,
  look: (pending: PendingRow, context: ReleaseContext) => Promise<void> = async () => undefined,
): Promise<Approved> {
  const context = await lockStanding(db, made);
  const opened = await openPending(db, pendingId, by);
  if (opened.producer !== context.producer.id) throw new Error("another producer's context");
  const asked = await askedFor(db, opened);
  const pending = { ...opened, approvals: givenTo(context.gate, opened, asked) };
  const isProducers = by.approver.startsWith(`${context.producer.member}:`);
  if (!isProducers && !isLetGo(pending, context.producer, pending.approvals)) throw notAsked();
  const words = [pending.asked_by, await selectSubmitter(db, pending)];
  if (words.includes(by.word)) throw new AppError("second-person-needed", "You submitted it");
  if (pending.approvals.some(({ word }) => word === by.word))
    throw new AppError("second-person-needed", "You have agreed; another person has to agree, too");
  await look(opened, context);
  const { actor, word, approver: role, seen } = by;
  const said = { actor, word, role, at: new Date().toISOString(), ...(seen !== undefined && { seen }) };
  const approval = { ...said, seal: approvalSeal(context.gate, pending, asked, said) };
  await noteApproval(db, pendingId, approval);
  const approvals = [...pending.approvals, approval];
  if (!isEnough(pending, approvals)) return "waits";
  const seal = settledSeal(context.gate, pending, asked);
  return await releaseApproved(db, context, { ...pending, approvals }, { by: by.actor, seal });
}

/** Says no, for good: the same is not asked again. Throws as `approve` does. */
export async function refuse(db: PoolClient, pendingId: string, by: By, reason: string): Promise<void> {
  await openPending(db, pendingId, by);
  await settlePending(db, pendingId, { state: "refused", by: by.actor, reason });
}

/** What nobody answered in time is released to nobody. Ids of some of them: none are left where there are none. */
export async function lapse(db: Queryable): Promise<string[]> {
  return await lapsePending(db);
}

async function openPending(db: PoolClient, id: string, { approver }: By): Promise<PendingRow> {
  const pending = await lockPending(db, id);
  if (pending === undefined) throw new AppError("not-found");
  if (!(await selectIsAsked(db, id, approver))) throw notAsked();
  if (pending.state !== "pending") throw new AppError("conflict", `It is ${pending.state}`);
  if (pending.deadline.getTime() <= Date.now()) throw new AppError("conflict", "Its time is over");
  return pending;
}

function notAsked(): AppError {
  return new AppError("forbidden", "Others are asked for this, or are asked first");
}

async function releaseApproved(
  db: PoolClient,
  context: ReleaseContext,
  pending: PendingRow,
  { by, seal }: { by: string; seal: string },
): Promise<Approved> {
  const decided = await decidePending(db, context, pending);
  if (decided === undefined) throw new AppError("conflict", "It was withdrawn");
  const { anew, same, isSame } = decided;
  const settled = isSame
    ? ({ state: "approved", reason: null, seal } as const)
    : ({ state: "lapsed", reason: "decided-anew" } as const);
  await settlePending(db, pending.id, { ...settled, by });
  const one = { kind: "again", item: anew.item, index: 0, version: anew.version } as const;
  const ruled = isSame
    ? same.map((each) => ({ ...each, outcome: approvedOutcome(context.gate, each.outcome, pending) }))
    : [];
  const groups = anew.decisions.group(anew.item.object, ruled, anew.decision.victims);
  const asking = isSame ? [] : anew.decision.asking;
  const decision = { ...anew.decision, groups, asking };
  const send = againSend(context, one, decision, anew.before);
  await sendAgain(db, context, [{ ...send, addressed: undefined }], anew);
  return isSame ? "released" : "asked-anew";
}

/** The same with nobody to ask any more; what is kept of it tells who was, and shows each word that was given. */
export function approvedOutcome(
  gate: Gate,
  outcome: Outcome,
  { id, approvals }: Pick<PendingRow, "id" | "approvals">,
): Outcome {
  const approved = {
    rules: outcome.reasons.filter(({ code }) => code === "approval-needed").map(({ rule }) => rule),
    approvals: approvals.length,
    roles: [...new Set(approvals.map(({ role }) => role))].sort(),
    at: approvals.at(-1)?.at ?? "",
  };
  return keptAs(
    { ...outcome, approvers: [] },
    approved,
    approvals.map((one) => approvalShown(gate, id, one)),
  );
}
