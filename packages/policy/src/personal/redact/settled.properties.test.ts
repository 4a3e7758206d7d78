import fc from "fast-check";
import { expect, it } from "vitest";
import { PiiClass } from "../../personal-data.ts";
import { scanText } from "../detect/scan-text.ts";
import type { Span } from "../detect/span.ts";
import { removed, replaced } from "./marker.ts";
import { isSettled } from "./settled.ts";

/* What is said to be settled, a whole look at the text finds nothing new in either. */

const PIECES = [
  ..."bob@example.com|tan.ah.kow@victim.example.sg|bob[at]example(dot)com|bob at example dot com dot |ZXZlQGV4YW1wbGUuY29t".split(
    "|",
  ),
  ..."+65 6123 4567|61234567|0123456789|13812345678|010-12345678|(02) 123-4567|2026-03-01 10:15|1234567|12 34 56|10.0.0.1".split(
    "|",
  ),
  ..."S1234567D|900307-14-5678|11010519491231002|11010519491231002X|E12345678|K1234567A|abcd:abcd:abcd::abcd|fe80::7".split(
    "|",
  ),
  ..."passport |tel |phone: |nric |victim |infected host |attacker |no |id number: |at |dot |and |http://|evil.example/|x|X|s ".split(
    "|",
  ),
  ...[
    " ",
    " ",
    " ",
    ", ",
    ". ",
    ": ",
    "; ",
    "\n",
    "-",
    "/",
    "(",
    ")",
    "[",
    "]",
    "+",
    ".",
    "_",
    "%20",
    "%2e",
    "&#64;",
    "e",
    "1",
    "　",
    "１",
    "㏠",
    "電話 ",
  ],
] as const;
const text = fc
  .array(
    fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...PIECES) },
      { weight: 1, arbitrary: fc.string({ maxLength: 4 }) },
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(""))
  .filter((parts) => parts.isWellFormed());
const gone = fc.subarray([...PiiClass.options], { minLength: 1 });
const PSEUDONYM = "abcdefghijklmnopabcd";

it("finds nothing new by a whole look in what is settled", () => {
  let [settled, looked] = [0, 0];
  fc.assert(
    fc.property(text, gone, fc.boolean(), (before, classes, isNamed) => {
      const found = scanText(before, "prose");
      const toGo = found.filter((span) => classes.includes(span.class));
      const [first] = toGo;
      if (first === undefined) return;
      const left = rewritten(before, toGo, isNamed);
      looked += 1;
      if (!isSettled(left, first.start)) return;
      settled += 1;
      const known = found.filter((span) => !toGo.includes(span) && span.end <= first.start);
      expect(scanText(left, "prose").map(placed)).toEqual(known.map(placed));
    }),
    { numRuns: 10_000 },
  );
  // Else it was no test.
  expect(settled).toBeGreaterThan(looked / 50);
});

it("looks again where anything behind the first place may be the beginning of something", () => {
  const at = "reported by ".length;
  expect(isSettled("reported by [email removed], against many", at)).toBe(true);
  expect(isSettled("[email removed] reported it", 0)).toBe(true);
  expect(isSettled("reported by [phone removed] 61234567", at)).toBe(false);
  expect(isSettled("reported by [email removed] of eve at evil dot com", at)).toBe(false);
  expect(isSettled("reported by [email removed] ZXZlQGV4YW1wbGUuY29t", at)).toBe(false);
  expect(isSettled(`reported by [email ${PSEUDONYM}], against many`, at)).toBe(true);
  expect(isSettled(`reported by [email ${PSEUDONYM}] ZXZlQGV4YW1wbGUuY29t`, at)).toBe(false);
  expect(isSettled(`reported by [email ${PSEUDONYM}]ZXZlQGV4YW1wbGUuY29t`, at)).toBe(false);
  expect(isSettled("victims’[email removed]", 8)).toBe(false);
  expect(isSettled("61234567 [email removed]", 9)).toBe(false);
  expect(isSettled("reported by ***@example.com", at)).toBe(false);
});

function rewritten(from: string, spans: readonly Span[], isNamed: boolean): string {
  let [done, result] = [0, ""];
  for (const { class: kind, start, end } of spans) {
    result += from.slice(done, start) + (isNamed ? replaced(kind, PSEUDONYM) : removed(kind));
    done = end;
  }
  return result + from.slice(done);
}

function placed({ class: kind, start, end }: Span): string {
  return `${kind} ${start} ${end}`;
}

it("takes no letters of a pseudonym for an address in Base64", () => {
  const letters = fc.array(fc.constantFrom(..."abcdefghijklmnop"), { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(letters, (all) => {
      expect(Buffer.from(all.join(""), "base64").includes("@")).toBe(false);
    }),
  );
});
