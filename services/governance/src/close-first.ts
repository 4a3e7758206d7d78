import { channels, type Platform, waitForClosing } from "@suar/runtime";
import { noticeChanges } from "./jobs/notice-changes.ts";

/**
 * After a change was committed: begins the passes that it asks for, and waits until they have closed what it narrows. True
 * where that is not over after a few seconds.
 */
export async function closeFirst(platform: Platform): Promise<boolean> {
  try {
    await noticeChanges(platform, await platform.realms.named("live"))();
  } catch (error) {
    platform.log.warn(
      { err: error },
      "a change is made, and was not noticed at once; it is looked for again",
    );
  }
  platform.signals.send(channels.standing);
  return await waitForClosing(platform);
}
