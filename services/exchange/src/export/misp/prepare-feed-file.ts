import { createHash } from "node:crypto";
import { AppError } from "@suar/contract";
import { type FeedFile, hashLines, manifestEntry } from "@suar/formats";
import type { Prepared } from "../prepared.ts";
import type { StandingLog } from "../standing-items.ts";
import type { Subject } from "../survey.ts";
import type { FeedPlans } from "./feed-plans.ts";
import { type FeedPlan, planFeed, readEvent } from "./plan-feed.ts";

/** Whose feed, and by which filter: `view` names both. */
export type FeedOf = { subject: Subject; log: StandingLog; view: string; plans: FeedPlans };

/** A file of a feed. The manifest is of this moment; events and digests are by the one that was answered last. */
export async function prepareFeedFile(feed: FeedOf, file: FeedFile): Promise<Prepared> {
  if (file.is === "event") return await prepareEvent(feed, file.uuid);
  const plan = file.is === "manifest" ? await makePlan(feed) : await lastPlan(feed);
  const tag = `"${plan.tag}"`;
  if (file.is === "manifest")
    return {
      tag,
      mediaType: "application/json",
      fileName: "manifest.json",
      pieces: () => manifest(feed, plan),
    };
  return {
    tag,
    mediaType: "text/csv; charset=utf-8; header=absent",
    fileName: "hashes.csv",
    pieces: () => hashes(feed, plan),
  };
}

async function makePlan({ subject, log, view, plans }: FeedOf): Promise<FeedPlan> {
  const plan = await planFeed(subject, log, view, true);
  plans.keep(view, plan);
  return plan;
}

async function lastPlan(feed: FeedOf): Promise<FeedPlan> {
  return feed.plans.known(feed.view) ?? (await makePlan(feed));
}

async function* manifest({ subject }: FeedOf, { events }: FeedPlan): AsyncGenerator<string> {
  yield "{";
  let between = "\n";
  for (const planned of events) {
    yield `${between}${manifestEntry(planned, subject.exercise)}`;
    between = ",\n";
  }
  yield "\n}\n";
}

/** Digests tell a MISP which of its own values are in the feed: the values themselves are handed over with the events. */
async function* hashes({ subject, log }: FeedOf, { events, now }: FeedPlan): AsyncGenerator<string> {
  for (const planned of events) {
    const written = await readEvent(subject, log, planned, now);
    if (written !== undefined) yield hashLines(written.event);
  }
}

async function prepareEvent(feed: FeedOf, uuid: string): Promise<Prepared> {
  const { events, now } = await lastPlan(feed);
  const planned = events.find((event) => event.uuid === uuid);
  const written = planned === undefined ? undefined : await readEvent(feed.subject, feed.log, planned, now);
  if (written === undefined) throw new AppError("not-found", "No event of this feed");
  const text = `${JSON.stringify({ Event: written.event })}\n`;
  const digest = createHash("sha256").update(JSON.stringify(written.told)).update(text).digest("base64url");
  return {
    tag: `"${digest}"`,
    mediaType: "application/json",
    fileName: `${uuid}.json`,
    async *pieces(handed) {
      for (const seq of written.told) handed(seq);
      yield text;
    },
  };
}
