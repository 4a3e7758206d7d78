import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closeFixture, folder, openFixture, suar } from "../../testing/command-fixture.ts";

beforeEach(openFixture);
afterEach(closeFixture);

/** Runs a batch command over lines; its answers, a line each. */
async function answers(args: string[], lines: readonly string[]): Promise<any[]> {
  const { code, stdout, stderr } = await suar([...args, "-"], {}, `${lines.join("\n")}\n`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const MALWARE = {
  type: "malware",
  spec_version: "2.1",
  id: "malware--7b1f0d5e-3c52-4a9e-9b3c-0d9a5f6f2a11",
  created: "2026-05-01T00:00:00.000Z",
  modified: "2026-05-01T00:00:00.000Z",
  is_family: false,
  description: "line\u2028separator",
};

test("validates objects and bundles, a line for a line", async () => {
  const bundle = { type: "bundle", id: "bundle--7b1f0d5e-3c52-4a9e-9b3c-0d9a5f6f2a11" };
  const lines = [
    JSON.stringify(MALWARE),
    JSON.stringify({ json: MALWARE }),
    JSON.stringify({ json: JSON.stringify(MALWARE) }),
    JSON.stringify({ json: { ...MALWARE, is_family: true } }),
    JSON.stringify({ ...bundle, objects: [MALWARE, { ...MALWARE, created: 1 }, { type: "tool" }] }),
    "{",
    "",
    "[]",
    JSON.stringify({ json: "{" }),
  ];
  const found = await answers(["stix", "validate"], lines);
  expect(found.map(({ valid }) => valid)).toEqual([
    true,
    true,
    true,
    false,
    ...lines.slice(4).map(() => false),
  ]);
  expect(found[3].errors).toEqual([{ path: "/name", message: expect.any(String), section: "4.11" }]);
  const paths = found[4].errors.map(({ path }: { path: string }) => path);
  expect(paths).toContain("/objects/1/created");
  expect(paths).toContain("/objects/2/id");
  expect(found[4].errors[0]).toMatchObject({ path: "/objects/1/created", object: MALWARE.id });
});

test("works out ids of observables", async () => {
  const lines = [
    { type: "ipv4-addr", value: "198.51.100.3" },
    { type: "domain-name", value: "example.com" },
    { type: "process", pid: 3 },
    MALWARE,
    { type: "file", hashes: null, name: "\ud800" },
    { type: "file", hashes: null, name: "a" },
  ];
  const deep = `{"type":"file","name":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
  const found = await answers(
    ["stix", "id"],
    [...lines.map((line) => JSON.stringify(line)), deep, '{"type":"url","value":'],
  );
  expect(found[0]).toEqual({ id: "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4" });
  expect(found[1].id).toMatch(/^domain-name--[0-9a-f-]{14}5/);
  expect(found[2].id).toMatch(/^process--[0-9a-f-]{14}4/);
  expect(found[3]).toEqual({ error: expect.stringContaining("observable") });
  expect(found[4]).toEqual({ error: expect.stringContaining("surrogate") });
  expect(found[5].id).toMatch(/^file--[0-9a-f-]{14}5/);
  expect(found.slice(6)).toEqual([{ error: expect.any(String) }, { error: expect.any(String) }]);
});

test("tells of a number that would not stay the same", async () => {
  const written = (number: string): string =>
    JSON.stringify({ ...MALWARE, x_a: ["N"] }).replace('"N"', number);
  const big = written("12345678901234567890");
  const found = await answers(
    ["stix", "validate"],
    [big, JSON.stringify({ json: big }), written("0.10000000000000001")],
  );
  const errors = [expect.objectContaining({ path: "/x_a/0", message: expect.stringContaining("string") })];
  expect(found).toEqual([
    { valid: false, errors },
    { valid: false, errors },
    { valid: true, errors: [] },
  ]);
  const system = '{"type":"autonomous-system","number":12345678901234567890}';
  expect(await answers(["stix", "id"], [system])).toEqual([{ error: expect.any(String) }]);
});

test("takes a byte order mark, and refuses what is no UTF-8", async () => {
  const file = join(folder, "bytes.ndjson");
  const url = '{"type":"url","id":"url--7b1f0d5e-3c52-4a9e-9b3c-0d9a5f6f2a11","value":"http://a.example/?';
  writeFileSync(file, Buffer.from(`\ufeff${url}"}\n${url}\u00ff"}\n`, "utf8"));
  expect((await suar(["stix", "validate", file], {})).stdout).toBe('{"valid":true,"errors":[]}\n'.repeat(2));
  writeFileSync(file, Buffer.from(`${url}\u00ff"}\n`, "latin1"));
  expect(JSON.parse((await suar(["stix", "validate", file], {})).stdout)).toMatchObject({ valid: false });
});

test("reads and matches patterns", async () => {
  expect(
    await answers(["pattern", "parse"], ['{"pattern":"[a:b = 1]"}', '{"pattern":"[a:b =\\n ]"}', "{}"]),
  ).toEqual([
    { ok: true },
    { ok: false, error: { line: 2, column: 2, message: expect.stringContaining("value") } },
    { ok: false, error: { line: 1, column: 1, message: expect.stringContaining("pattern") } },
  ]);
  const times = {
    first_observed: "2024-05-01T10:00:00Z",
    last_observed: "2024-05-01T10:00:00Z",
    number_observed: 1,
  };
  const observed = [{ type: "observed-data", id: "observed-data--1", ...times, object_refs: ["url--1"] }];
  const url = { type: "url", id: "url--1", value: "http://a.example/" };
  const lines = [
    { pattern: "[url:value LIKE '%example%']", observed: [...observed, url] },
    { pattern: "[url:value = 'x']", observed: [{ type: "bundle", objects: [...observed, url] }] },
    { pattern: "[url:value", observed: [] },
  ];
  const file = join(folder, "cases.ndjson");
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join("\n"));
  const { code, stdout } = await suar(["pattern", "match", file], {});
  expect(code).toBe(0);
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { match: true, observations: ["observed-data--1"] },
    { match: false, observations: [] },
    { error: expect.stringMatching(/^line 1, column/) },
  ]);
  expect(await suar(["pattern", "match", "absent.ndjson"], {})).toMatchObject({ code: 2 });
});
