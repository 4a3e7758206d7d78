import { openLive } from "../support/live.ts";
import type { Reader } from "./readers.ts";

/** Everything that a WebSocket tells from the beginning until it has caught up. */
export async function webSocketText(url: string, { key }: Reader): Promise<string> {
  const live = await openLive(url, key, { after: 0 });
  await live.waitFor("caught-up", (messages) => messages.some(({ op }) => op === "caught-up"), 60_000);
  live.close();
  return JSON.stringify(live.messages);
}

/** The same by server-sent events. */
export async function eventStreamText(url: string, { key }: Reader): Promise<string> {
  const ended = new AbortController();
  const headers = { authorization: `Bearer ${key}`, accept: "text/event-stream" };
  const response = await fetch(`${url}/v1/live?after=0`, { headers, signal: ended.signal });
  if (response.status !== 200 || response.body === null)
    throw new Error(`no event stream: ${await response.text()}`);
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("event: caught-up")) break;
  }
  ended.abort();
  return text;
}
