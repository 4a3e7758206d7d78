import { afterEach, beforeEach, expect, test } from "vitest";
import { answers, at, closeFixture, id, openFixture, problem, suar } from "../../testing/command-fixture.ts";

beforeEach(openFixture);
afterEach(closeFixture);

const later = "00000000-0000-4000-8000-0000000000aa";
const object = `incident--${id}`;
const approval = {
  id,
  state: "pending",
  producer: "SG",
  object: { id: object, type: "incident", version: at },
  organisations: ["CN"],
  asked: [{ approver: "SG:officer", needed: 2, given: 1 }],
  fourEyes: true,
  reasons: [
    {
      code: "approval-needed",
      rule: "pairs/SG-CN.json@1#incidents-by-approval",
      source: "Suar house rule",
      guide: "guide:victim-notification",
      paths: [],
    },
  ],
  obligations: ["no-onward"],
  askedAt: at,
  deadline: at,
  approvals: [{ approver: "SG:officer", at, by: "person:1", word: null }],
  settledAt: null,
  refusal: null,
  lapsed: null,
  askedAnew: [],
};
const document = {
  ...approval,
  original: { type: "incident", id: object, description: "whole" },
  copies: [
    { organisations: ["CN"], object: { type: "incident", id: `incident--${later}`, description: "less" } },
  ],
  isOutdated: false,
  etag: "0123456789abcdef",
};

test("lists what waits unless told otherwise, and refuses a state that there is none of", async () => {
  const asked: (string | null)[] = [];
  answers["GET /v1/approvals"] = (_body, url) => {
    asked.push(url.searchParams.get("state"));
    return { status: 200, body: { items: [approval] } };
  };
  expect((await suar(["approvals", "list"])).stdout).toMatch(/pending +SG +CN +incident--.*SG:officer 1\/2/);
  await suar(["approvals", "list", "--state", "all"]);
  expect(asked).toEqual(["pending", null]);
  expect((await suar(["approvals", "list", "--state", "open"])).code).toBe(2);
});

test("shows the rule, the copy and the original, and how to agree to this and nothing else", async () => {
  answers[`GET /v1/approvals/${id}`] = { status: 200, body: document };
  const shown = await suar(["approvals", "show", id]);
  for (const part of [
    "incidents-by-approval",
    "guide:victim-notification",
    "no-onward",
    "less",
    "whole",
    "1 of 2",
  ])
    expect(shown.stdout).toContain(part);
  expect(shown.stdout).toContain("tag of all this: 0123456789abcdef");
});

test("agrees under the tag that was seen", async () => {
  const path = `POST /v1/approvals/${id}/approval`;
  answers[path] = { status: 200, body: { ...approval, state: "approved" } };
  const done = await suar(["approvals", "approve", id, "--seen", "0123456789abcdef"]);
  expect(done).toMatchObject({ code: 0 });
  expect(done.stdout).toContain("approved");
  answers[path] = problem(412, "edited-meanwhile");
  expect((await suar(["approvals", "approve", id, "--seen", "x"])).code).toBe(5);
  expect((await suar(["approvals", "approve", id])).code).toBe(2);
});

test("ends as refused where it is asked anew, and tells what to look at", async () => {
  const body = { ...approval, state: "lapsed", lapsed: "decided-anew", askedAnew: [later] };
  answers[`POST /v1/approvals/${id}/approval`] = { status: 200, body };
  const done = await suar(["approvals", "approve", id, "--seen", "0123456789abcdef"]);
  expect(done.code).toBe(5);
  expect(done.stdout).toContain(`decided-anew); asked anew: ${later}`);
});

test("refuses with a reason, and not without", async () => {
  let sent = "";
  answers[`POST /v1/approvals/${id}/refusal`] = (body) => {
    sent = body;
    return { status: 200, body: { ...approval, state: "refused", refusal: "It names the victim" } };
  };
  const done = await suar(["approvals", "refuse", id, "--reason", "It names the victim"]);
  expect(done.stdout).toContain("It names the victim");
  expect(JSON.parse(sent)).toEqual({ reason: "It names the victim" });
  expect((await suar(["approvals", "refuse", id])).code).toBe(2);
});
