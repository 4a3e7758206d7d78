import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Caller, caller, until } from "../support/api.ts";
import { type FileServer, startFileServer } from "../support/file-server.ts";
import { type HostileServer, startHostileServer } from "../support/hostile-server.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { freshHost, itemWith } from "./scene.ts";

vi.setConfig({ testTimeout: 300_000 });

const WAIT_MS = 1_000;
/** What a pull takes at most, ended by itself or cut off, with a machine that is busy; and the turns of those before it. */
const LONGEST_MS = 240_000;
const MAILS = 100_000;

let platform: PlatformProcess;
let hostile: HostileServer;
let honest: FileServer;
let root: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "suar hostile "));
  mkdirSync(join(root, "MY", "inbox"), { recursive: true });
  hostile = await startHostileServer();
  honest = await startFileServer();
  const env = {
    SUAR_MAILBOX_DIR: root,
    SUAR_SOURCE_TIMEOUT_MS: String(WAIT_MS),
    SUAR_SUBMISSION_LIMIT: String(8 * 1024 * 1024),
    SUAR_DOCUMENT_LIMIT: String(8 * 1024 * 1024),
  };
  platform = await startPlatform({ env });
});
afterAll(async () => {
  await platform.remove();
  await hostile.close();
  await honest.close();
  rmSync(root, { recursive: true, force: true });
});

const as = (member: string): Caller => caller(platform.url, platform.key(member));
const make = async (by: Caller, more: object): Promise<any> => {
  const { status, body, text } = await by.post("/v1/sources", { tlp: "green", ...more });
  expect(status, text).toBe(201);
  return body;
};
const shown = async (by: Caller, id: string): Promise<any> => (await by.get(`/v1/sources/${id}`)).body;

/** What somebody else's source does meanwhile: it brings what is new within seconds. */
async function bringsNews(by: Caller, id: string): Promise<number> {
  const host = freshHost("honest");
  const before = await shown(by, id);
  honest.files.set("/list.csv", `value\n${host}\n`);
  const began = performance.now();
  await by.post(`/v1/sources/${id}/pull`);
  await until(60_000, "an honest source's news", async () =>
    (await shown(by, id)).objects > before.objects ? true : undefined,
  );
  const took = performance.now() - began;
  await itemWith(by, host);
  return took;
}

const FILES: [string, string][] = [
  ["/silent", "too-slow"],
  ["/endless", "too-large"],
  ["/drip", "too-slow"],
  ["/drip-headers", "too-slow"],
  ["/early-hints", "too-slow"],
  ["/many-headers", "too-large"],
  ["/round", "redirected"],
  ["/drip-round", "redirected"],
  ["/private", "address-refused"],
  ["/metadata", "address-refused"],
  ["/six", "address-refused"],
  ["/scheme", "redirected"],
  ["/gopher", "redirected"],
  ["/bomb", "too-large"],
  ["/codings", "unreachable"],
  ["/too-long", "unreachable"],
  ["/too-short", "malformed-json"],
];
const FEEDS: [string, string][] = [
  ["/endless", "too-large"],
  ["/drip", "too-slow"],
  ["/bomb", "too-large"],
  ["/private", "address-refused"],
];
const COLLECTIONS: [string, string][] = [
  ["/empty-pages/", "endless"],
  ["/circle/", "endless"],
  ["/drip/", "too-slow"],
  ["/silent/", "too-slow"],
];

test("servers that mean harm are each stopped in time, with what is wrong, and hold up nobody else", async () => {
  const other = as("LA");
  honest.files.set("/list.csv", "value\nhonest.example\n");
  const { id: honestId } = await make(other, { kind: "url", url: `${honest.url}/list.csv` });
  const harms = [
    ...FILES.map(([path, code]) => ({ kind: "url", path, code })),
    ...FEEDS.map(([path, code]) => ({ kind: "misp", path, code })),
    ...COLLECTIONS.map(([path, code]) => ({ kind: "taxii", path, code })),
  ];
  const made: { owner: Caller; id: string; what: string; code: string }[] = [];
  for (const [n, { kind, path, code }] of harms.entries()) {
    const owner = as(["KH", "TH", "MM"][n % 3] ?? "");
    const { id } = await make(owner, { kind, url: `${hostile.url}${path}` });
    made.push({ owner, id, what: `${kind} ${path}`, code });
  }
  const endless = await make(as("KH"), { kind: "taxii", url: `${hostile.url}/without-end/` });
  const codes = new Map<string, string>();
  let slowest = 0;
  await until(LONGEST_MS, "each to be stopped", async () => {
    slowest = Math.max(slowest, await bringsNews(other, honestId));
    for (const { owner, id, what } of made) {
      const { problem } = await shown(owner, id);
      if (problem !== null && !codes.has(what)) codes.set(what, problem.code);
    }
    return codes.size === made.length ? true : undefined;
  }).catch((error: unknown) => {
    const missing = made.filter(({ what }) => !codes.has(what)).map(({ what }) => what);
    throw new Error(`never stopped: ${missing.join(", ")}`, { cause: error });
  });
  expect(Object.fromEntries(codes)).toEqual(Object.fromEntries(made.map(({ what, code }) => [what, code])));
  console.log(`hostile-sources: an honest source took ${Math.round(slowest)} ms at most`);
  // What always has something new is no fault: it is pulled by turns, and the rest of its owner's are, too.
  expect(await shown(as("KH"), endless.id)).toMatchObject({ state: "active", problem: null });
  for (const { owner, id } of [...made, { owner: as("KH"), id: endless.id }])
    await owner.send("DELETE", `/v1/sources/${id}`);
});

test("of an organisation's sources two are pulled at a time, so that silent servers take no more workers", async () => {
  const [owner, other] = [as("BN"), as("PH")];
  honest.files.set("/list.csv", "value\nhonest.example\n");
  const { id: honestId } = await make(other, { kind: "url", url: `${honest.url}/list.csv` });
  await until(60_000, "nobody else's pulls", async () => (hostile.open() === 0 ? true : undefined));
  const made: any[] = [];
  for (let n = 0; n < 12; n++) made.push(await make(owner, { kind: "url", url: `${hostile.url}/drip?${n}` }));
  const opened: number[] = [];
  const looking = setInterval(() => opened.push(hostile.open()), 20);
  await until(60_000, "two that are pulled", async () => (hostile.open() === 2 ? true : undefined));
  for (let n = 0; n < 3; n++) await bringsNews(other, honestId);
  clearInterval(looking);
  expect(Math.max(...opened)).toBe(2);
  for (const { id } of made) await owner.send("DELETE", `/v1/sources/${id}`);
});

test("tags that change with each answer bring nothing that is not new", async () => {
  const owner = as("VN");
  let asked = 0;
  honest.answer(({ url }, response) => {
    if (url !== "/restless.csv") return false;
    asked += 1;
    response.writeHead(200, { "content-type": "text/csv", etag: `"${asked}"`, "last-modified": "never" });
    response.end("value\nrestless.example\n");
    return true;
  });
  const { id } = await make(owner, { kind: "url", url: `${honest.url}/restless.csv` });
  for (let n = 1; n <= 5; n++) {
    await until(30_000, `answer ${n}`, async () => {
      const { lastSuccessAt } = await shown(owner, id);
      return asked >= n && lastSuccessAt !== null ? true : undefined;
    });
    await owner.post(`/v1/sources/${id}/pull`);
  }
  expect(await shown(owner, id)).toMatchObject({ objects: 1, problem: null });
});

test(`${MAILS} files in a folder are taken by and by, and hold up nobody else`, async () => {
  const [owner, other] = [as("MY"), as("SG")];
  for (let n = 0; n < MAILS; n++) writeFileSync(join(root, "MY", "inbox", `${n}.eml`), "");
  honest.files.set("/list.csv", "value\nhonest.example\n");
  const { id: honestId } = await make(other, { kind: "url", url: `${honest.url}/list.csv` });
  const { id } = await make(owner, { kind: "mailbox", folder: "inbox" });
  const first = await until(120_000, "the first files to be put away", async () => {
    await bringsNews(other, honestId);
    const { leftOut } = await shown(owner, id);
    return leftOut > 0 ? leftOut : undefined;
  });
  await until(120_000, "more of them", async () => {
    await bringsNews(other, honestId);
    return (await shown(owner, id)).leftOut > first + 500 ? true : undefined;
  });
  expect(await shown(owner, id)).toMatchObject({ state: "active", problem: null });
  expect((await owner.send("DELETE", `/v1/sources/${id}`)).status).toBe(204);
});
