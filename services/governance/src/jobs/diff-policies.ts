import { setTimeout as sleep } from "node:timers/promises";
import { beginReplay, type ReplayAsked, replayOn, replayProgress } from "@suar/gate";
import { Importer, Member, PairPolicy, partiesOf } from "@suar/policy";
import { type Loop, type Platform, type Realm, startLoop } from "@suar/runtime";
import { describeDiff } from "../describe-diff.ts";
import { isFresh } from "../fresh-diff.ts";
import * as store from "../store/policy-diff.ts";
import { selectAllOpen, selectForsaken } from "../store/policy-proposal.ts";

/** What is asked for is found by its row; a proposal's are begun with it, or within so long. */
const LOOK_EVERY_MS = 500;
/** A process that does not come back is followed by another after so long. */
const LEASE_SECONDS = 60;
const PAGE_MS = 500;
/** A share of a page's time in which others have the processor. */
const PAUSE = 0.25;
const MOST_FAILURES = 8;
const WAIT_SECONDS = 10;

/**
 * Works out what policies would have changed, a page at a time: where the next begins, and what was counted, is in its
 * row, so that a crash repeats a page at most and any process goes on with it. Of a proposal both members' are worked out
 * by themselves.
 */
export function startDiffing(platform: Platform, realm: Realm): Loop {
  const stopping = new AbortController();
  let sweptAt = Number.NEGATIVE_INFINITY;
  const step = async (): Promise<boolean> => {
    if (performance.now() - sweptAt >= LOOK_EVERY_MS) {
      await dropForsaken(platform, realm);
      await beginProposed(platform, realm);
      await store.deleteOldDiffs(realm.write);
      sweptAt = performance.now();
    }
    const began = performance.now();
    const claimed = await store.claimDiff(realm.write, LEASE_SECONDS);
    if (claimed === undefined) return false;
    await pageOrFailure(platform, realm, claimed, stopping.signal);
    await sleep((performance.now() - began) * PAUSE);
    return true;
  };
  const { log } = platform;
  const loop = startLoop({
    name: `diffs:${realm.name}`,
    log,
    step,
    busyMs: LOOK_EVERY_MS,
    idleMs: LOOK_EVERY_MS,
  });
  return {
    wake: loop.wake,
    stop: async () => {
      stopping.abort();
      await loop.stop();
    },
  };
}

async function beginProposed({ core }: Platform, { write }: Realm): Promise<void> {
  for (const { hash, policy, ...pair } of await selectAllOpen(core)) {
    const known = await store.selectProposedDiffs(write, hash);
    const parties = partiesOf({
      exporter: Member.parse(pair.exporter),
      importer: Importer.parse(pair.importer),
    });
    for (const member of parties) if (!known.includes(member)) await beginOf(write, { hash, member }, policy);
  }
}

/** What a member had worked out of the same text before it was proposed stands for a day, as if it were asked for. */
async function beginOf(write: Realm["write"], name: store.DiffName, policy: string): Promise<void> {
  const again = !isFresh(await store.selectDiff(write, name));
  await store.beginDiff(write, { ...name, policy, isProposed: true, again });
}

/** Whoever takes a proposal back leaves nothing behind that others' diffs would have to wait for. */
async function dropForsaken({ core }: Platform, { write }: Realm): Promise<void> {
  const forsaken = await selectForsaken(core, await store.selectProposedHashes(write));
  if (forsaken.length > 0) await store.deleteProposedDiffs(write, forsaken);
}

async function pageOrFailure(
  platform: Platform,
  realm: Realm,
  claimed: store.ClaimedDiff,
  signal: AbortSignal,
): Promise<void> {
  try {
    await page(platform, realm, claimed, signal);
  } catch (error) {
    if (signal.aborted) return; // the lease ends by itself
    platform.log.error({ err: error }, "a page of a policy diff failed");
    await store.noteFailure(realm.write, claimed, { waitSeconds: WAIT_SECONDS, most: MOST_FAILURES });
  }
}

async function page(
  platform: Platform,
  realm: Realm,
  claimed: store.ClaimedDiff,
  signal: AbortSignal,
): Promise<void> {
  const asker = await platform.directory.byCode(claimed.member);
  if (asker === undefined) throw new Error(`there is no ${claimed.member}`);
  const policy = PairPolicy.parse(JSON.parse(claimed.policy));
  const asked: ReplayAsked = { policy, asker, since: claimed.since };
  const before = claimed.so_far ?? (await beginReplay(realm, asked));
  const soFar = await replayOn(platform, realm, asked, before, { withinMs: PAGE_MS, signal });
  if (soFar.leg === "over") {
    await store.finishDiff(realm.write, claimed, describeDiff(asked, claimed.until, soFar));
    return;
  }
  await store.keepPage(realm.write, claimed, { soFar, ...replayProgress(asked, soFar) });
}
