import { afterEach, beforeEach, expect, test } from "vitest";
import { answers, at, closeFixture, id, openFixture, problem, suar } from "../../testing/command-fixture.ts";

beforeEach(openFixture);
afterEach(closeFixture);

const object = `incident--${id}`;
const treatment = {
  decision: "approve",
  redactions: [
    { path: "/a", op: "drop", class: "email" },
    { path: "/b", op: "drop", class: "email" },
  ],
  redactionsInAll: 3,
  obligations: ["acknowledge"],
  bases: [{ pair: "SG>MY", version: 1, id: "asean-mcc", kind: "asean-mcc", status: "none" }],
  pii: { email: 2 },
  policyHash: "0".repeat(64),
};
const reason = {
  code: "approval-needed",
  rule: "pairs/SG-MY.json@1#incidents-by-approval",
  source: "house",
  file: "seeds/policy/pairs/SG-MY.json",
  policy: { pair: "SG-MY", version: 1, standing: "shipped", page: "/policies/SG-MY" },
  guide: ["guide:victim-notification"],
  paths: [],
};
const asked = { approvers: ["SG:officer"], fourEyes: false };
const waits = {
  organisation: "MY",
  member: "MY",
  state: "waits",
  entry: null,
  now: {
    ...treatment,
    ...asked,
    reasons: [reason],
    deadlineHours: 24,
    names: [{ id: "tool--x", shown: null }],
  },
  kept: null,
  differs: true,
  agencies: null,
  requests: [
    {
      id,
      state: "pending",
      ...asked,
      approvals: [],
      askedAt: at,
      deadline: at,
      settledAt: null,
      reason: null,
    },
  ],
};
const guide = [
  {
    id: "guide:victim-notification",
    subject: "s",
    difference: "d",
    resulting: "so",
    source: "t",
    verified: false,
  },
];
const explanation = { object, at, stated: null, received: [], sentRed: [], guide: [] };

test("shows each recipient with its state, the rule, what it waits for, and the sources at the end", async () => {
  const stated = { version: at, tlp: "amber", pap: null, to: ["MY"], withdrawnAt: null, recipients: [waits] };
  let query = "";
  answers["GET /v1/explain"] = (_body, url) => {
    query = url.search;
    return { status: 200, body: { ...explanation, stated, guide } };
  };
  const { code, stdout } = await suar(["explain", object, "--member", "MY"]);
  expect(code).toBe(0);
  expect(query).toBe(`?object=${object}&member=MY`);
  const lines = stdout.trimEnd().split("\n");
  expect(stdout).toMatch(
    /MY +waits\* +- +when SG:officer agrees: drop email \(2\), and 1 more +approval-needed/,
  );
  expect(stdout).toContain(`waits for SG:officer, who have agreed 0 times, until ${at}`);
  expect(stdout).toContain("  undertakes acknowledge");
  expect(stdout).toContain("  does not see named: tool--x");
  expect(lines.at(-2)).toBe("sources in the comparative guide:");
  expect(lines.at(-1)).toBe("  guide:victim-notification: so [t] (not checked against the texts)");
});

test("shows a receiver its own line, with what it undertakes", async () => {
  const own = { producer: "SG", organisation: "MY", state: "released", tlp: "amber", seq: 4, at };
  const received = [{ ...own, decision: treatment, policy: reason.policy }];
  answers["GET /v1/explain"] = { status: 200, body: { ...explanation, received } };
  const { stdout } = await suar(["explain", object]);
  expect(stdout).toContain(`you have it from SG, TLP:AMBER, #4 of ${at}: released`);
  expect(stdout).toContain("  you undertake: acknowledge");
  expect(stdout).toContain("  ground of SG>MY: asean-mcc, asean-mcc, none");
  expect(stdout).toContain("  policy: SG-MY version 1, shipped, /policies/SG-MY");
});

test("says in a word that there is no ground for personal data", async () => {
  const bases = [{ pair: "SG>MY", version: 1, id: "none", kind: "none", status: "none" }];
  const own = { producer: "SG", organisation: "MY", state: "released", tlp: "green", seq: 4, at };
  const received = [{ ...own, decision: { ...treatment, bases }, policy: reason.policy }];
  answers["GET /v1/explain"] = { status: 200, body: { ...explanation, received } };
  const { stdout } = await suar(["explain", object]);
  expect(stdout).toContain("  ground of SG>MY: none for personal data\n");
});

test("says that there is nothing to explain of what is another's", async () => {
  answers["GET /v1/explain"] = problem(404, "not-found");
  const { code, stdout } = await suar(["explain", object]);
  expect({ ok: code === 0, stdout }).toEqual({ ok: false, stdout: "" });
});
