import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { answers, at, closeFixture, id, openFixture, problem, suar } from "../../testing/command-fixture.ts";

beforeAll(openFixture);
afterAll(closeFixture);
beforeEach(() => {
  for (const call of Object.keys(answers)) delete answers[call];
});

const item = {
  id,
  producer: "MY",
  receivedAt: at,
  objects: 1,
  state: "unread",
  unread: true,
  acknowledgedAt: null,
  withdrawnAt: null,
  withdrawalAcknowledgedAt: null,
};
const read = { ...item, state: "read", unread: false };
const withdrawn = { ...item, state: "withdrawn", withdrawnAt: at };
const known = { ...withdrawn, state: "withdrawal-acknowledged", withdrawalAcknowledgedAt: at };
const to = {
  person: id,
  organisation: "TH",
  title: null,
  objects: 1,
  open: false,
  reads: 1,
  readAt: [at],
  acknowledgedAt: null,
  withdrawalAcknowledgedAt: null as string | null,
};

test("the list shows states, and no content", async () => {
  answers["GET /v1/inbox"] = {
    status: 200,
    body: { items: [item, read, withdrawn, known] },
  };
  const { code, stdout, stderr } = await suar(["inbox", "list"]);
  const rows = stdout.trim().split("\n").slice(1);
  expect([code, ...rows.map((row) => row.split(/ {2,}/).at(-1))]).toEqual([
    0,
    "unread",
    "read",
    `withdrawn at ${at}, to be acknowledged`,
    `withdrawal acknowledged at ${at}`,
  ]);
  expect(stderr).toContain(`suar inbox ack --withdrawal ${id}`);
});

test("what is owed a word about is asked for by its state, and acknowledged by its name", async () => {
  const said: unknown[] = [];
  answers["GET /v1/inbox"] = (_body, url) => {
    said.push(url.searchParams.get("state"));
    return { status: 200, body: { items: [withdrawn] } };
  };
  answers[`POST /v1/inbox/${id}/acknowledgement`] = (body) => {
    said.push(JSON.parse(body || "null"));
    return { status: 200, body: known };
  };
  expect((await suar(["inbox", "list", "--state", "withdrawn"])).code).toBe(0);
  expect((await suar(["inbox", "list", "--state", "lost"])).code).toBe(2);
  const { code, stdout } = await suar(["inbox", "ack", "--withdrawal", id]);
  expect([code, stdout.trim()]).toEqual([0, `${id} withdrawal acknowledged at ${at}`]);
  await suar(["inbox", "ack", id]);
  expect(said).toEqual(["withdrawn", { withdrawal: true }, null]);
});

test("what is read cannot move the cursor", async () => {
  const object = { type: "note", id: `note--${id}`, content: "see\u001b[2J this" };
  answers[`GET /v1/inbox/${id}`] = { status: 200, body: { ...read, content: [object] } };
  const { code, stdout } = await suar(["inbox", "read", id]);
  expect(code).toBe(0);
  expect(stdout).toContain("TLP:RED, for you alone, from MY");
  expect(stdout).toContain("note  see");
  expect(stdout).not.toContain("\u001b");
});

test("what was sent shows who has read it when, and whose inbox is closed", async () => {
  answers["GET /v1/inbox/sent"] = {
    status: 200,
    body: {
      items: [
        { id, sentAt: at, withdrawnAt: null, changed: false, to: [to, { ...to, title: "Duty", open: true }] },
      ],
    },
  };
  const { stdout } = await suar(["inbox", "sent"]);
  const [, closed, open] = stdout.trim().split("\n");
  expect(closed).toMatch(/TH .* 1 .*2027.* closed$/);
  expect(open).toMatch(/Duty .* open$/);
});

test("what was taken back shows who knows it", async () => {
  const people = [to, { ...to, open: true }, { ...to, open: true, withdrawalAcknowledgedAt: at }];
  answers["GET /v1/inbox/sent"] = {
    status: 200,
    body: { items: [{ id, sentAt: at, withdrawnAt: at, changed: false, to: people }] },
  };
  const { stdout } = await suar(["inbox", "sent"]);
  const rows = stdout.trim().split("\n").slice(1);
  expect(rows.map((row) => row.split(/ {2,}/).at(-1))).toEqual([
    "withdrawn, closed",
    "withdrawn, not acknowledged",
    `withdrawal acknowledged at ${at}`,
  ]);
});

test("what somebody changed of what was sent is said, beside the others", async () => {
  const one = { id, sentAt: at, withdrawnAt: null, changed: true, to: [] };
  answers["GET /v1/inbox/sent"] = {
    status: 200,
    body: { items: [one, { ...one, changed: false, to: [to] }] },
  };
  const { stdout } = await suar(["inbox", "sent"]);
  const [, changed, other] = stdout.trim().split("\n");
  expect(changed).toMatch(/changed by somebody$/);
  expect(other).toMatch(/closed$/);
});

test("a machine key's refusal ends with the exit code of credentials", async () => {
  answers["GET /v1/inbox"] = problem(403, "forbidden");
  expect(await suar(["inbox", "list"])).toMatchObject({ code: 3, stdout: "" });
});

test("a dry run tells whose inbox it would be in, and what else comes of it", async () => {
  const counts = { records: 1, accepted: 1, merged: 0, unchanged: 0, rejected: 0 };
  const reason = "What you stated before is withdrawn";
  const taken = { index: 0, at: "/objects/0", outcome: "accepted", code: "taken-back", reason, ids: [] };
  answers["POST /v1/submissions"] = (_body, url) => ({
    status: url.searchParams.get("to") === `person:${id}` ? 200 : 500,
    body: {
      dryRun: true,
      format: "text",
      counts,
      records: [{ ...taken, objects: [] }],
      losses: [],
      warnings: [],
      recipients: [],
      waiting: [],
      decisions: [],
      decisionsInAll: 0,
      guide: [],
      people: [{ person: id, organisation: "TH", title: "Duty", objects: 2, redacted: 1 }],
      truncated: false,
    },
  });
  const line = ["submit", "-", "--tlp", "red", "--to", `person:${id}`, "--dry-run"];
  const { code, stdout, stderr } = await suar(line, undefined, "evil.example.com");
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("whose inbox it would be in");
  expect(stdout).toMatch(/TH +Duty +2 +1/);
  expect(stdout).toContain(`accepted /objects/0: ${reason}`);
});
