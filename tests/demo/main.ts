import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { postmaster } from "../support/embedded-postgres.ts";
import type { PlatformProcess } from "../support/platform.ts";
import { tellAdvisory } from "./chapters/advisory.ts";
import { tellAlert } from "./chapters/alert.ts";
import { tellDrill } from "./chapters/drill.ts";
import { tellIncidentReport } from "./chapters/incident-report.ts";
import { tellIndicatorTable } from "./chapters/indicator-table.ts";
import { tellMispEvent } from "./chapters/misp-event.ts";
import type { Timing } from "./deliveries.ts";
import { emphasis, Narrator, print } from "./narrator.ts";
import { setStage, startDemoPlatform } from "./stage.ts";

/**
 * `npm run demo`: Suar's main job, told and checked. A platform of its own, on a database of its own, is driven
 * from outside with the SDK, as any member would. Every promise that is printed is an assertion.
 */
const { values: options } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
let interrupted = false;

print(emphasis("\nSuar: a report from one CERT reaches every member that may see it"));
const started = Date.now();
const starting = startDemoPlatform();
const stopped = stopOnSignal(starting, options.keep);
const platform = await starting;
const narrator = new Narrator();
await tell(platform, narrator);
sumUp(narrator, started);
if (options.keep) {
  sayWhere(platform);
  await stopped;
} else await platform.remove();
process.exit(narrator.broken.length === 0 ? 0 : 1);

async function tell(running: PlatformProcess, told: Narrator): Promise<void> {
  try {
    told.chapter("A platform, and who listens");
    told.facts("address", [running.url]);
    told.facts("database", [
      `PostgreSQL of its own, process ${postmaster(running.dataDir)?.pid}, started and seeded in ${Date.now() - started} ms`,
    ]);
    const stage = await setStage(running);
    told.facts("MY, CN", ["watch by WebSocket: GET /v1/live, subprotocol suar.v1"]);
    told.facts("TH", [`receives webhooks at ${stage.th.url}`]);
    const times = [
      ...(await tellMispEvent(stage, told)),
      ...(await tellIndicatorTable(stage, told)),
      ...(await tellIncidentReport(stage, told)),
      ...(await tellAdvisory(stage, told)),
      ...(await tellAlert(stage, told)),
    ];
    await tellDrill(stage, told);
    showTimes(told, times);
    await stage.close();
  } catch (error) {
    // Whoever interrupts the story breaks no promise of it; stopping ends this process.
    if (interrupted) await stopped;
    told.promise(
      "The story was told to its end",
      false,
      error instanceof Error ? error.message : String(error),
    );
    if (running.log() !== "") print(`\nWhat the platform logged:\n${running.log().slice(-4_000)}`);
  }
}

function showTimes(told: Narrator, times: readonly Timing[]): void {
  told.chapter("From submission to delivery");
  for (const how of ["WebSocket", "webhook"] as const) {
    const ms = times
      .filter((time) => time.how === how)
      .map((time) => time.ms)
      .sort((a, b) => a - b);
    const [fastest, median, slowest] = [ms[0], ms[Math.floor(ms.length / 2)], ms.at(-1)];
    told.facts(how, [
      `${ms.length} deliveries: ${fastest} ms at best, ${median} ms in the middle, ${slowest} ms at worst`,
    ]);
  }
}

function sumUp(told: Narrator, since: number): void {
  const seconds = ((Date.now() - since) / 1000).toFixed(1);
  print(`\n${emphasis(`${told.kept} promises kept, ${told.broken.length} broken`)}, in ${seconds} seconds.`);
  for (const promise of told.broken) print(`  broken: ${promise}`);
}

function sayWhere(running: PlatformProcess): void {
  print(`
The platform goes on running, with all of this in it.

Address    ${running.url}
API docs   ${running.url}/docs
Keys       ${running.dataDir}/bootstrap.json
Data       ${running.dataDir}

Ctrl-C stops it and keeps the data. To start it again: SUAR_DATA_DIR=${running.dataDir} npm start`);
}

/** Ctrl-C and SIGTERM stop the platform in its own orderly way; without --keep its data go with it. */
async function stopOnSignal(begun: Promise<PlatformProcess>, keep: boolean): Promise<void> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  interrupted = true;
  // One that is just being started is waited for: nothing of it may stay behind.
  const running = await begun;
  // Ctrl-C in a terminal reached the platform, too: it stops once, however often it is told.
  await Promise.race([keep ? running.stop() : running.remove(), sleep(8_000)]);
  if (!keep) process.exit(signal === "SIGINT" ? 130 : 143);
  print("\nStopped.");
}
