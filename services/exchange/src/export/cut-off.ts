import type { ServerResponse } from "node:http";

/** Whoever takes not one byte of what waits for it for so long, or not all of it in so long, is not waited for. */
const BOUNDS = { silentMs: 30_000, longestMs: 30 * 60_000 };

/** Closes the connection of an answer that its reader does not take. Returns what ends the watch. */
export function cutOff(answer: ServerResponse, { silentMs, longestMs } = BOUNDS): () => void {
  answer.setTimeout(silentMs, () => {
    // Nothing waits to be taken: it is the platform that is slow. The next piece begins the time anew.
    if (answer.writableLength > 0) answer.destroy();
  });
  const longest = setTimeout(() => answer.destroy(), longestMs);
  longest.unref();
  return () => clearTimeout(longest);
}
