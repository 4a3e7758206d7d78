import { afterAll, beforeAll, expect, test } from "vitest";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";

let scene: GateScene;
const report = thing("report", {
  name: "Quenby campaign",
  description: "Reported by tan.ah.kow@victim.example.sg against many harbours",
  published: "2026-01-01T00:00:00.000Z",
  object_refs: ["malware--00000000-0000-4000-8000-00000000abcd"],
});

beforeAll(async () => {
  scene = await openGateScene();
  await scene.state(await scene.context("SG"), item(report));
});

afterAll(async () => {
  await scene?.close();
});

async function found(member: string, text: string): Promise<string[]> {
  const { status, body } = await scene.as(member).get(`/v1/search?q=${encodeURIComponent(text)}`);
  expect(status).toBe(200);
  return body.items.map((hit: any) => String(hit.object.description));
}

test("copies that differ in words keep their own, and each is found by these alone", async () => {
  const { rows } = await scene.owner.query<{ analysed: boolean; kept: boolean }>(
    `SELECT words IS NOT NULL AS analysed, own_words LIKE '%Quenby%' AS kept FROM live.rendition
      WHERE body LIKE '%Quenby%' ORDER BY id`,
  );
  expect(rows.map(({ analysed, kept }) => [analysed, kept])).toEqual([
    [true, null],
    ...rows.slice(1).map(() => [false, true]),
  ]);
  expect(rows.length).toBeGreaterThan(1);
  const whole = [expect.stringContaining("tan.ah.kow@victim.example.sg")];
  const copy = [expect.stringMatching(/by \[email [^@]+\] against/)];
  expect(await found("SG", "tan.ah.kow@victim.example.sg")).toEqual(whole);
  expect(await found("MY", "tan.ah.kow@victim.example.sg")).toEqual([]);
  for (const text of ["quenby", "quenby harbours", '"against many harbours"']) {
    expect(await found("SG", text), text).toEqual(whole);
    expect(await found("MY", text), text).toEqual(copy);
  }
  expect(await found("SG", "quenby email")).toEqual([]);
  expect(await found("MY", "quenby email")).toEqual(copy);
});

test("what a phrase or a negation asks of a copy is asked of its own text", async () => {
  expect(await found("SG", '"by tan.ah.kow@victim.example.sg against"')).toHaveLength(1);
  expect(await found("MY", '"by tan.ah.kow@victim.example.sg against"')).toEqual([]);
  expect(await found("MY", '"reported by email"')).toHaveLength(1);
  expect(await found("SG", '"reported by email"')).toEqual([]);
  expect(await found("SG", "quenby -tan.ah.kow@victim.example.sg")).toEqual([]);
  expect(await found("MY", "quenby -tan.ah.kow@victim.example.sg")).toHaveLength(1);
  expect(await found("SG", "-quenby")).toEqual([]);
  expect(await found("MY", "-tan.ah.kow@victim.example.sg")).toHaveLength(1);
});

test("what is withdrawn leaves no text behind", async () => {
  expect((await scene.as("SG").post(`/v1/objects/${report.id}/withdraw`, {})).status).toBe(200);
  const { rows } = await scene.owner.query("SELECT FROM live.rendition WHERE own_words IS NOT NULL");
  expect(rows).toEqual([]);
});
