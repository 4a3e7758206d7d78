import { SuarError } from "@suar/client";
import { hooksAt, showDeliveries, type Timing, timesAt } from "../deliveries.ts";
import { emphasis, type Narrator } from "../narrator.ts";
import { shortId } from "../report.ts";
import { submitSample } from "../samples.ts";
import type { Stage } from "../stage.ts";

/** TLP:AMBER goes to those who are named, and to nobody else. */
export async function tellIndicatorTable(stage: Stage, narrator: Narrator): Promise<Timing[]> {
  narrator.chapter("A table of indicators, for Malaysia and Thailand alone");
  narrator.say(
    "A CSV says nothing of who may see it, so the analyst does: tlp=amber, to=MY,TH. Suar finds the columns by " +
      "their names, and values in whatever spelling: defanged, in capitals, an uncompressed IPv6 address.",
  );
  const options = { tlp: "amber", to: "MY,TH" };
  const { since, submission, ids } = await submitSample(stage, narrator, "botnet-controllers.csv", options);
  const my = await timesAt(stage.my, ids, since);
  const { times: th, hooks } = await hooksAt(stage, ids, since);
  showDeliveries(narrator, my, th);
  const { merged, rejected } = submission.counts;
  narrator.promise("The same address in two spellings became one indicator", merged === 1);
  narrator.promise("The line that holds no indicator was refused", rejected === 1);
  narrator.promise(
    "Every webhook to TH bears a good signature",
    hooks.length > 0 && hooks.every(stage.isGenuine),
  );
  await compareWithChina(stage, narrator, ids);
  return [...my, ...th];
}

/** What the table released, against all that China got or can get at. */
async function compareWithChina(stage: Stage, narrator: Narrator, ids: readonly string[]): Promise<void> {
  narrator.say(
    "And CN? We wait until the log has passed CN's reader, so that what has not come by then never will. " +
      "Then we hold every object of the table against everything that CN received, and ask for it by every other way.",
  );
  const ofTable = stage.my.arrivals.filter(({ item }) => ids.includes(item.object.id));
  await stage.cn.waitUntilPassed(Math.max(...ofTable.map(({ item }) => item.seq)));
  const live = new Set(stage.cn.arrivals.map(({ item }) => item.object.id));
  const cn = stage.as("CN", "subscriber");
  const pulled = new Set<string>();
  for await (const { object } of cn.log.items()) pulled.add(object.id);
  const rows = await Promise.all(
    ids.map(async (id) => ({
      id,
      live: live.has(id),
      log: pulled.has(id),
      object: await canRead(() => cn.objects.get(id)),
    })),
  );
  narrator.facts("CN has", [
    "object                  live   log    by id",
    ...rows.map(
      (row) => `${shortId(row.id).padEnd(22)}  ${yes(row.live)}  ${yes(row.log)}  ${yes(row.object)}`,
    ),
  ]);
  const found = await cn.objects.search("198.51.100.14");
  narrator.promise(
    `Of the ${ids.length} objects of the table CN has none: not live, not in the log, not by id`,
    ids.length > 0 && rows.every((row) => !row.live && !row.log && !row.object),
  );
  narrator.promise("A search by CN for one of the addresses finds nothing", found.items.length === 0);
  const myFound = await stage.as("MY", "subscriber").objects.search("198.51.100[.]14");
  narrator.promise("The same search by MY finds it", myFound.items.length === 1);
  narrator.promise("CN did receive the GREEN event before: its line works", live.size > 0);
}

async function canRead(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    if (error instanceof SuarError && error.code === "not-found") return false;
    throw error;
  }
}

function yes(has: boolean): string {
  return has ? emphasis("YES  ") : "no   ";
}
