import { afterEach, beforeEach, expect, test } from "vitest";
import { answers, at, closeFixture, id, openFixture, problem, suar } from "../../testing/command-fixture.ts";

beforeEach(openFixture);
afterEach(closeFixture);

const object = `indicator--${id}`;
const recall = {
  id,
  producer: "VN",
  objects: [object],
  withdrawnAt: at,
  dueAt: at,
  state: "open",
  acknowledgedAt: null,
};

test("shows receipts of all pages, one line for each receiver", async () => {
  const receipt = (seq: number, receivers: object[]) => ({
    seq,
    at,
    kind: "released",
    object,
    version: at,
    receivers,
  });
  const delivered = [{ channel: "webhook", first: at, last: at }];
  const takenAway = { at, toldAt: null, why: ["class-not-allowed", "expired"] };
  answers[`GET /v1/objects/${object}/receipts`] = (_body, url) => ({
    status: 200,
    body: url.searchParams.has("after")
      ? { items: [receipt(3, [{ organisation: "TH", delivered: [], acknowledgedAt: null, takenAway }])] }
      : {
          items: [receipt(9, [{ organisation: "MY", delivered, acknowledgedAt: at, takenAway: null }])],
          next: "9",
        },
  });
  const shown = await suar(["receipts", object]);
  expect(shown.code).toBe(0);
  const lines = shown.stdout.trim().split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^9 .*MY .*webhook 2027-01-01T00:00:00 .*2027-01-01T00:00:00/);
  expect(lines[2]).toMatch(/^3 .*TH .*not yet .*2027-01-01T00:00:00 class-not-allowed, expired +not told/);
});

test("says that there are no receipts of what is another's", async () => {
  answers[`GET /v1/objects/${object}/receipts`] = problem(404, "not-found");
  expect(await suar(["receipts", object])).toMatchObject({ code: expect.any(Number), stdout: "" });
  expect((await suar(["receipts", object])).code).not.toBe(0);
});

test("lists recalls by state, and refuses a state that there is none of", async () => {
  answers["GET /v1/recalls"] = (_body, url) => ({
    status: 200,
    body: { items: url.searchParams.get("state") === "open" ? [recall] : [] },
  });
  expect((await suar(["recalls", "--state", "open"])).stdout).toContain(object);
  expect((await suar(["recalls", "--state", "closed"])).code).toBe(2);
});

test("acknowledges several, and shows one's receivers", async () => {
  answers[`POST /v1/recalls/${id}/acknowledgement`] = {
    status: 200,
    body: { ...recall, state: "acknowledged", acknowledgedAt: at },
  };
  expect((await suar(["recalls", "ack", id])).stdout).toContain(`${id} acknowledged at ${at}`);
  const receivers = [{ organisation: "MY", state: "overdue", reminders: [at], acknowledgedAt: null }];
  answers[`GET /v1/recalls/${id}`] = { status: 200, body: { ...recall, state: "overdue", receivers } };
  expect((await suar(["recalls", "show", id])).stdout).toMatch(/MY +overdue +2027-01-01T00:00:00Z +-/);
});

test("withdraws with a deadline, and tells the recall", async () => {
  let sent = "";
  answers[`POST /v1/objects/${object}/withdraw`] = (body) => {
    sent = body;
    return { status: 200, body: { id: object, withdrawnAt: at, versions: 1, recall: id } };
  };
  const done = await suar(["withdraw", object, "--within", "60", "--reason", "wrong"]);
  expect(done.stdout).toContain(`recall ${id}`);
  expect(JSON.parse(sent)).toEqual({ reason: "wrong", acknowledgeWithin: 60 });
  expect((await suar(["withdraw", object, "--within", "5"])).code).toBe(2);
});
