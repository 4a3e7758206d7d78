import { EventPlan, type ExportItem, type PlannedEvent, tagOfPlan, writeEvent } from "@suar/formats";
import type { StandingLog } from "../standing-items.ts";
import type { Subject } from "../survey.ts";

/** Which events there are at a moment, and what makes them what they are. It holds no content but their titles. */
export type FeedPlan = { events: readonly PlannedEvent[]; tag: string; now: number };

/** One event as MISP reads it, and the entries that are in it. */
export type WrittenEvent = NonNullable<ReturnType<typeof writeEvent>>;

/** `isSettled` leaves out what was logged in the second that has not ended: an event's time is told in whole ones. */
export async function planFeed(
  { madeFor, exercise }: Subject,
  log: StandingLog,
  view: string,
  isSettled: boolean,
): Promise<FeedPlan> {
  const now = Date.now();
  const before = isSettled ? Math.floor(now / 1_000) * 1_000 : Number.POSITIVE_INFINITY;
  const { epoch, seq: upTo } = await log.head();
  const plan = new EventPlan(now, view, exercise);
  for await (const { items, gone } of log.looks(upTo)) {
    for (const item of items) if (Date.parse(item.at) < before) plan.add(item);
    for (const one of gone) if (Date.parse(one.at) < before) plan.addGone(one);
  }
  const events = plan.events();
  return { events, now, tag: tagOfPlan(events, "misp", madeFor, epoch, exercise ?? "") };
}

/** Reads an event anew: what was lost since it was planned is not in it, and without its report there is none. */
export async function readEvent(
  { exercise }: Subject,
  log: StandingLog,
  planned: PlannedEvent,
  now: number,
): Promise<WrittenEvent | undefined> {
  const items: ExportItem[] = [];
  for await (const some of log.some(planned.seqs)) items.push(...some);
  return items.length === 0 ? undefined : writeEvent(planned, items, { now, exercise });
}
