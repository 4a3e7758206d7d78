import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, type Caller, caller } from "../support/api.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

const COMMAND = fileURLToPath(new URL("../../services/standalone/src/operator-key.ts", import.meta.url));

/** A platform that wrote no first keys: whoever has its data can still begin. */
let platform: PlatformProcess;

beforeAll(async () => {
  platform = await startPlatform({ env: { SUAR_BOOTSTRAP: "none" } });
});
afterAll(async () => await platform.remove());

async function operatorKey(): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, SUAR_DATA_DIR: platform.dataDir };
  return await promisify(execFile)(process.execPath, [COMMAND], { env });
}

type Issued = { id: string; key: string; organisation: string; waits: boolean };

/** Each test goes on where the one before it ended. */
let operator: Caller;
let first: Issued;
let second: Issued;

const as = ({ key }: Issued): Caller => caller(platform.url, key);
const newOfficer = async (organisation: string): Promise<Issued> => {
  const { status, body, text } = await operator.post("/v1/keys", {
    organisation,
    roles: ["officer"],
    label: "officer",
    days: 1,
  });
  expect(status, text).toBe(201);
  return body;
};
const revoke = async ({ id }: Issued): Promise<void> => {
  expect((await operator.send("DELETE", `/v1/keys/${id}`)).status).toBe(200);
};
const confirm = async (by: Issued, { id }: Issued): Promise<Answer> =>
  await as(by).post(`/v1/keys/${id}/confirm`);
const codeOf = async (answer: Promise<Answer>): Promise<string> => (await answer).body.code;

test("the operator's key is made beside the platform that serves", async () => {
  const { stdout, stderr } = await operatorKey();
  expect(stdout).toMatch(/^suar_[a-z0-9]{12}_\S+\n$/);
  expect(stderr).toContain("keys create");
  operator = caller(platform.url, stdout.trim());
  expect((await operator.get("/v1/whoami")).body.roles).toEqual(["operator"]);
});

test("of the officers it makes, even at one moment, only the very first does not wait, and makes the rest", async () => {
  const issued = await Promise.all(["SG", "TL", "MY", "TH"].map(newOfficer));
  const [good, ...others] = issued.toSorted((a, b) => Number(a.waits) - Number(b.waits));
  if (good === undefined || others[0] === undefined) throw new Error("nothing was issued");
  expect(good.waits).toBe(false);
  expect(others.map(({ waits }) => waits)).toEqual([true, true, true]);
  [first, second] = [good, others[0]];
  for (const other of others.slice(1)) await revoke(other);
  const analyst = await as(first).post("/v1/keys", { roles: ["analyst"], label: "first", days: 1 });
  expect(analyst.status, analyst.text).toBe(201);
  expect((await caller(platform.url, analyst.body.key).get("/v1/log")).status).toBe(200);
});

test("an officer of a member that never had one waits, too, and can neither do nor confirm anything", async () => {
  expect(await codeOf(as(second).get("/v1/whoami"))).toBe("key-waits");
  expect(await codeOf(as(second).post("/v1/keys", { roles: ["subscriber"], label: "x" }))).toBe("key-waits");
  expect(await codeOf(confirm(second, second))).toBe("key-waits");
  const confirmed = await confirm(first, second);
  expect(confirmed.body, confirmed.text).toMatchObject({ organisation: second.organisation, waits: false });
  expect((await as(second).get("/v1/log")).status).toBe(200);
});

test("members vouch for one another, and none for itself", async () => {
  const { body: spare } = await as(first).post("/v1/keys", { roles: ["officer"], label: "spare", days: 1 });
  // The API makes no key that waits beside one that is good.
  const db = await connectAs(platform.dataDir, "suar_core");
  await db.query("UPDATE core.machine_key SET waits = true WHERE id = $1", [spare.id]);
  await db.end();
  expect(await codeOf(confirm(first, spare))).toBe("not-found");
  expect((await confirm(second, spare)).status).toBe(200);
  await revoke(spare);
});

test("the operator becomes no officer by taking officers away", async () => {
  await revoke(first);
  const again = await newOfficer(first.organisation);
  expect(again.waits).toBe(true);
  expect(await codeOf(confirm(again, again))).toBe("key-waits");
  await revoke(second);
  const [other, third] = [await newOfficer(second.organisation), await newOfficer("VN")];
  for (const key of [other, third]) {
    expect(key.waits).toBe(true);
    expect(await codeOf(confirm(key, again))).toBe("key-waits");
  }
  expect(await codeOf(operator.post(`/v1/keys/${again.id}/confirm`))).toBe("forbidden");
});

test("nor by taking members away and back", async () => {
  expect((await operator.send("DELETE", `/v1/members/${first.organisation}`)).status).toBe(200);
  expect((await operator.post(`/v1/members/${first.organisation}/restore`)).status).toBe(200);
  expect((await newOfficer(first.organisation)).waits).toBe(true);
});

test("it is made without a platform that serves, too, and the platform starts again after", async () => {
  await platform.stop();
  const { stdout } = await operatorKey();
  await platform.restart();
  const { status, body } = await caller(platform.url, stdout.trim()).get("/v1/whoami");
  expect(status).toBe(200);
  expect(body.roles).toEqual(["operator"]);
});
