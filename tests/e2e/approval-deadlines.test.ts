import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, caller, until, wholeLog } from "../support/api.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { startReceiver } from "../support/receiver.ts";
import { agree, approvalOf, askFor, codeOf, incidentOf, secondOfficer } from "./approval-scene.ts";

// Policies wait for an hour at least: here the rows are moved back in time.
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

async function elapse(id: string, hours: number): Promise<void> {
  await db.query(
    "UPDATE live.pending_release SET asked_at = asked_at - $2 * interval '1 hour', deadline = deadline - $2 * interval '1 hour' WHERE id = $1",
    [id, hours],
  );
}

/** Labels of the notices about a request, in the order of a member's log. */
async function noticesTo(member: string, id: string): Promise<string[]> {
  const log = await wholeLog(as(member), "&kinds=alert");
  return log.flatMap(({ object }) =>
    object.labels?.[0]?.startsWith("approval-") && object.content.includes(id) ? [object.labels[0]] : [],
  );
}

async function noticed(member: string, id: string, labels: readonly string[]): Promise<void> {
  let last: string[] = [];
  await until(30_000, `${labels} at ${member}`, async () => {
    last = await noticesTo(member, id);
    return last.length >= labels.length ? true : undefined;
  });
  expect(last).toEqual(labels);
}

/** Some sweeps pass. */
async function nothingMore(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 6_000));
}

test("those who are asked are told at once, at half of the time, and when it lapses; then nobody can agree any more", async () => {
  const receiver = await startReceiver();
  const hook = await as("SG").post("/v1/webhooks", { url: receiver.url, filter: { kinds: ["alert"] } });
  expect(hook.status, hook.text).toBe(201);
  const { id, object, submission } = await askFor(as("SG"), "CN", incidentOf("deadline-one"));
  await noticed("SG", id, ["approval-asked"]);
  await elapse(id, 2);
  await noticed("SG", id, ["approval-asked", "approval-reminder"]);
  const posted = await until(20_000, "the webhook", async () =>
    receiver.received.find(({ json }) => json.data.object.labels?.[0] === "approval-reminder"),
  );
  expect(posted.json.data.object.object_refs).toEqual([object.id]);
  await elapse(id, 2);
  await noticed("SG", id, ["approval-asked", "approval-reminder", "approval-lapsed"]);
  await nothingMore();
  expect(await noticesTo("SG", id)).toHaveLength(3);
  expect(codeOf(await agree(as("SG", "officer"), id))).toEqual([409, "conflict"]);
  expect((await approvalOf(as("SG"), id)).body).toMatchObject({ state: "lapsed", lapsed: "time-over" });
  const { body } = await as("SG").get(`/v1/submissions/${submission.id}`);
  expect(body.approvals).toMatchObject([{ state: "lapsed", lapsed: "time-over" }]);
  for (const member of ["CN", "MY"]) expect(await noticesTo(member, id)).toEqual([]);
  expect((await as("CN").get("/v1/search?q=deadline-one")).body.items).toEqual([]);
  const { rows } = await db.query(
    "SELECT actor FROM live.activity WHERE type = 'approval-lapsed.v1' AND subject = $1",
    [id],
  );
  expect(rows).toEqual([{ actor: "suar" }]);
  await receiver.close();
});

test("who has agreed is reminded no more: the other of four eyes is of the same office, which is", async () => {
  const energy = { labels: ["sector:energy"] };
  const { id } = await askFor(as("SG"), "CN", incidentOf("deadline-two", energy));
  await noticed("SG", id, ["approval-asked"]);
  expect((await agree(as("SG", "officer"), id)).body.state).toBe("pending");
  await elapse(id, 2);
  await noticed("SG", id, ["approval-asked", "approval-reminder"]);
  const officer = await secondOfficer(as("SG", "officer"), as("MY", "officer"), (key) =>
    caller(platform.url, key),
  );
  expect((await agree(officer, id)).body.state).toBe("approved");
  await noticed("SG", id, ["approval-asked", "approval-reminder", "approval-approved"]);
});

test("an approval and a lapse at the same moment come to one outcome", async () => {
  for (let n = 0; n < 3; n++) {
    const { id } = await askFor(as("SG"), "CN", incidentOf(`deadline-race-${n}`));
    await db.query(
      "UPDATE live.pending_release SET deadline = clock_timestamp() + interval '2 seconds' WHERE id = $1",
      [id],
    );
    const answer = await until(20_000, "an answer", async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_850 + n * 100));
      return await agree(as("SG", "officer"), id);
    });
    const [status, code] = codeOf(answer);
    expect(status === 200 || (status === 409 && code === "conflict"), answer.text).toBe(true);
    const end = await until(20_000, "the end", async () => {
      const { body } = await approvalOf(as("SG"), id);
      return body.state === "pending" ? undefined : body.state;
    });
    expect(end).toBe(status === 200 ? "approved" : "lapsed");
    const found = (await as("CN").get(`/v1/search?q=deadline-race-${n}`)).body.items;
    if (end === "lapsed") expect(found).toEqual([]);
  }
});

test("what came due while nobody worked is made up for, each once", async () => {
  const late = await askFor(as("SG"), "CN", incidentOf("deadline-three"));
  const half = await askFor(as("SG"), "CN", incidentOf("deadline-four"));
  for (const { id } of [late, half]) await noticed("SG", id, ["approval-asked"]);
  await platform.kill();
  await elapse(late.id, 5);
  await elapse(half.id, 3);
  await platform.restart();
  await noticed("SG", late.id, ["approval-asked", "approval-lapsed"]);
  await noticed("SG", half.id, ["approval-asked", "approval-reminder"]);
  await nothingMore();
  expect(await noticesTo("SG", late.id)).toHaveLength(2);
  expect(await noticesTo("SG", half.id)).toHaveLength(2);
});
