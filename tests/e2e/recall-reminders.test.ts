import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, caller, submitAndWait, until, wholeLog } from "../support/api.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { startReceiver } from "../support/receiver.ts";

// Deadlines are of a quarter of an hour at least: here their rows are moved back in time.
let platform: PlatformProcess;
let db: pg.Client;

beforeAll(async () => {
  platform = await startPlatform();
  db = await connectAs(platform.dataDir, "postgres");
});
afterAll(async () => {
  await db?.end();
  await platform?.remove();
});

const as = (member: string, role: "analyst" | "officer" = "analyst"): Caller =>
  caller(platform.url, platform.key(member, role));

/** Withdraws a host of SG's that such members had; the recall, and the id of what was taken back. */
async function recalled(host: string, to: readonly string[]): Promise<{ recall: string; object: string }> {
  await submitAndWait(as("SG"), `?tlp=amber%2Bstrict&to=${to.join()}`, `value\n${host}\n`, "text/csv");
  const found = await until(20_000, host, async () =>
    (await wholeLog(as("SG"))).find(({ object }) => object.name === host),
  );
  const { body } = await as("SG").post(`/v1/objects/${found.object.id}/withdraw`, { acknowledgeWithin: 60 });
  return { recall: body.recall, object: found.object.id };
}

async function elapse(recall: string, minutes: number): Promise<void> {
  await db.query(
    "UPDATE live.recall SET withdrawn_at = withdrawn_at - $2 * interval '1 minute', due_at = due_at - $2 * interval '1 minute' WHERE id = $1",
    [recall, minutes],
  );
}

async function remindersOf(member: string, recall: string): Promise<any[]> {
  const log = await wholeLog(as(member), "&kinds=alert");
  return log.filter(
    ({ object }) => object.labels?.includes("recall-reminder") && object.content.includes(recall),
  );
}

async function reminded(member: string, recall: string, times: number): Promise<any[]> {
  return await until(30_000, `${times} reminders to ${member}`, async () => {
    const all = await remindersOf(member, recall);
    return all.length >= times ? all : undefined;
  });
}

/** Two sweeps pass: there is one every two seconds. */
async function nothingMore(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5_000));
}

async function told(recall: string): Promise<Record<string, [state: string, reminders: number]>> {
  const { body } = await as("SG").get(`/v1/recalls/${recall}`);
  return Object.fromEntries(
    body.receivers.map(({ organisation, state, reminders }: any) => [
      organisation,
      [state, reminders.length],
    ]),
  );
}

test("a receiver is reminded at half of the time and at its end, by the ids that it knows, until it has acknowledged", async () => {
  const receiver = await startReceiver();
  const hook = await as("MY").post("/v1/webhooks", { url: receiver.url, filter: { kinds: ["alert"] } });
  expect(hook.status).toBe(201);
  const { recall, object } = await recalled("reminders-one.example.net", ["MY", "TH"]);
  await as("TH").post(`/v1/recalls/${recall}/acknowledgement`);
  await elapse(recall, 31);
  const [first] = await reminded("MY", recall, 1);
  expect(first).toMatchObject({ kind: "alert", tlp: "amber+strict", producer: "MY" });
  expect(first.object).toMatchObject({ type: "note", object_refs: [object] });
  expect(first.object.content).toContain("is to be acknowledged");
  const posted = await until(20_000, "the webhook", async () =>
    receiver.received.find(
      ({ json }) => json.type === "alert.raised" && json.data.object.id === first.object.id,
    ),
  );
  expect(posted.json.data.object.content).toContain(recall);
  expect(await told(recall)).toEqual({ MY: ["open", 1], TH: ["acknowledged", 0] });
  await elapse(recall, 30);
  const both = await reminded("MY", recall, 2);
  expect(both[1].object.content).toContain("was to be acknowledged");
  await nothingMore();
  expect(await remindersOf("MY", recall)).toHaveLength(2);
  // Nobody else is reminded, and nobody else reads it.
  for (const member of ["TH", "SG", "CN"]) expect(await remindersOf(member, recall)).toEqual([]);
  expect(await told(recall)).toEqual({ MY: ["overdue", 2], TH: ["acknowledged", 0] });
  expect((await as("MY").get(`/v1/recalls/${recall}`)).body.state).toBe("overdue");
  await as("MY", "officer").post(`/v1/recalls/${recall}/acknowledgement`);
  expect(await told(recall)).toEqual({ MY: ["acknowledged", 2], TH: ["acknowledged", 0] });
  await receiver.close();
});

test("nothing is expected of a member that was removed, until it is restored; then it is reminded once", async () => {
  const { recall } = await recalled("reminders-two.example.net", ["KH", "LA"]);
  const operator = caller(platform.url, platform.operator);
  const removed = await operator.send("DELETE", "/v1/members/KH");
  expect(removed.status, removed.text).toBeLessThan(300);
  await until(20_000, "the removal", async () =>
    (await told(recall)).KH?.[0] === "not-expected" ? true : undefined,
  );
  await elapse(recall, 61);
  await reminded("LA", recall, 1);
  await as("LA").post(`/v1/recalls/${recall}/acknowledgement`);
  expect((await as("SG").get(`/v1/recalls/${recall}`)).body.state).toBe("acknowledged");
  expect(await told(recall)).toEqual({ KH: ["not-expected", 0], LA: ["acknowledged", 1] });
  const { rows } = await db.query("SELECT FROM live.recall_reminder WHERE recall_id = $1", [recall]);
  expect(rows).toHaveLength(1);
  const restored = await operator.post("/v1/members/KH/restore");
  expect(restored.status, restored.text).toBeLessThan(300);
  await until(30_000, "the reminder", async () => {
    const now = await told(recall);
    return now.KH?.[0] === "overdue" && now.KH[1] === 1 ? true : undefined;
  });
});

test("reminders that were due while nobody worked are made up for, each once", async () => {
  const { recall } = await recalled("reminders-three.example.net", ["VN"]);
  await elapse(recall, 31);
  await platform.kill();
  await platform.restart();
  await reminded("VN", recall, 1);
  await nothingMore();
  expect(await remindersOf("VN", recall)).toHaveLength(1);
});
