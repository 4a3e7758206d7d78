import type { PoolClient, Queryable } from "@suar/runtime";
import { withApprovals } from "../approvals/agreed-before.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import { lockStanding } from "../context/standing.ts";
import { Waiting } from "../context/waiting.ts";
import { keptDecision } from "../decide/decided.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { againSend } from "../judge/judge-release.ts";
import { sendAgain } from "../send/send-again.ts";
import { findLost, keepsOf, Told, takeAway, type WithSent } from "../send/take-away.ts";
import { closeAt } from "../store/closed.ts";
import { lapseDecidedAnew, selectWord } from "../store/pending.ts";
import { selectNamings, selectReferring } from "../store/reference.ts";
import { selectEveryVersion, selectStatedIds } from "../store/version.ts";
import { decideAnew, type Naming } from "./decide-anew.ts";
import { SentBefore } from "./sent-before.ts";

/** Ids of one producer's objects to decide anew; or all of them, a page at a time in the order of their ids. */
export type Reevaluated = { stixIds: readonly string[] } | Page;

/** `withinMs`: no further object is begun after so long, so that releases of the same producer need not wait. */
type Page = { after: string; limit: number; withinMs?: number };

/**
 * `narrowed`: ids of objects that somebody lost; `decided`: how many of those asked for were looked at. `next`: where to
 * go on; undefined after the last page.
 */
export type Reevaluation = {
  narrowed: string[];
  widened: string[];
  decided: number;
  next: string | undefined;
};

/**
 * Decides released objects of a producer anew, after its markings, members, agreements or policies have changed, or time
 * has passed. Who may no longer have a copy is told so, alone, and cannot reach it from this commit on; who newly may gets
 * an entry. What names an object that somebody lost is decided anew with it: an id can betray the value that it was made
 * from. In the caller's transaction; what it reads is the context's one directory and one set of policies.
 */
export async function reevaluate(
  db: PoolClient,
  made: ReleaseContext,
  what: Reevaluated,
): Promise<Reevaluation> {
  const context = await lockStanding(db, made);
  const { producer } = context;
  const ids = "stixIds" in what ? what.stixIds : await selectStatedIds(db, producer.id, what);
  const isPage = "limit" in what;
  const end = performance.now() + ((isPage && what.withinMs) || Number.POSITIVE_INFINITY);
  const pass = new Pass(db, context);
  const decided = isPage ? await pass.decideUntil(end, ids) : ids.length;
  if (!isPage) await pass.wait(ids);
  await pass.decideWaiting();
  const isMore = isPage && (decided < ids.length || ids.length === what.limit);
  const { narrowed, widened } = pass;
  return {
    narrowed: [...narrowed],
    widened: [...widened],
    decided,
    next: isMore ? ids[decided - 1] : undefined,
  };
}

/** What one transaction decides anew. */
class Pass {
  readonly narrowed = new Set<string>();
  readonly widened = new Set<string>();
  readonly #waiting = new Waiting([]);
  readonly #times = new Map<string, number>();
  readonly #db: PoolClient;
  readonly #context: ReleaseContext;

  constructor(db: PoolClient, context: ReleaseContext) {
    this.#db = db;
    this.#context = context;
  }

  async wait(ids: readonly string[]): Promise<void> {
    if (this.#waiting.add(ids).length === 0) return;
    const all = this.#waiting.ids;
    if (all.length > 1) this.#waiting.learn(await selectNamings(this.#db, this.#context.producer.id, all));
  }

  /** One at least, in the order given; how many. */
  async decideUntil(end: number, ids: readonly string[]): Promise<number> {
    for (const [index, id] of ids.entries()) {
      if (index > 0 && performance.now() > end) return index;
      this.#waiting.drop(id);
      await this.#decide(id);
    }
    return ids.length;
  }

  async decideWaiting(): Promise<void> {
    for (let id = this.#waiting.take(); id !== undefined; id = this.#waiting.take()) await this.#decide(id);
  }

  async #decide(id: string): Promise<void> {
    const time = (this.#times.get(id) ?? 0) + 1;
    if (time > MOST_TIMES) return;
    this.#times.set(id, time);
    const change = await reevaluateOne(this.#db, this.#context, id, namingAt(time));
    if (change.gained) this.widened.add(id);
    if (!change.lost) return;
    this.narrowed.add(id);
    await this.wait(await selectReferring(this.#db, this.#context.producer.id, [id]));
  }
}

/**
 * Objects whose copies name each other in a circle would change for ever, each after the other's: from the fourth time on
 * they name to nobody what they have a copy of. The last time they name nothing to anybody but their producer, since what
 * they name may still be taken from whoever they tell of it.
 */
const MOST_TIMES = 16;
const TIMES_BY_COPIES = 3;

function namingAt(time: number): Naming {
  if (time <= TIMES_BY_COPIES) return "copies";
  return time < MOST_TIMES ? "wholes" : "nothing";
}

type Change = { lost: boolean; gained: boolean };

async function reevaluateOne(
  db: PoolClient,
  context: ReleaseContext,
  stixId: string,
  naming: Naming,
): Promise<Change> {
  const change = { lost: false, gained: false };
  const told = new Told();
  const live = await liveVersions(db, context, stixId);
  const decided = new Map<Later, WithSent>();
  for (const version of live) {
    const anew = await decideVersion(db, context, { ...version, naming });
    if (anew === undefined) continue;
    decided.set(version, anew);
    const lost = await findLost(db, anew);
    for (const { sent, readers } of anew.sent.map((copy) => keepsOf(copy, lost))) told.keep(sent.id, readers);
    if (lost.length > 0) await takeAway(db, context, anew, lost, told);
    change.lost ||= lost.length > 0;
  }
  // What was decided holds until something is written: most objects stay as they are, and are decided once.
  const now = change.lost ? await liveVersions(db, context, stixId) : live;
  for (const version of now.toReversed()) {
    const isTrue = !change.lost && !change.gained;
    const anew = isTrue ? decided.get(version) : await decideVersion(db, context, { ...version, naming });
    if (anew === undefined) continue;
    if (await giveOut(db, context, anew)) change.gained = true;
    await endInTime(db, context, anew);
  }
  return change;
}

/** A version, with what its originator said of the object since. */
type Later = { version: KnownVersion; since: readonly KnownVersion[] };

/** The newest first; however many there are. */
async function liveVersions(db: Queryable, { producer }: ReleaseContext, stixId: string): Promise<Later[]> {
  const live = (await selectEveryVersion(db, producer.id, stixId)).filter((one) => one.withdrawn_at === null);
  const sorted = live.sort((a, b) => b.rank - a.rank);
  return sorted.map((version, n) => ({ version, since: sorted.slice(0, n) }));
}

async function decideVersion(
  db: Queryable,
  context: ReleaseContext,
  { version, since, naming }: Later & { naming: Naming },
): Promise<WithSent | undefined> {
  const before = await SentBefore.read(db, new Map([[version.stix_id, [version]]]));
  const sent = before.of(version);
  const holders = sent.flatMap(({ readers }) => readers);
  const anew = await decideAnew(db, context, version, { since, holders, naming });
  if (anew === undefined) return undefined;
  const decision = await withApprovals(db, context, anew);
  return { ...anew, decision, sent, before };
}

/** What was sent of it is over when the version is by now: its originator may have said so since. */
async function endInTime(
  db: PoolClient,
  { producer }: ReleaseContext,
  { item, sent }: WithSent,
): Promise<void> {
  const at = item.limits?.expires;
  if (at === undefined) return;
  const closings = sent.map(({ renditionId }) => ({ renditionId, at }));
  await closeAt(db, producer.id, closings);
}

/** Sends what is due to those who do not have it, and asks where somebody has to agree. */
async function giveOut(db: PoolClient, context: ReleaseContext, anew: WithSent): Promise<boolean> {
  const { version, item, decision, before } = anew;
  const one = { kind: "again", item, index: 0, version } as const;
  const send = againSend(context, one, { ...decision, isVictims: version.is_victims }, before);
  const place = { producer: context.producer.id, stixId: version.stix_id, version: version.version };
  await lapseDecidedAnew(
    db,
    place,
    send.asking.map(({ outcome }) => keptDecision(outcome).hash),
  );
  // Who submitted it does not come to approve it because somebody else decided it anew.
  const word = (send.asking.length > 0 && (await selectWord(db, place))) || context.word;
  await sendAgain(db, { ...context, word }, { ...send, addressed: undefined }, anew);
  return send.copies.length > 0;
}
