import { setTimeout as sleep } from "node:timers/promises";
import type { Drill, DrillInject } from "@suar/contract";
import { parseDuration } from "@suar/scenario";
import type { SuarClient } from "../../client.ts";
import { cleanText } from "../shell/clean-text.ts";
import { collect } from "../shell/collect.ts";
import type { Context } from "../shell/context.ts";
import { EXIT } from "../shell/exit-codes.ts";
import { table } from "../shell/terminal.ts";

const LOOK_MS = 300;
/** What a last inject sent may still be on its way when the clock has run out. */
const SETTLE_MS = 1_000;

/** Shows a run until it ends: the clock, each inject as it fires, and at the end who received what and when. */
export async function followDrill(context: Context, client: SuarClient, id: string): Promise<number> {
  const { terminal } = context;
  const signal = context.interruption();
  const bar = terminal.progress();
  const told = new Set<string>();
  let failed = 0;
  for (;;) {
    const drill = await client.drills.get(id, signal).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (drill === undefined || signal.aborted) return interrupted(id, () => bar.clear());
    for (const inject of drill.injects.filter((one) => one.state !== "waiting" && !told.has(one.id))) {
      told.add(inject.id);
      if (inject.state === "failed") failed++;
      bar.clear();
      await terminal.show({ event: "inject", inject }, () => describeInject(inject));
    }
    if (isOver(drill)) break;
    bar.update(
      drill.state === "paused" ? "paused" : "drill",
      parseDuration(drill.scenarioTime),
      parseDuration(drill.duration),
      `${drill.scenarioTime} of ${drill.duration}`,
    );
    await sleep(LOOK_MS);
  }
  bar.clear();
  await sleep(SETTLE_MS);
  await showDeliveries(context, client, id);
  terminal.next(`suar drill replay ${id}`);
  return failed === 0 ? EXIT.ok : EXIT.refused;
}

export async function showDeliveries(context: Context, client: SuarClient, id: string): Promise<void> {
  const deliveries = await collect(client.drills.deliveries(id), 10_000);
  await context.terminal.show({ event: "deliveries", deliveries }, () => {
    if (deliveries.length === 0) return "nobody received anything";
    const rows = deliveries.map((one) => [
      one.scenarioTime,
      one.at.slice(11, 23),
      one.seq,
      one.producer,
      one.tlp,
      one.kind,
      one.object,
      one.receivedBy.join(" "),
    ]);
    return table(["scenario", "wall", "seq", "from", "tlp", "kind", "object", "received by"], rows);
  });
}

export function titleOf({ title }: Drill): string {
  return cleanText(title.en ?? Object.values(title)[0] ?? "");
}

function isOver(drill: Drill): boolean {
  if (drill.state === "ended" || drill.state === "archived") return true;
  const timeIsUp = parseDuration(drill.scenarioTime) >= parseDuration(drill.duration);
  return timeIsUp && drill.injects.every(({ state }) => state !== "waiting");
}

function interrupted(id: string, clear: () => void): number {
  clear();
  process.stderr.write(`suar: the drill goes on; suar drill show|pause|end ${id}\n`);
  return EXIT.interrupted;
}

function describeInject({ id, state, scenarioTime, lateBy, by, problem }: DrillInject): string {
  const late = lateBy === null ? "" : `, late by ${lateBy}`;
  return `${scenarioTime ?? "-"}  inject ${cleanText(id)} ${state}${by === null ? "" : ` by ${by}`}${late}${problem === null ? "" : `: ${cleanText(problem)}`}`;
}
