import { connect } from "node:net";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { caller, submitAndWait, until } from "../support/api.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

/** More than lies in the sockets between the platform and whoever reads nothing. */
const HOSTS = 20_000;
const LONGEST_LABEL = 60;

let platform: PlatformProcess;
let admin: pg.Client;

beforeAll(async () => {
  platform = await startPlatform();
  admin = await connectAs(platform.dataDir, "postgres");
  const hosts = Array.from(
    { length: HOSTS },
    (_, n) => `${`h${n}`.padEnd(LONGEST_LABEL, "x")}.big.example.net,domain`,
  );
  const table = ["value,type", ...hosts].join("\n");
  const { body } = await submitAndWait(
    caller(platform.url, platform.key("VN")),
    "?tlp=amber&to=MY",
    table,
    "text/csv",
  );
  expect(body.counts).toMatchObject({ rejected: 0 });
});
afterAll(async () => {
  await admin?.end();
  await platform?.remove();
});

/** Connections of the reading role that are in a transaction. */
async function reading(): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'app_read_live' AND state <> 'idle'",
  );
  return rows[0]?.n ?? -1;
}

test("an export of many comes whole, each value once", async () => {
  const api = caller(platform.url, platform.key("MY"));
  await until(120_000, "the last of them in the log", async () => {
    const { body } = await api.get("/v1/log?after=0&limit=1");
    const [, seq] = String((await api.get(`/v1/log?after=${body.next}&limit=1`)).body.next).split(".");
    return body.head >= HOSTS && seq !== undefined ? true : undefined;
  });
  const { text } = await api.get("/v1/export/list-domain");
  const values = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(values).toHaveLength(HOSTS);
  expect(new Set(values).size).toBe(HOSTS);
  expect(text).toContain(`\n# ${HOSTS} indicators, `);
});

test("exports take three reading connections at once, and leave the others", async () => {
  const api = caller(platform.url, platform.key("MY"));
  let isOver = false;
  const heads = Array.from(
    { length: 4 },
    async () => (await api.send("HEAD", "/v1/export/list-domain")).status,
  );
  const all = Promise.all(heads).finally(() => {
    isOver = true;
  });
  const seen: number[] = [];
  while (!isOver) seen.push(await reading());
  expect(await all).toEqual([200, 200, 200, 200]);
  expect(Math.max(...seen)).toBe(3);
});

test("whoever reads nothing holds no transaction, and others read meanwhile", async () => {
  const { hostname, port } = new URL(platform.url);
  const sockets = Array.from({ length: 3 }, () => {
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET /v1/export/stix HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${platform.key("MY")}\r\n\r\n`,
    );
    return socket;
  });
  // Once it has begun to answer, nothing more is taken.
  await Promise.all(
    sockets.map(async (socket) => {
      await new Promise((resolve) => socket.once("readable", resolve));
      expect(String(socket.read(12))).toBe("HTTP/1.1 200");
      socket.pause();
    }),
  );
  // What fits in between is written first.
  let quiet = 0;
  await until(60_000, "all of them waiting for their readers", async () => {
    quiet = (await reading()) === 0 ? quiet + 1 : 0;
    return quiet >= 10 ? true : undefined;
  });
  const { status } = await caller(platform.url, platform.key("MY", "subscriber")).get("/v1/export/list-ipv4");
  expect(status).toBe(200);
  for (const socket of sockets) {
    const rest = new Promise((resolve) => socket.once("close", resolve));
    socket.destroy();
    await rest;
  }
});
