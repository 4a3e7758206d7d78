import { constants } from "node:os";
import { parseArgs } from "node:util";
import { postmaster } from "../support/embedded-postgres.ts";
import type { PlatformProcess } from "../support/platform.ts";
import { tellAdvisory } from "./chapters/advisory.ts";
import { tellAlert } from "./chapters/alert.ts";
import { tellDrill } from "./chapters/drill.ts";
import { tellIncidentReport } from "./chapters/incident-report.ts";
import { tellIndicatorTable } from "./chapters/indicator-table.ts";
import { tellMispEvent } from "./chapters/misp-event.ts";
import { showTimes } from "./deliveries.ts";
import { Narrator, print } from "./narrator.ts";
import { sayHowToGoOn, sayLogOf, sayWhatThisIs, sayWhere, sayWhereKept, sumUp } from "./outside-the-story.ts";
import { type OwnPlatform, startOwnPlatform } from "./own-platform.ts";
import { setStage } from "./stage.ts";

/**
 * `npm run demo`: Suar's main job, told and checked. A platform of its own, on a database of its own, is driven
 * from outside with the SDK, as any member would. Every promise that is printed is an assertion.
 */
const { values: options } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
let interrupted = false;
let told = false;

sayWhatThisIs();
const started = Date.now();
const stopped = stopOnSignal(); // before anything is there that could stay behind
const starting = startOwnPlatform();
const own = await orEnd(starting);
const narrator = new Narrator();
await tell(own.running);
told = true;
sumUp(narrator, started);
if (options.keep) {
  sayWhere(own.running);
  await stopped;
}
await own.remove();
sayHowToGoOn();
process.exit(exitCode());

async function tell(running: PlatformProcess): Promise<void> {
  try {
    narrator.chapter("A platform, and who listens");
    narrator.facts("address", [running.url]);
    narrator.facts("database", [
      `PostgreSQL of its own, process ${postmaster(running.dataDir)?.pid}, started and seeded in ${Date.now() - started} ms`,
    ]);
    const stage = await setStage(running);
    narrator.facts("MY, CN", ["watch by WebSocket: GET /v1/live, subprotocol suar.v1"]);
    narrator.facts("TH", [`receives webhooks at ${stage.th.url}`]);
    const times = [
      ...(await tellMispEvent(stage, narrator)),
      ...(await tellIndicatorTable(stage, narrator)),
      ...(await tellIncidentReport(stage, narrator)),
      ...(await tellAdvisory(stage, narrator)),
      ...(await tellAlert(stage, narrator)),
    ];
    await tellDrill(stage, narrator);
    showTimes(narrator, times);
    await stage.close();
  } catch (error) {
    // Whoever interrupts the story breaks no promise of it; stopping ends this process.
    if (interrupted) await stopped;
    narrator.promise(
      "The story was told to its end",
      false,
      error instanceof Error ? error.message : String(error),
    );
    sayLogOf(running);
  }
}

function exitCode(): number {
  return narrator.broken.length === 0 ? 0 : 1;
}

/** A platform that does not start ends it here, with what it said. */
async function orEnd(begun: Promise<OwnPlatform>): Promise<OwnPlatform> {
  try {
    const begunWell = await begun;
    if (interrupted) await stopped;
    return begunWell;
  } catch (error) {
    if (interrupted) await stopped;
    print(`\nThe platform did not start: ${(error as Error).message}`);
    process.exit(1);
  }
}

/** Ctrl-C and SIGTERM end the story and all that it ran on; with --keep the data stay. */
async function stopOnSignal(): Promise<never> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  interrupted = true;
  // One that is just being started is waited for: nothing of it may stay behind. One that failed left nothing.
  const begun = await starting.catch(() => undefined);
  if (options.keep && begun !== undefined) {
    await begun.stop();
    sayWhereKept(begun.running);
  } else await begun?.remove();
  process.exit(options.keep && told ? exitCode() : 128 + constants.signals[signal]);
}
