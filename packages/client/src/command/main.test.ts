import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  answers,
  at,
  closeFixture,
  folder,
  id,
  item,
  me,
  openFixture,
  problem,
  suar,
  url,
} from "../testing/command-fixture.ts";

beforeEach(openFixture);
afterEach(closeFixture);

const counts = { records: 30, accepted: 2, merged: 1, unchanged: 2, rejected: 25 };
const submission = {
  id,
  status: "done",
  format: "csv",
  receivedAt: at,
  finishedAt: at,
  bytes: 1,
  sha256: "x",
  problem: null,
  links: { self: "/" },
};

test("signs in from the bootstrap file, keeps the key to itself, and uses the profile afterwards", async () => {
  answers["GET /v1/whoami"] = { status: 200, body: me };
  writeFileSync(
    join(folder, "bootstrap.json"),
    JSON.stringify({ url, keys: { SG: { analyst: "suar_a_b" } }, operator: "suar_o" }),
  );
  const signedIn = await suar(["login", "--as", "SG:analyst", "--bootstrap", "bootstrap.json"], {});
  expect(signedIn).toMatchObject({ code: 0, stdout: expect.stringContaining("as SG (analyst), realm live") });
  const profiles = join(folder, "config", "profiles.json");
  expect(statSync(profiles).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(profiles, "utf8"))).toEqual({
    default: { url, key: "suar_a_b", as: "SG:analyst" },
  });
  expect(signedIn.stdout + signedIn.stderr).not.toContain("suar_a_b");
  expect(JSON.parse((await suar(["whoami", "--json"], {})).stdout)).toEqual({ url, ...me });
  expect(await suar(["login", "--as", "XX:analyst", "--bootstrap", "bootstrap.json"], {})).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("members: SG"),
  });
});

test("makes a new profile with a key from standard input, and with a link that says where it leads", async () => {
  answers["GET /v1/whoami"] = { status: 200, body: me };
  const { realm, organisation, roles } = me;
  const issued = {
    id: "k1",
    realm,
    organisation,
    roles,
    label: "s",
    createdAt: at,
    expiresAt: at,
    revokedAt: null,
    waits: false,
  };
  answers["POST /v1/sign-in"] = (body) => ({
    status: 201,
    body: { ...issued, key: `suar_of_${JSON.parse(body).token}` },
  });
  mkdirSync(join(folder, ".suar"));
  writeFileSync(join(folder, ".suar", "bootstrap.json"), JSON.stringify({ url, keys: {} }));
  const feed = await suar(["login", "--token-stdin", "--profile", "feed"], {}, "suar_a_b\n");
  expect(feed, feed.stderr).toMatchObject({ code: 0 });
  const link = await suar(["login", "--link", `${url}/sign-in#one-time`, "--profile", "me"], {});
  expect(link, link.stderr).toMatchObject({ code: 0 });
  const profiles = JSON.parse(readFileSync(join(folder, "config", "profiles.json"), "utf8"));
  expect(profiles.feed).toMatchObject({ url, key: "suar_a_b" });
  expect(profiles.me).toMatchObject({ url, key: "suar_of_one-time" });
});

test.each([
  ["unauthenticated", 401, 3],
  ["forbidden", 403, 3],
  ["not-found", 404, 4],
  ["unmarked", 422, 5],
  ["realm-limit", 429, 6],
  ["internal", 500, 1],
])("a problem %s ends with its exit code", async (code, status, exit) => {
  answers["GET /v1/keys"] = problem(status, code);
  expect(await suar(["keys", "list"])).toEqual({
    code: exit,
    stdout: "",
    stderr: `suar: because ${code} (${code})\n`,
  });
});

test.each([
  "log --limit abc",
  "log --limit 1001",
  "search x --limit 0",
  "watch --count 1.5",
  "keys create --roles analyst --label x --days 91",
  "webhook replay ID --from -1",
  "webhook listen --port 70000",
  "drill replay ID --speed none",
])("%s is a usage error", async (line) => {
  const { code, stderr } = await suar(line.split(" "));
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/It takes a (whole )?number/),
  });
});

test("usage errors end with 2, no answer with 7, no key with 3", async () => {
  expect((await suar(["nonsense"])).code).toBe(2);
  expect((await suar(["watch", "--tlp", "pink"])).code).toBe(2);
  expect((await suar(["status"], { SUAR_URL: "http://127.0.0.1:1", SUAR_KEY: "k" })).code).toBe(7);
  const moved = JSON.stringify({ default: { url: "http://127.0.0.1:1", key: "k", as: "SG" } });
  mkdirSync(join(folder, "config"), { recursive: true });
  writeFileSync(join(folder, "config", "profiles.json"), moved);
  expect(await suar(["whoami"], {})).toMatchObject({
    code: 7,
    stderr: expect.stringContaining("if the platform moved"),
  });
  rmSync(join(folder, "config"), { recursive: true });
  const away = { url: "http://127.0.0.1:1", keys: { SG: { analyst: "suar_a_b" } }, operator: "suar_o" };
  writeFileSync(join(folder, "away.json"), JSON.stringify(away));
  const unsaved = ["login", "--as", "SG:analyst", "--bootstrap", "away.json", "--profile", "new"];
  expect(await suar(unsaved, {})).toMatchObject({ code: 7 });
  expect(await suar(["whoami"], {})).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("suar login --as"),
  });
  expect((await suar(["--help"])).code).toBe(0);
});

test("submits several files, goes on after a failing one, and caps what it shows", async () => {
  writeFileSync(join(folder, "a.csv"), "a");
  writeFileSync(join(folder, "b.csv"), "unmarked");
  answers["POST /v1/submissions"] = (body) =>
    body === "unmarked"
      ? problem(422, "unmarked")
      : { status: 202, body: { id, status: "received", links: { self: "/" } } };
  const records = Array.from({ length: 25 }, (_, index) => ({
    index,
    at: `line ${index + 2}`,
    outcome: "rejected",
    code: "bad-value",
    reason: "no\u001b[2J host",
    ids: [],
  }));
  answers[`GET /v1/submissions/${id}`] = {
    status: 200,
    body: {
      ...submission,
      counts,
      records,
      losses: [{ index: 0, at: "line 2", field: "comment", reason: "no place" }],
      lossesInAll: 4,
    },
  };
  const { code, stdout, stderr } = await suar(["submit", "b.csv", "missing.csv", "a.csv", "--tlp", "green"]);
  expect(code).toBe(5);
  expect(stderr).toContain("because unmarked (unmarked)");
  expect(stderr).toContain("missing.csv");
  expect(stdout).toMatch(/records {2}accepted {2}merged {2}unchanged {2}rejected\n +30 +2 +1 +2 +25/);
  expect(stdout).toContain("rejected line 2: no\ufffd[2J host");
  expect(stdout).toContain("and 5 more");
  expect(stdout).toContain("lost line 2 comment: no place\n  and 3 more");
});

test("a dry run shows what would be understood, who would receive it, and why others would not", async () => {
  writeFileSync(join(folder, "a.csv"), "a");
  const withheld = {
    organisations: ["CN", "VN"],
    decision: "withhold",
    reasons: [{ code: "class-not-allowed", rule: "pairs/SG-*.json@1#default\u001b[2J", guide: ["guide:x"] }],
    ...{ redactions: [], redactionsInAll: 0, approvers: [], fourEyes: false, deadlineHours: null },
    ...{ obligations: [], unnamed: 0 },
  };
  const record = { index: 0, outcome: "accepted", ids: ["indicator--1"], objects: [item(1).object] };
  answers["POST /v1/submissions"] = (_body, { searchParams }) => ({
    status: 200,
    body: {
      dryRun: searchParams.get("dryRun") === "true",
      format: "csv",
      counts: { ...counts, rejected: 0 },
      records: [record],
      losses: [],
      recipients: [{ organisation: "MY", objects: 1, redacted: 0, reasons: ["tlp-green"] }],
      waiting: [{ organisation: "TH", objects: 1, approvers: ["SG:officer"] }],
      warnings: [{ code: "cve-taken-as-published", objects: ["vulnerability--1"], objectsInAll: 2 }],
      decisions: [{ objects: ["indicator--1"], objectsInAll: 3, recipients: [withheld] }],
      decisionsInAll: 12,
      guide: [
        { id: "guide:x", subject: "x", difference: "x", resulting: "so", source: "text", verified: false },
      ],
      truncated: false,
    },
  });
  const { code, stdout } = await suar(["submit", "a.csv", "--dry-run"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/indicator {2}bad-1\.example/);
  expect(stdout).toMatch(/MY +1 +0 +tlp-green/);
  expect(stdout).toMatch(/TH +1 +SG:officer/);
  expect(stdout).toContain("indicator--1 and 2 more");
  expect(stdout).toContain("CN, VN: nothing; class-not-allowed (pairs/SG-*.json@1#default\ufffd[2J)");
  expect(stdout).toContain("and 11 more");
  expect(stdout).toContain("vulnerability--1 and 1 more: taken for published, since it bears a CVE number");
  expect(stdout).toContain("  guide:x: so [text] (not checked against the texts)");
});

test("webhook list shows until when a webhook rests, and why", async () => {
  const webhook = {
    id: "5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e702",
    url: "https://soc.example.sg/suar",
    description: "",
    filter: {},
    state: "active",
    stateReason: null,
    restingUntil: "2027-01-01T00:05:20.000Z",
    lastProblem: "answered 500",
    cursor: "0a1b2c3d.7",
    pending: 3,
    createdAt: "2027-01-01T00:00:00.000Z",
  };
  answers["GET /v1/webhooks"] = { status: 200, body: { items: [webhook] } };
  const { code, stdout } = await suar(["webhook", "list"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/active +2027-01-01T00:05:20 .* 3 +0a1b2c3d\.7 +answered 500/);
});
