import type { Received } from "../support/receiver.ts";
import type { Narrator } from "./narrator.ts";
import type { Arrival, Reader } from "./reader.ts";
import type { Stage } from "./stage.ts";

/** How long something took from the moment it was submitted, in milliseconds. */
export type Timing = { who: string; how: "WebSocket" | "webhook"; ms: number };

/** Waits until a reader has all of these objects. Returns the time to each. */
export async function timesAt(reader: Reader, ids: readonly string[], since: number): Promise<Timing[]> {
  await reader.waitFor(`${ids.length} objects`, (arrivals) => {
    const seen = new Set(arrivals.map(({ item }) => item.object.id));
    return ids.every((id) => seen.has(id));
  });
  return reader.arrivals
    .filter((arrival) => isOf(arrival, ids, since))
    .map(({ at }) => ({ who: reader.name, how: "WebSocket", ms: at - since }));
}

function isOf({ item, at }: Arrival, ids: readonly string[], since: number): boolean {
  return at >= since && ids.includes(item.object.id);
}

/** The same for Thailand's webhook. */
export async function hooksAt(
  stage: Stage,
  ids: readonly string[],
  since: number,
): Promise<{ times: Timing[]; hooks: Received[] }> {
  const ofThese = (): Received[] =>
    stage.th.received.filter(({ json, at }) => at >= since && ids.includes(json.data.object?.id));
  const seen = (): Set<string> => new Set(ofThese().map(({ json }) => json.data.object.id));
  const end = Date.now() + 20_000;
  while (seen().size < ids.length) {
    if (Date.now() > end) throw new Error(`TH's webhook received ${seen().size} of ${ids.length} objects`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const hooks = ofThese();
  return { hooks, times: hooks.map(({ at }) => ({ who: "TH", how: "webhook", ms: at - since })) };
}

/** Prints the times from submission to delivery, a line for each receiver. */
export function showDeliveries(narrator: Narrator, ...groups: readonly Timing[][]): void {
  narrator.facts(
    "delivered",
    groups.flatMap((times) => {
      const [first] = times;
      if (first === undefined) return [];
      const ms = times.map((time) => time.ms);
      const [least, most] = [Math.min(...ms), Math.max(...ms)];
      const objects = times.length === 1 ? "1 object" : `${times.length} objects`;
      const span = least === most ? `${least} ms` : `${least} to ${most} ms`;
      return [`${first.who} by ${first.how.padEnd(9)} ${objects}, ${span} after they were sent`];
    }),
  );
}
