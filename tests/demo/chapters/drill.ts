import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { SuarClient } from "@suar/client";
import type { Drill, DrillDelivery } from "@suar/contract";
import { until } from "../../support/api.ts";
import type { Narrator } from "../narrator.ts";
import { startReader } from "../reader.ts";
import type { Stage } from "../stage.ts";

const SCENARIO = readFileSync(new URL("../../../seeds/drills/first.yaml", import.meta.url), "utf8");
const SPEED = 60;
const PAUSE_MS = 600;
const LOOK_EVERY_MS = 250;
const QUIET_LOOKS = 3;
const LONGEST_RUN_MS = 60_000;

/** A drill replays timed submissions through the same machinery, in a realm of its own. */
export async function tellDrill(stage: Stage, narrator: Narrator): Promise<void> {
  narrator.chapter("A drill: the same road, sealed off");
  narrator.say(
    `A coordinator of SG plays seeds/drills/first.yaml at ${SPEED} times the speed: twelve minutes in twelve seconds. ` +
      "The run is a realm of its own: own schema, own roles, own log, own keys for the players.",
  );
  const { drills } = stage.as("SG", "coordinator");
  const before = (await stage.as("SG", "subscriber").log.page({ after: "latest" })).head;
  const liveBefore = stage.my.arrivals.length + stage.cn.arrivals.length + stage.th.received.length;
  const made = await drills.create(SCENARIO, SPEED);
  await drills.start(made.id);
  await pauseOnce(drills, made.id, narrator);
  const player = new SuarClient({ url: stage.platform.url, key: made.keys.CN?.subscriber });
  const cn = await startReader("CN", player, { after: 0 });
  const deliveries = await follow(drills, made, narrator);
  await cn.waitUntilPassed(Math.max(0, ...deliveries.map(({ seq }) => seq)));
  const run = await drills.get(made.id);
  narrator.promise(
    "Every inject of the scenario was played",
    run.injects.every(({ state }) => state === "fired"),
    run.injects.map(({ id, state }) => `${id} ${state}`).join(", "),
  );
  const forChina = deliveries.filter(({ receivedBy }) => receivedBy.includes("CN")).map(({ seq }) => seq);
  const atChina = cn.arrivals.map(({ item }) => item.seq);
  narrator.promise(
    `CN's player received its ${forChina.length} entries and no other`,
    forChina.length > 0 && forChina.join() === atChina.join(),
  );
  await compareWithLive(stage, narrator, deliveries, before, liveBefore);
  await cn.stop();
}

type Drills = SuarClient["drills"];

/** Pausing stops the clock, and with it everything that is to come. */
async function pauseOnce(drills: Drills, id: string, narrator: Narrator): Promise<void> {
  await until(15_000, "the first inject", async () =>
    (await drills.get(id)).injects.some(({ state }) => state === "fired") ? true : undefined,
  );
  const paused = await drills.pause(id);
  await sleep(PAUSE_MS);
  const still = await drills.get(id);
  narrator.facts("paused", [
    `at ${clockOf(paused.scenarioTime)} of the scenario; after ${PAUSE_MS} ms it is still ${clockOf(still.scenarioTime)}`,
  ]);
  narrator.promise(
    "Paused, the clock stands still",
    still.state === "paused" && still.scenarioTime === paused.scenarioTime,
  );
  await drills.resume(id);
}

/** Prints who received what and when, until the run has ended and nothing more comes of it. */
async function follow(
  drills: Drills,
  { id, participants }: Drill,
  narrator: Narrator,
): Promise<DrillDelivery[]> {
  const end = Date.now() + LONGEST_RUN_MS;
  let shown: DrillDelivery[] = [];
  let quiet = 0;
  narrator.facts("time", [line("from", "what", "who received it")]);
  // What the last inject sent may still be on its way when the clock ends.
  while (quiet < QUIET_LOOKS) {
    await sleep(LOOK_EVERY_MS);
    const { state } = await drills.get(id);
    const all = await Array.fromAsync(drills.deliveries(id));
    for (const group of alike(all.slice(shown.length)))
      narrator.facts(...describe(group, participants.length));
    quiet = state === "ended" && all.length === shown.length ? quiet + 1 : 0;
    shown = all;
    if (Date.now() > end) throw new Error(`the drill is still ${state}`);
  }
  return shown;
}

/** What one producer sent to the same receivers at one moment: a line of its own. */
function alike(deliveries: readonly DrillDelivery[]): DrillDelivery[][] {
  const groups = Map.groupBy(deliveries, ({ scenarioTime, producer, receivedBy }) =>
    [scenarioTime, producer, ...receivedBy].join(),
  );
  return [...groups.values()];
}

function describe(group: readonly DrillDelivery[], players: number): [string, string[]] {
  const [first] = group;
  const who = first?.receivedBy.length === players ? "every player" : first?.receivedBy.join(", ");
  const types = Map.groupBy(group, ({ object }) => object.split("--")[0] ?? object);
  const what = [...types].map(([type, ones]) => (ones.length === 1 ? type : `${ones.length} ${type}s`));
  return [clockOf(first?.scenarioTime ?? ""), [line(first?.producer ?? "", what.join(", "), who ?? "")]];
}

function line(from: string, what: string, who: string): string {
  return `${from.padEnd(6)}${what.padEnd(26)}  ${who}`;
}

/** `PT2M7.56S` as a clock shows it: `2:07`. */
function clockOf(duration: string): string {
  const [, hours = "0", minutes = "0", seconds = "0"] =
    /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(duration) ?? [];
  const whole = Math.floor(Number(seconds));
  return `${Number(hours) * 60 + Number(minutes)}:${String(whole).padStart(2, "0")}`;
}

async function compareWithLive(
  stage: Stage,
  narrator: Narrator,
  deliveries: readonly DrillDelivery[],
  before: number,
  liveBefore: number,
): Promise<void> {
  const sg = stage.as("SG", "subscriber");
  const after = (await sg.log.page({ after: "latest" })).head;
  const ids = new Set(deliveries.map(({ object }) => object));
  const live: string[] = [];
  for await (const { object } of sg.log.items()) if (ids.has(object.id)) live.push(object.id);
  const arrived = stage.my.arrivals.length + stage.cn.arrivals.length + stage.th.received.length - liveBefore;
  narrator.promise(
    `The drill made ${deliveries.length} entries, and the live log none: its head is still ${before}`,
    deliveries.length > 0 && after === before,
    `it is ${after}`,
  );
  narrator.promise(
    "No object of the drill is in the live log, and no live reader or webhook got anything",
    live.length === 0 && arrived === 0,
    `${live.length} objects, ${arrived} arrivals`,
  );
}
