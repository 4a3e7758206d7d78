import { fileName, type Prepared } from "../prepared.ts";
import type { StandingLog } from "../standing-items.ts";
import type { Subject } from "../survey.ts";
import { type FeedPlan, planFeed, readEvent } from "./plan-feed.ts";

/** All events in one file, as MISP's restSearch answers them and its import takes them. */
export async function prepareCollection(subject: Subject, log: StandingLog, view: string): Promise<Prepared> {
  const plan = await planFeed(subject, log, view, false);
  return {
    tag: `"${plan.tag}"`,
    mediaType: "application/json",
    fileName: fileName(subject, ".json"),
    pieces: (handed) => collection(subject, log, plan, handed),
  };
}

async function* collection(
  subject: Subject,
  log: StandingLog,
  { events, now }: FeedPlan,
  handed: (seq: number) => void,
): AsyncGenerator<string> {
  yield '{"response":[';
  let between = "\n";
  for (const planned of events) {
    const written = await readEvent(subject, log, planned, now);
    if (written === undefined) continue;
    for (const seq of written.told) handed(seq);
    yield `${between}${JSON.stringify({ Event: written.event })}`;
    between = ",\n";
  }
  yield "\n]}\n";
}
