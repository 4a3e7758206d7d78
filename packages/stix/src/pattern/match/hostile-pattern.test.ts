import { describe, expect, test } from "vitest";
import { FILE, idsOf, seen } from "../../testing/observed-fixture.ts";
import { matchPattern } from "./match-pattern.ts";

function web(n: number): object[] {
  const x_refs = [1, 2, 3].map((o) => `x-${n}-${o}`);
  return x_refs.map(() => ({ type: "x-web", name: "a", x_refs }));
}

describe("patterns from strangers", () => {
  const many = Array.from({ length: 40 }, (_, n) =>
    seen(n, [n, n], [{ type: "file", name: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" }, ...web(n)]),
  );
  const all = "[file:name LIKE '%']";

  test.each([
    "[file:name MATCHES '^(a+)+$']",
    `[file:name LIKE '${"%a".repeat(200)}%b']`,
    `${all} REPEATS 41 TIMES`,
    `${Array.from({ length: 41 }, () => all).join(" AND ")}`,
    `(${all} FOLLOWEDBY ${all} FOLLOWEDBY ${all}) REPEATS 14 TIMES`,
    `${all} REPEATS 20 TIMES WITHIN 19.5 SECONDS AND ${all} REPEATS 20 TIMES WITHIN 18 SECONDS`,
    `(${all} REPEATS 5 TIMES WITHIN 4 SECONDS) REPEATS 9 TIMES`,
    `[x-web:x_refs${"[*].x_refs".repeat(200)}[*].name = 'b']`,
    `[file:name = 'b'] WITHIN ${"9".repeat(400)} SECONDS`,
  ])("%s ends soon", (pattern) => {
    const started = process.cpuUsage();
    const found = idsOf(pattern, many);
    expect(Array.isArray(found)).toBe(false);
    const { user } = process.cpuUsage(started);
    expect(user / 1000).toBeLessThan(5_000);
  });

  test.each([
    ["LIKE", `%${"a".repeat(50_000)}b%`, "a".repeat(100_000)],
    ["LIKE", "%x", `a${"\u0301\u0323".repeat(50_000)}`],
    ["MATCHES", "(a|b)*".repeat(5_000), "ab".repeat(10_000)],
  ])("%s of long texts is given up in time", (operator, operand, name) => {
    const found = matchPattern(`[file:name ${operator} '${operand}']`, [
      seen(1, [0, 0], [{ ...FILE, name }]),
    ]);
    expect(found.ok).toBe(false);
  });

  test("what no linear engine can do is said", () => {
    expect(idsOf("[file:name MATCHES '(a)\\\\1']", many)).toMatch(/linear time/);
    expect(idsOf("[file:name MATCHES '(?=a)']", many)).toMatch(/linear time/);
  });

  test("a pattern that cannot be read is told with its place", () => {
    expect(idsOf("[file:name = ]", many)).toMatch(/^line 1, column 14: /);
  });
});
