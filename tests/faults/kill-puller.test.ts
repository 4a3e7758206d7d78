import { afterAll, beforeAll, expect, test } from "vitest";
import { indicatorOf } from "../e2e/indicator-of.ts";
import { caller, until, waitForSubmission, wholeLog } from "../support/api.ts";
import { killPostmaster } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { startTaxiiServer, type TaxiiServer } from "../support/taxii-server.ts";

const OBJECTS = 240;
const PAGE = 10;
const KILLS = 3;
/** So slow that a kill meets a pull under way. */
const PAGE_MS = 120;

let platform: PlatformProcess;
let server: TaxiiServer;

beforeAll(async () => {
  server = await startTaxiiServer(PAGE);
  platform = await startPlatform();
});
afterAll(async () => {
  await platform.kill();
  killPostmaster(platform.dataDir);
  await platform.remove();
  await server.close();
});

const owner = () => caller(platform.url, platform.key("SG"));

test("a pull that is killed again and again loses nothing and doubles nothing", async () => {
  const objects = Array.from({ length: OBJECTS }, (_, n) => indicatorOf(`killed-${n}.example.com`));
  server.add(...objects);
  server.answer((request, response) => {
    if (!request.url?.includes("/objects/")) return false;
    const asked = server.asked.at(-1) as URLSearchParams;
    setTimeout(() => server.page(response, asked), PAGE_MS);
    return true;
  });
  const made = await owner().post("/v1/sources", { url: server.url, tlp: "green" });
  expect(made.status, made.text).toBe(201);
  const shown = async (): Promise<any> => (await owner().get(`/v1/sources/${made.body.id}`)).body;
  for (let kill = 1; kill <= KILLS; kill++) {
    await until(30_000, `the pull to be under way before kill ${kill}`, async () =>
      (await shown()).objects >= (kill * OBJECTS) / (KILLS + 2) ? true : undefined,
    );
    await platform.kill();
    await platform.restart();
  }
  const done = await until(60_000, "the pull's end", async () => {
    const source = await shown();
    return source.lastSuccessAt !== null && source.objects >= OBJECTS ? source : undefined;
  });
  expect(done).toMatchObject({ problem: null, leftOut: 0, addedUpTo: "2026-02-01T00:00:00.000239Z" });

  const { body } = await owner().get("/v1/submissions?limit=500");
  const submissions: any[] = [];
  for (const { id } of body.items) submissions.push((await waitForSubmission(owner(), id)).body);
  const sum = (count: string): number => submissions.reduce((total, { counts }) => total + counts[count], 0);
  expect(submissions.every(({ status }) => status === "done")).toBe(true);
  expect({ accepted: sum("accepted"), rejected: sum("rejected") }).toEqual({
    accepted: OBJECTS,
    rejected: 0,
  });
  const log = await wholeLog(caller(platform.url, platform.key("TH")));
  expect(log.map(({ object }) => object.id).toSorted()).toEqual(objects.map(({ id }) => id).toSorted());
  console.log(
    `kill-puller: ${OBJECTS} objects in ${submissions.length} submissions over ${KILLS} kills, ${server.asked.length} pages asked for, ${sum("unchanged")} objects a second time`,
  );
});

test("two workers of one source take turns: each page is asked for once", async () => {
  const before = server.asked.length;
  for (let n = 0; n < 5; n++) await owner().post(`/v1/sources/${(await first()).id}/pull`);
  await until(20_000, "a pull", async () => (server.asked.length > before ? true : undefined));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(server.asked.length - before).toBeLessThanOrEqual(6);
  expect((await first()).objects).toBe(OBJECTS);
});

async function first(): Promise<any> {
  return (await owner().get("/v1/sources")).body.items[0];
}
