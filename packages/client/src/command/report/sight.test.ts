import { afterEach, beforeEach, expect, test } from "vitest";
import { answers, at, closeFixture, id, openFixture, suar } from "../../testing/command-fixture.ts";

beforeEach(openFixture);
afterEach(closeFixture);

const INDICATOR = `indicator--${id}`;
const accepted = {
  submissions: [{ id, status: "received", links: { self: `/v1/submissions/${id}` } }],
  sightings: [{ id: `sighting--${id}`, of: INDICATOR, submission: id }],
};
const life = {
  confidence: { value: 85, word: "High" },
  score: 71,
  expiresAt: "2027-03-01T00:00:00.000Z",
  computed: true,
  expired: false,
  by: "decay",
};
const nobody = { seenBy: 0, notSeenBy: 0, endedBy: 0, count: 0, firstSeen: null, lastSeen: null };
const object = { type: "indicator", id: INDICATOR, name: "evil.example", confidence: 85 };
const hit = { producer: "SG", tlp: "green", seq: 1, at, withdrawn: false, object, alsoReportedBy: 0 };

test("sights ids and values at once, and says what it was told to say", async () => {
  const sent: unknown[] = [];
  answers["POST /v1/sightings"] = (body) => {
    sent.push(JSON.parse(body));
    return { status: 202, body: accepted };
  };
  const seen = await suar([
    "sight",
    INDICATOR,
    "198.51.100[.]7",
    "--tlp",
    "green",
    "--count",
    "12",
    "--last",
    at,
  ]);
  expect(seen, seen.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining(`sighting--${id}`) });
  const said = { type: "positive", count: 12, lastSeen: at };
  expect(sent).toEqual([
    {
      tlp: "green",
      sightings: [
        { ...said, of: INDICATOR },
        { ...said, value: "198.51.100[.]7" },
      ],
    },
  ]);
  await suar(["sight", "evil.example", "--tlp", "amber", "--to", "MY", "--not"]);
  await suar(["sight", "evil.example", "--tlp", "amber", "--expired"]);
  expect(sent.slice(1)).toEqual([
    { tlp: "amber", to: "MY", sightings: [{ type: "negative", value: "evil.example" }] },
    { tlp: "amber", sightings: [{ type: "expiration", value: "evil.example" }] },
  ]);
});

test.each([
  [["sight", "evil.example"], "--tlp is needed"],
  [["sight", "evil.example", "--tlp", "green", "--not", "--expired"], "either --not or --expired"],
  [["sight", "evil.example", "--tlp", "green", "--count", "0"], "whole number"],
])("%j is a usage error", async (line, told) => {
  expect(await suar(line)).toMatchObject({ code: 2, stderr: expect.stringContaining(told) });
});

test("tells how sure an indicator is, until when it is good and who saw it", async () => {
  const sightings = { ...nobody, seenBy: 2, count: 7, endedBy: 1, lastSeen: "2027-01-01T00:00:00.000Z" };
  answers["GET /v1/search"] = {
    status: 200,
    body: {
      understood: null,
      items: [
        { ...hit, life, sightings },
        { ...hit, life: { ...life, expired: true, by: "sighting", score: 0 }, sightings: nobody },
      ],
    },
  };
  const { stdout } = await suar(["search", "evil.example"]);
  expect(stdout).toContain("confidence 85 (High), score 71 until 2027-03-01, worked out");
  expect(stdout).toContain("seen by 2 (7 times, last 2027-01-01), over by the word of 1");
  expect(stdout).toContain("expired on 2027-03-01 (said to be over)");
});

test("tells of an id of which nobody says that they saw it", async () => {
  answers[`GET /v1/objects/${INDICATOR}`] = {
    status: 200,
    body: {
      id: INDICATOR,
      assertions: [{ ...hit, life }],
      alsoReportedBy: 0,
      sightings: { ...nobody, said: [] },
    },
  };
  expect((await suar(["get", INDICATOR])).stdout).toContain("nobody of whom you may know saw it");
});

test("says in a dry run how sure everything is, in words", async () => {
  const counts = { records: 2, accepted: 2, merged: 0, unchanged: 0, rejected: 0 };
  const malware = { type: "malware", id: `malware--${id}`, name: "m", confidence: 15 };
  const rest = {
    losses: [],
    warnings: [],
    recipients: [],
    waiting: [],
    decisions: [],
    decisionsInAll: 0,
    guide: [],
  };
  const preview = {
    ...{ dryRun: true, format: "stix", counts, truncated: false, ...rest },
    records: [{ index: 0, outcome: "accepted", ids: [], objects: [object, malware] }],
    lives: [{ ...life, object: INDICATOR }],
  };
  answers["POST /v1/sightings/preview"] = { status: 200, body: { previews: [preview] } };
  const { stdout } = await suar(["sight", "evil.example", "--tlp", "green", "--dry-run"]);
  expect(stdout).toContain(
    "indicator  evil.example  (confidence 85 (High), score 71 until 2027-03-01, worked out)",
  );
  expect(stdout).toContain("malware  m  (confidence 15 (Low))");
});
