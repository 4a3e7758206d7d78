import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { caller, until, waitForSubmission, wholeLog } from "../support/api.ts";
import { killPostmaster } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { freshHost, itemWith, mentions } from "./scene.ts";

let platform: PlatformProcess;
let root: string;
let inbox: string;
let id: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "suar mail "));
  inbox = join(root, "MY", "inbox");
  mkdirSync(inbox, { recursive: true });
  platform = await startPlatform({ env: { SUAR_MAILBOX_DIR: root } });
});
afterAll(async () => {
  await platform.kill();
  killPostmaster(platform.dataDir);
  await platform.remove();
  rmSync(root, { recursive: true, force: true });
});

const owner = () => caller(platform.url, platform.key("MY"));
const reader = () => caller(platform.url, platform.key("TH"));
const make = async (more: object = {}, by = owner()) =>
  await by.post("/v1/sources", { kind: "mailbox", folder: "inbox", tlp: "green", ...more });
const shown = async (): Promise<any> => (await owner().get(`/v1/sources/${id}`)).body;
const drop = (name: string, content: string): void => {
  writeFileSync(join(inbox, `.${name}.part`), content);
  renameSync(join(inbox, `.${name}.part`), join(inbox, name));
};
const isIn = (...path: string[]) => existsSync(join(inbox, ...path));
/** Pulls again and again, until something is there: what was just dropped is let settle. */
const untilPulled = async (what: string, is: () => boolean): Promise<any> =>
  await until(60_000, what, async () => {
    if (is()) return await shown();
    await owner().post(`/v1/sources/${id}/pull`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    return undefined;
  });

function mailOf(host: string, subject = "TLP:GREEN phish"): string {
  return [
    "Received: from mail.example.org by mx.example.net; Thu, 01 Jan 2026 00:00:00 +0000",
    `Message-ID: <${host}@example.org>`,
    "From: Somebody <somebody@example.org>",
    "To: Analyst <analyst@example.net>",
    `Subject: ${subject}`,
    "Date: Thu, 01 Jan 2026 00:00:00 +0000",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "",
    `Sign in at http://${host}/account`,
    "",
  ].join("\r\n");
}

test("an organisation has the folders of its own alone, and each has one source", async () => {
  expect((await make({ folder: "../SG" })).body.code).toBe("bad-request");
  expect((await make({ url: "https://mail.example.com/" })).body.code).toBe("bad-request");
  const made = await make();
  expect(made.status, made.text).toBe(201);
  expect(made.body).toMatchObject({ kind: "mailbox", url: null, folder: "inbox", name: "inbox" });
  id = made.body.id;
  expect((await make()).body.code).toBe("conflict");
  const others = await make({}, caller(platform.url, platform.key("SG")));
  const failed = await until(40_000, "a problem", async () => {
    const { body } = await caller(platform.url, platform.key("SG")).get(`/v1/sources/${others.body.id}`);
    return body.problem ?? undefined;
  });
  expect(failed).toMatchObject({ code: "no-folder", detail: expect.stringContaining("SG/inbox") });
  expect(failed.detail).not.toContain(root);
});

test("what is dropped is submitted and moved to done, and is the same submission when it is dropped again", async () => {
  const host = freshHost("dropped");
  drop("one.eml", mailOf(host));
  const source = await untilPulled("one.eml to be done", () => isIn("done", "one.eml"));
  expect(isIn("one.eml")).toBe(false);
  expect(await itemWith(reader(), host)).toMatchObject({ producer: "MY", tlp: "green" });
  const { body } = await waitForSubmission(owner(), source.lastSubmission ?? (await shown()).lastSubmission);
  expect(body).toMatchObject({ format: "email", origin: { url: "mailbox:inbox/one.eml" } });
  drop("one.eml", mailOf(host));
  await untilPulled("the second one.eml to be done", () => isIn("done", "one.2.eml"));
  const again = await until(20_000, "the count", async () => {
    const one = await shown();
    return one.objects === 2 ? one : undefined;
  });
  expect(again).toMatchObject({ lastSubmission: body.id, leftOut: 0, problem: null });
});

test("what cannot be taken is moved to failed with its problem beside it, and stops nobody", async () => {
  const host = freshHost("dropped-after");
  drop("a-red.eml", mailOf(freshHost("dropped-red"), "TLP:RED for you"));
  drop("b-empty.eml", "");
  const secret = join(root, "secret.eml");
  writeFileSync(secret, mailOf(freshHost("dropped-secret")));
  symlinkSync(secret, join(inbox, "c-link.eml"));
  mkdirSync(join(inbox, "d-folder.eml"));
  drop("e-whole.eml", mailOf(host));
  await untilPulled("the last to be done", () => isIn("done", "e-whole.eml"));
  const problem = (name: string): any =>
    JSON.parse(readFileSync(join(inbox, "failed", `${name}.problem.json`), "utf8"));
  expect(problem("a-red.eml")).toMatchObject({ code: "red-needs-people", at: expect.any(String) });
  expect(problem("b-empty.eml").code).toBe("empty");
  expect(problem("c-link.eml").detail).toContain("links");
  expect(problem("d-folder.eml").detail).toContain("no plain file");
  expect(
    readdirSync(join(inbox, "failed"))
      .filter((name) => name.endsWith(".eml"))
      .sort(),
  ).toEqual(["a-red.eml", "b-empty.eml", "c-link.eml", "d-folder.eml"]);
  expect(existsSync(secret)).toBe(true);
  await itemWith(reader(), host);
  expect(mentions(await wholeLog(reader()), "dropped-secret")).toBe(false);
  expect(
    await until(20_000, "the count", async () => ((await shown()).leftOut === 4 ? await shown() : undefined)),
  ).toMatchObject({ problem: null });
});

test("kills between a submission and its move lose nothing and double nothing", async () => {
  const hosts = Array.from({ length: 12 }, () => freshHost("dropped-kill"));
  for (const [n, host] of hosts.entries()) drop(`kill-${String(n).padStart(2, "0")}.eml`, mailOf(host));
  await untilPulled("some to be done", () => isIn("done", "kill-01.eml"));
  await platform.kill();
  // As if the process had been killed before it moved them.
  for (const name of ["kill-00.eml", "kill-01.eml"]) renameSync(join(inbox, "done", name), join(inbox, name));
  await platform.restart();
  await untilPulled("all to be done", () => readdirSync(inbox).every((name) => !name.startsWith("kill-")));
  expect(readdirSync(join(inbox, "done")).filter((name) => name.startsWith("kill-"))).toHaveLength(12);
  for (const host of hosts) await itemWith(reader(), host);
  const { body } = await owner().get("/v1/submissions?limit=500");
  const urls = body.items.flatMap(({ origin }: any) => (origin?.url.includes("kill-") ? [origin.url] : []));
  expect(urls.sort()).toEqual(hosts.map((_, n) => `mailbox:inbox/kill-${String(n).padStart(2, "0")}.eml`));
});

test("a folder that is taken away is a problem, and no loss", async () => {
  const away = join(root, "MY", "away");
  renameSync(inbox, away);
  symlinkSync(away, inbox);
  const linked = await until(40_000, "a problem", async () => {
    await owner().post(`/v1/sources/${id}/pull`);
    return (await shown()).problem ?? undefined;
  });
  expect(linked).toMatchObject({ code: "no-folder", detail: expect.stringContaining("no plain folder") });
  rmSync(inbox);
  renameSync(away, inbox);
  const host = freshHost("dropped-back");
  drop("back.eml", mailOf(host));
  await untilPulled("back.eml to be done", () => isIn("done", "back.eml"));
  await itemWith(reader(), host);
});
