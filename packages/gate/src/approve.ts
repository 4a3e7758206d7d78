import { AppError } from "@suar/contract";
import type { Outcome } from "@suar/policy";
import type { PoolClient, Queryable } from "@suar/runtime";
import { canonicalJson } from "@suar/stix";
import type { Ruled } from "./copies.ts";
import { decideAnew } from "./decide-anew.ts";
import { type Decided, keptAs, keptDecision } from "./decided.ts";
import { againSend } from "./judge-release.ts";
import type { ReleaseContext } from "./release-item.ts";
import { sendAgain } from "./send-again.ts";
import { SentBefore } from "./sent-before.ts";
import { lockStanding } from "./standing.ts";
import { selectDecisionBodies } from "./store/decision.ts";
import {
  type Approval,
  lapsePending,
  lockPending,
  noteApproval,
  type PendingQuery,
  type PendingRow,
  selectPending,
  settlePending,
} from "./store/pending.ts";
import { selectEveryVersion } from "./store/version.ts";

/** Who settles something: who acts, on whose word (`wordOf`), and as which approver ("SG:officer"). */
export type By = { actor: string; word: string; approver: string };

/** What waits for approval, or did, in the order in which it was asked. */
export async function pendingOf(db: Queryable, query: PendingQuery): Promise<PendingRow[]> {
  return await selectPending(db, query);
}

/** What came of an approval: others have to agree yet; it is released; or something else is decided by now, and asked. */
export type Approved = "waits" | "released" | "asked-anew";

/**
 * Agrees to a release. Once all have agreed who must, it is decided again, by the policies and the version of this moment,
 * for those recipients alone; they receive it where that asks for the very same: the same rules, redactions and approvers.
 * Else it is asked anew. In the caller's transaction; `made` is its producer's context.
 *
 * Throws `not-found`, `conflict` where it is settled or too late, `forbidden` for who is not asked, and
 * `second-person-needed` for who submitted it or has agreed already.
 */
export async function approve(
  db: PoolClient,
  made: ReleaseContext,
  pendingId: string,
  by: By,
): Promise<Approved> {
  const context = await lockStanding(db, made);
  const pending = await openPending(db, pendingId, by);
  if (pending.producer !== context.producer.id) throw new Error("another producer's context");
  if (by.word === pending.asked_by || pending.approvals.some(({ word }) => word === by.word))
    throw new AppError("second-person-needed");
  const approval = { actor: by.actor, word: by.word, role: by.approver, at: new Date().toISOString() };
  await noteApproval(db, pendingId, approval);
  const approvals = [...pending.approvals, approval];
  if (!isEnough(pending, approvals)) return "waits";
  return await releaseApproved(db, context, { ...pending, approvals }, by);
}

/** Says no, for good: the same is not asked again. Throws as `approve` does. */
export async function refuse(db: PoolClient, pendingId: string, by: By, reason: string): Promise<void> {
  await openPending(db, pendingId, by);
  await settlePending(db, pendingId, { state: "refused", by: by.actor, reason });
}

/** What nobody answered in time is released to nobody; how many there were. */
export async function lapse(db: Queryable): Promise<number> {
  return await lapsePending(db);
}

async function openPending(db: PoolClient, id: string, { approver }: By): Promise<PendingRow> {
  const pending = await lockPending(db, id);
  if (pending === undefined) throw new AppError("not-found");
  if (!pending.approvers.includes(approver)) throw new AppError("forbidden", "Others are asked for this");
  if (pending.state !== "pending") throw new AppError("conflict", `It is ${pending.state}`);
  if (pending.deadline.getTime() <= Date.now()) throw new AppError("conflict", "Its time is over");
  return pending;
}

function isEnough({ approvers, four_eyes: fourEyes }: PendingRow, approvals: readonly Approval[]): boolean {
  return approvers.every(
    (approver) => approvals.filter(({ role }) => role === approver).length >= (fourEyes ? 2 : 1),
  );
}

async function releaseApproved(
  db: PoolClient,
  context: ReleaseContext,
  pending: PendingRow,
  by: By,
): Promise<Approved> {
  const { stix_id: stixId, organisations } = pending;
  const live = (await selectEveryVersion(db, pending.producer, stixId)).filter(
    (one) => one.withdrawn_at === null,
  );
  const version = live.find((one) => one.version === pending.version);
  const since = live.filter((one) => one.rank > (version?.rank ?? 0)).sort((a, b) => b.rank - a.rank);
  const before = version && (await SentBefore.read(db, new Map([[stixId, [version]]])));
  const anew = version && (await decideAnew(db, context, version, { since, holders: [], naming: "copies" }));
  if (version === undefined || before === undefined || anew === undefined)
    throw new AppError("conflict", "It was withdrawn");
  const asked = await askedFor(db, pending);
  const same = anew.decision.asking.flatMap(({ readers, outcome }): Ruled[] => {
    const left = readers.filter((reader) => organisations.includes(reader));
    return left.length > 0 && essenceOf(outcome) === asked ? [{ readers: left, outcome }] : [];
  });
  const isSame = same.flatMap(({ readers }) => readers).length === organisations.length;
  const settled = isSame
    ? ({ state: "approved", reason: null } as const)
    : ({ state: "lapsed", reason: "decided-anew" } as const);
  await settlePending(db, pending.id, { ...settled, by: by.actor });
  const one = { kind: "again", item: anew.item, index: 0, version } as const;
  const ruled = isSame
    ? same.map((each) => ({ ...each, outcome: approvedOutcome(each.outcome, pending) }))
    : [];
  const groups = anew.decisions.group(anew.item.object, ruled);
  const asking = isSame ? [] : anew.decision.asking;
  const decision = { ...anew.decision, groups, asking, isVictims: version.is_victims };
  await sendAgain(db, context, { ...againSend(context, one, decision, before), addressed: undefined }, anew);
  return isSame ? "released" : "asked-anew";
}

/** The outcome that was asked for, as it was kept. */
export async function askedFor(
  db: Queryable,
  pending: Pick<PendingRow, "decision_id" | "approvers" | "four_eyes">,
): Promise<string> {
  const body = (await selectDecisionBodies(db, [pending.decision_id])).get(pending.decision_id);
  if (body === undefined) throw new Error("what was asked is gone");
  return essence(JSON.parse(body) as Decided, pending.approvers, pending.four_eyes);
}

export function essenceOf(outcome: Outcome): string {
  return essence(JSON.parse(keptDecision(outcome).body) as Decided, outcome.approvers, outcome.fourEyes);
}

/**
 * What an approval stands for: the rules, what is left out, what the recipient undertakes, on which grounds, and who had
 * to agree. A policy's version is in the names of its rules and in its grounds.
 */
function essence(
  { reasons, redactions, obligations, bases }: Decided,
  approvers: readonly string[],
  fourEyes: boolean,
): string {
  return canonicalJson({
    rules: reasons.map(({ code, rule }) => `${code} ${rule}`),
    redactions: redactions.map(({ path, op, class: kind }) => `${kind} ${op} ${path}`),
    obligations,
    bases,
    approvers: [...approvers].sort(),
    fourEyes,
  });
}

/** The same with nobody to ask any more; what is kept of it tells who was. */
export function approvedOutcome(outcome: Outcome, { approvals }: Pick<PendingRow, "approvals">): Outcome {
  const approved = {
    rules: outcome.reasons.filter(({ code }) => code === "approval-needed").map(({ rule }) => rule),
    approvals: approvals.length,
    roles: [...new Set(approvals.map(({ role }) => role))].sort(),
    at: approvals.at(-1)?.at ?? "",
  };
  return keptAs({ ...outcome, approvers: [] }, approved);
}
