import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, caller, until, waitForSubmission, wholeLog } from "../support/api.ts";
import { killPostmaster } from "../support/embedded-postgres.ts";
import { type FileServer, startFileServer } from "../support/file-server.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

/** More than a batch of events takes: a kill falls between batches, too. */
const EVENTS = 160;
const BROKEN = 5;
const ROWS = 4_000;
const KILLS = 4;
/** So slow that a kill meets a pull under way. */
const EVENT_MS = 25;
const ROWS_MS = 250;

let platform: PlatformProcess;
let server: FileServer;

beforeAll(async () => {
  server = await startFileServer();
  platform = await startPlatform();
});
afterAll(async () => {
  await platform.kill();
  killPostmaster(platform.dataDir);
  await platform.remove();
  await server.close();
});

const as = (member: string): Caller => caller(platform.url, platform.key(member));
const shown = async (by: Caller, id: string): Promise<any> => (await by.get(`/v1/sources/${id}`)).body;

async function killAndRestart(): Promise<void> {
  await platform.kill();
  await platform.restart();
}

/** What became of everything that an organisation's sources submitted. */
async function countsOf(by: Caller): Promise<{ submissions: any[]; accepted: number; rejected: number }> {
  const { body } = await by.get("/v1/submissions?limit=500");
  const submissions: any[] = [];
  for (const { id } of body.items) submissions.push((await waitForSubmission(by, id)).body);
  const sum = (count: string): number => submissions.reduce((total, { counts }) => total + counts[count], 0);
  expect(submissions.map(({ status }) => status)).toEqual(submissions.map(() => "done"));
  return { submissions, accepted: sum("accepted"), rejected: sum("rejected") };
}

test("a feed that is pulled while the process is killed again and again loses no event and brings none twice", async () => {
  const events = Array.from({ length: EVENTS }, (_, n) => ({ uuid: randomUUID(), n }));
  const entries = events.map(({ uuid, n }) => [uuid, { info: "seen", timestamp: String(1_000 + n) }]);
  server.files.set("/feed/manifest.json", JSON.stringify(Object.fromEntries(entries)));
  for (const { uuid, n } of events.slice(BROKEN)) server.files.set(`/feed/${uuid}.json`, eventOf(uuid, n));
  server.answer(({ url = "" }, response) => {
    const text = url.endsWith("manifest.json") ? undefined : server.files.get(url);
    if (text === undefined) return false;
    setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end(text), EVENT_MS);
    return true;
  });
  const made = await as("SG").post("/v1/sources", { kind: "misp", url: `${server.url}/feed`, tlp: "green" });
  expect(made.status, made.text).toBe(201);
  for (let kill = 1; kill <= KILLS; kill++) {
    const asked = server.asked.length;
    await until(60_000, `events to be asked for before kill ${kill}`, async () =>
      server.asked.length > asked + 10 * kill ? true : undefined,
    );
    await killAndRestart();
  }
  const done = await until(60_000, "the feed's end", async () => {
    const source = await shown(as("SG"), made.body.id);
    return source.lastSuccessAt !== null && source.objects >= EVENTS ? source : undefined;
  });
  expect(done).toMatchObject({ objects: EVENTS, leftOut: BROKEN, untaken: BROKEN, problem: null });
  expect(done.troubles.map(({ event, code }: any) => `${event} ${code}`).toSorted()).toEqual(
    events
      .slice(0, BROKEN)
      .map(({ uuid }) => `${uuid} not-found`)
      .toSorted(),
  );
  const { submissions } = await countsOf(as("SG"));
  const log = await wholeLog(as("TH"));
  const hosts = log.flatMap(({ object }) => /feed-\d+\.example/.exec(object?.pattern ?? "") ?? []);
  expect(hosts.toSorted()).toEqual(
    events
      .slice(BROKEN)
      .map(({ n }) => `feed-${n}.example`)
      .toSorted(),
  );
  console.log(
    `kill-feed-puller: ${EVENTS} events in ${submissions.length} submissions over ${KILLS} kills, ${server.asked.length} answers`,
  );
});

test("a file that is pulled while the process is killed again and again is submitted whole, and once", async () => {
  const rows = Array.from({ length: ROWS }, (_, n) => `file-${n}.example\n`);
  let asked = 0;
  server.answer((_request, response) => {
    asked += 1;
    response.writeHead(200, { "content-type": "text/csv", etag: '"whole"' }).write("value\n");
    let at = 0;
    const writing = setInterval(() => {
      response.write(rows.slice(at, at + ROWS / 8).join(""));
      at += ROWS / 8;
      if (at >= ROWS) response.end();
      if (at >= ROWS || response.destroyed) clearInterval(writing);
    }, ROWS_MS / 2);
    return true;
  });
  const made = await as("VN").post("/v1/sources", {
    kind: "url",
    url: `${server.url}/list.csv`,
    tlp: "green",
  });
  expect(made.status, made.text).toBe(201);
  for (let kill = 1; kill <= KILLS; kill++) {
    await until(60_000, `the file to be asked for before kill ${kill}`, async () =>
      asked >= kill ? true : undefined,
    );
    // At another point each time: as it comes, at its end, and while its submission is kept.
    await new Promise((resolve) => setTimeout(resolve, (kill * 5 * ROWS_MS) / KILLS));
    await killAndRestart();
  }
  const done = await until(60_000, "the file's end", async () => {
    const source = await shown(as("VN"), made.body.id);
    return source.lastSuccessAt === null ? undefined : source;
  });
  expect(done).toMatchObject({ objects: 1, problem: null });
  const { submissions, accepted, rejected } = await countsOf(as("VN"));
  expect({ submissions: submissions.length, accepted, rejected }).toEqual({
    submissions: 1,
    accepted: ROWS,
    rejected: 0,
  });
  console.log(`kill-feed-puller: a file asked for ${asked} times over ${KILLS} kills`);
});

function eventOf(uuid: string, n: number): string {
  const attribute = {
    uuid: uuid.replace(/^.{8}/, "aaaaaaaa"),
    type: "domain",
    category: "Network activity",
    to_ids: true,
    value: `feed-${n}.example`,
    timestamp: String(1_000 + n),
  };
  const about = { uuid, info: "seen", date: "2026-01-01", analysis: 2, threat_level_id: 3 };
  return JSON.stringify({ Event: { ...about, timestamp: String(1_000 + n), Attribute: [attribute] } });
}
