import { setTimeout as sleep } from "node:timers/promises";
import { channels, type Platform } from "@suar/runtime";
import { noticeChanges } from "./jobs/notice-changes.ts";
import { selectIsClosing } from "./store/reevaluation.ts";

const MOST_WAITED_MS = 5_000;
const LOOK_EVERY_MS = 25;

/**
 * After a change was committed: begins the passes that it asks for, and waits until they have closed what it narrows, so
 * that whoever is told that the change is made can rely on it. Not for ever: it is in force, whether or not the process that
 * decides anew is there just now. Drills notice it by themselves.
 */
export async function closeFirst(platform: Platform): Promise<void> {
  const end = performance.now() + MOST_WAITED_MS;
  try {
    const live = await platform.realms.named("live");
    await noticeChanges(platform, live)();
    platform.signals.send(channels.standing);
    while (performance.now() < end && (await selectIsClosing(live.write))) await sleep(LOOK_EVERY_MS);
  } catch (error) {
    platform.log.warn(
      { err: error },
      "a change is made, and was not noticed at once; it is looked for again",
    );
  }
}
