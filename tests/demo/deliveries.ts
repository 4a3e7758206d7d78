import type { Received } from "../support/receiver.ts";
import type { Narrator } from "./narrator.ts";
import type { Arrival, Reader } from "./reader.ts";
import { shortId } from "./report.ts";
import type { Stage } from "./stage.ts";

/** How long one object took to one receiver from the moment it was submitted, in milliseconds. */
export type Timing = { id: string; who: string; how: "WebSocket" | "webhook"; ms: number };

/** Waits until a reader has all of these objects. Returns the time to each. */
export async function timesAt(reader: Reader, ids: readonly string[], since: number): Promise<Timing[]> {
  await reader.waitFor(`${ids.length} objects`, (arrivals) => {
    const seen = new Set(arrivals.map(({ item }) => item.object.id));
    return ids.every((id) => seen.has(id));
  });
  return reader.arrivals
    .filter((arrival) => isOf(arrival, ids, since))
    .map(({ item, at }) => ({ id: item.object.id, who: reader.name, how: "WebSocket", ms: at - since }));
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
  const times = hooks.map(
    ({ json, at }): Timing => ({ id: json.data.object.id, who: "TH", how: "webhook", ms: at - since }),
  );
  return { hooks, times };
}

/** Prints how long each object took to each receiver: a line for an object, a column for a receiver. */
export function showDeliveries(narrator: Narrator, ...receivers: readonly Timing[][]): void {
  const columns = receivers.flatMap((times) => (times[0] === undefined ? [] : [{ ...times[0], times }]));
  const ids = new Set(receivers.flat().map(({ id }) => id));
  const head = columns.map(({ who, how }) => `${who} ${how}`.padStart(COLUMN));
  narrator.facts("delivered", [
    `${"milliseconds after it was sent".padEnd(OBJECT)}${head.join("")}`,
    ...[...ids].map((id) => `${shortId(id).padEnd(OBJECT)}${columns.map(took(id)).join("")}`),
  ]);
}

const OBJECT = 32;
const COLUMN = 14;

function took(id: string): (column: { times: readonly Timing[] }) => string {
  return ({ times }) => String(times.find((time) => time.id === id)?.ms ?? "-").padStart(COLUMN);
}

/** The best, the middle and the worst of all deliveries of the story. */
export function showTimes(narrator: Narrator, times: readonly Timing[]): void {
  narrator.chapter("From submission to delivery");
  for (const how of ["WebSocket", "webhook"] as const) {
    const ms = times
      .filter((time) => time.how === how)
      .map((time) => time.ms)
      .sort((a, b) => a - b);
    const [fastest, median, slowest] = [ms[0], ms[Math.floor(ms.length / 2)], ms.at(-1)];
    narrator.facts(how, [
      `${ms.length} deliveries: ${fastest} ms at best, ${median} ms in the middle, ${slowest} ms at worst`,
    ]);
  }
}
