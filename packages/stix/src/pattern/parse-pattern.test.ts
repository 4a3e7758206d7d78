import fc from "fast-check";
import { expect, test } from "vitest";
import { checkPattern } from "./check-pattern.ts";
import { equalitiesOf } from "./equality.ts";
import { parsePattern } from "./parse-pattern.ts";

test.each([
  "[a:b = 'x']",
  "[ipv4-addr:value ISSUBSET '198.51.100.0/24']",
  "[file:hashes.'SHA-256' = 'aa' AND file:size > 10]",
  "[a:b = 1 OR c:d = 2]",
  "[(a:b = 1 OR c:d = 2) AND a:e != 3]",
  "[a:b NOT IN ('x', 'y', 'true')]",
  "[a:b NOT LIKE '%x_' AND a:c MATCHES '^\\\\d+$']",
  "[EXISTS a:b.c[*].'d-e'[0]]",
  "[NOT EXISTS a:b]",
  "[a:b = t'2020-01-01T00:00:00Z' OR a:b = h'00ff' OR a:b = b'aGk=' OR a:b = -1.5 OR a:b = .5]",
  "([a:b = 1] AND [c:d = 2]) FOLLOWEDBY [e:f = 3] WITHIN 5.5 SECONDS REPEATS 2 TIMES",
  "[a:b = 1] START t'2020-01-01T00:00:00Z' STOP t'2020-01-02T00:00:00Z'",
  "[a:b = 1] WITHIN .25 SECONDS",
  "[a:b = 007 OR a:c = -01.50]",
  // No error, though nothing can be observed between them (§9.5.1).
  "[a:b = 1] START t'2020-01-02T00:00:00Z' STOP t'2020-01-01T00:00:00Z'",
  "[a:b = b'aG\nVsb\r\nG8=' OR a:b IN (b'aGk=', h'00') OR a:b IN (1, -2.5)]",
  "[a:b='it\\'s']",
  "\n[\ta:b\u00a0=\u00a0'x'\n]\n",
])("accepts %s", (pattern) => {
  expect(checkPattern(pattern)).toEqual({ ok: true });
});

test.each([
  "",
  "a:b = 1",
  "[a:b = 1",
  "[a:b = ]",
  "[a = 1]",
  "[a:b == 1]",
  "[a:b <> 1]",
  "[a:b = +1]",
  "[a:b = 'x]",
  "[a:b = 'x\\n']",
  '[a:b = "x"]',
  "[a:b IN ()]",
  "[a:b IN 'x']",
  "[a:b IN ('x', 3)]",
  "[a:b NOT IN (1, true)]",
  "[a:b IN ('2020-01-01T00:00:00Z', t'2020-01-01T00:00:00Z')]",
  "[a:b = b'aGk']",
  "\ufeff[a:b = 1]",
  "[a:b\u200b= 1]",
  "[a:b LIKE 1]",
  "[a:b > true]",
  "[a:b = h'0']",
  "[a:b = t'2020-02-30T00:00:00Z']",
  "[a:b = 1 AND c:d = 2]",
  "[a:b.c-d = 1]",
  "[a:b[-1] = 1]",
  "[a:b = 1] [c:d = 2]",
  "[a:b = 1] WITHIN 0 SECONDS",
  "[a:b = 1] REPEATS 1.5 TIMES",
  "[a:b = 1] REPEATS 2 TIMES REPEATS 3 TIMES",
  "([a:b = 1] AND [c:d = 2]) WITHIN 5 SECONDS WITHIN 6 SECONDS",
  "[a:b = 1] and [c:d = 2]",
  "[a:b NOT = 1 # comment",
])("refuses %s", (pattern) => {
  expect(checkPattern(pattern).ok).toBe(false);
});

test("AND binds tighter than OR, OR tighter than FOLLOWEDBY", () => {
  const parsed = parsePattern("[a:a = 1] FOLLOWEDBY [b:b = 1] OR [c:c = 1] AND [d:d = 1]");
  expect(parsed.ok && parsed.observation).toMatchObject({
    kind: "followed-by",
    operands: [{ kind: "observe" }, { kind: "or", operands: [{ kind: "observe" }, { kind: "and" }] }],
  });
});

test("a fault has its line and column", () => {
  expect(parsePattern("[a:b = 1\n  OR ?]")).toEqual({
    ok: false,
    message: "unexpected ?",
    line: 2,
    column: 6,
  });
});

test("a second qualifier of a kind is shown where it stands", () => {
  const twice = parsePattern("[a:b = 1] REPEATS 2 TIMES WITHIN 5 SECONDS\n  REPEATS 3 TIMES AND [c:d = 1]");
  expect(twice).toEqual({ ok: false, message: "a second REPEATS", line: 2, column: 3 });
  const times = "START t'2020-01-01T00:00:00Z' STOP t'2020-01-02T00:00:00Z'";
  expect(parsePattern(`[a:b = 1] ${times} ${times}`)).toMatchObject({
    message: "a second START",
    column: 70,
  });
});

test("depth has a bound, and time is linear", () => {
  expect(checkPattern(`${"(".repeat(100_000)}[a:b = 1]`).ok).toBe(false);
  expect(checkPattern(`[${"(".repeat(63)}a:b = 1${")".repeat(63)}]`).ok).toBe(true);
  const many = new Array(20_000).fill("a:b = 'x'").join(" OR ");
  expect(checkPattern(`[${many}]`).ok).toBe(true);
  expect(checkPattern(`[a:b = '${"\\\\".repeat(200_000)}`).ok).toBe(false);
});

test("names what is compared by = and IN, never what stands under NOT or another operator", () => {
  const pattern =
    "[a:b = 'o\\'k' OR a:c.'d-e'[*] IN (1, 2) OR a:n NOT = 'no' OR a:n NOT IN ('no') OR a:n LIKE 'no' OR a:n != 'no']";
  expect(equalitiesOf(pattern)).toEqual([
    { type: "a", path: "b", value: "o'k" },
    { type: "a", path: "c.d-e.[*]", value: "1" },
    { type: "a", path: "c.d-e.[*]", value: "2" },
  ]);
  expect(equalitiesOf("[broken")).toEqual([]);
});

test("no text makes it throw", () => {
  const piece = fc.constantFrom(
    "[",
    "]",
    "(",
    ")",
    "a:b",
    "=",
    "'x'",
    "AND",
    "OR",
    "NOT",
    "IN",
    ".",
    "1",
    "\\",
    "'",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
      expect(typeof checkPattern(pieces.join(" ")).ok).toBe("boolean");
    }),
  );
});
