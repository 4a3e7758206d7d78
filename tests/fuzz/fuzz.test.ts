import { canonicalJson, matchPattern, parseBundle, parsePattern, parseStixObject } from "@suar/stix";
import { describe, expect, test } from "vitest";
import { seededChance } from "../support/seeded-random.ts";
import { goldenObjects } from "../support/stix-files.ts";
import { runTarget } from "./run-target.ts";
import { TARGETS } from "./targets.ts";

/** `npm run fuzz` goes on for as long as it is told. */
const CASES = 1_500;

test.each(TARGETS)("$name: no input breaks it", async (target) => {
  const { seed } = seededChance();
  process.stdout.write(`fuzz ${target.name} from seed ${seed}\n`);
  const { cases } = await runTarget(target, seed, (done) => done >= CASES);
  expect(cases).toBe(CASES);
});

const golden = goldenObjects();
const campaign = golden.get("campaign");
const data = golden.get("observed-data");
const times = (count: number, text: string): string => text.repeat(count);
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));
const id = (type: string, at: number) => `${type}--00000000-0000-4000-8000-${String(at).padStart(12, "0")}`;

// Each takes milliseconds where time grows with length, and minutes where it grows with its square.
describe("time grows with length alone", () => {
  const MOST_MS = 15_000;
  const marking_ref = id("marking-definition", 1);
  const observation = { ...data, object_refs: [id("file", 1)] };
  const file = { type: "file", id: id("file", 1), name: times(100_000, "a") };

  const large: [string, () => unknown][] = [
    [
      "selectors",
      () =>
        parseStixObject({
          ...campaign,
          granular_markings: [{ selectors: many(100_000, () => "labels.[0]"), marking_ref }],
        }),
    ],
    [
      "labels and their selectors",
      () =>
        parseStixObject({
          ...campaign,
          labels: many(100_000, String),
          granular_markings: [{ selectors: many(100_000, (at) => `labels.[${at}]`), marking_ref }],
        }),
    ],
    [
      "unknown properties",
      () => parseStixObject({ ...campaign, ...Object.fromEntries(many(100_000, (at) => [`x_${at}`, at])) }),
    ],
    [
      "wrong properties",
      () => parseStixObject({ ...campaign, ...Object.fromEntries(many(100_000, (at) => [`X ${at}`, at])) }),
    ],
    ["wrong references", () => parseStixObject({ ...data, object_refs: many(100_000, String) })],
    [
      "wrong objects",
      () =>
        parseBundle({
          type: "bundle",
          id: id("bundle", 1),
          objects: many(50_000, (at) => ({ type: "url", id: at })),
        }),
    ],
    [
      "event entries",
      () =>
        parseStixObject({
          ...golden.get("event"),
          subevents: many(30_000, (at) => ({
            event_ref: id("event", at),
            next_steps: [
              { event_ref: id("event", at + 1), condition_type: "required", transition_type: "success" },
            ],
          })),
        }),
    ],
    ["a long URL", () => parseStixObject({ ...golden.get("url"), value: `a:${times(2_000_000, "x")} ` })],
    [
      "a long CPE",
      () => parseStixObject({ ...golden.get("software"), cpe: `cpe:2.3:a:${times(500_000, "\\:")}` }),
    ],
    [
      "a long e-mail address",
      () => parseStixObject({ ...golden.get("email-addr"), value: times(1_000_000, "@") }),
    ],
    [
      "a long payload",
      () => parseStixObject({ ...golden.get("artifact"), payload_bin: `${times(4_000_000, "=")}` }),
    ],
    ["canonical text", () => canonicalJson(many(200_000, (at) => ({ [`é${at}`]: "\u0001" })))],
    ["comparisons", () => parsePattern(`[${many(100_000, () => "a:b = 'x'").join(" OR ")}]`)],
    ["observations", () => parsePattern(many(100_000, () => "[a:b = 1]").join(" FOLLOWEDBY "))],
    ["members of IN", () => parsePattern(`[a:b IN (${many(200_000, String).join(",")})]`)],
    ["lines before a fault", () => parsePattern(`${times(1_000_000, "\n")}?`)],
    ["a text of quotes", () => parsePattern(`[a:b = '${times(1_000_000, "\\'")}`)],
    [
      "a hostile MATCHES",
      () => matchPattern(`[file:name MATCHES '${times(12, "(a*)*")}b']`, [observation, file]),
    ],
    ["a hostile LIKE", () => matchPattern(`[file:name LIKE '${times(40, "%a")}b']`, [observation, file])],
    [
      "repetitions",
      () => matchPattern(`[file:name LIKE 'a%'] REPEATS ${times(300, "9")} TIMES`, [observation, file]),
    ],
    [
      "a window without end",
      () => matchPattern(`[file:name LIKE 'a%'] WITHIN ${times(400, "9")} SECONDS`, [observation, file]),
    ],
    [
      "observed data",
      () =>
        matchPattern("[file:name = 'b'] AND [file:name LIKE 'a%']", [
          file,
          ...many(5_000, (at) => ({ ...observation, id: id("observed-data", at) })),
        ]),
    ],
    [
      "processes that are each other's children",
      () => {
        const all = many(30, (at) => id("process", at));
        const processes = all.map((one) => ({ type: "process", id: one, child_refs: all }));
        const path = times(40, "child_refs[*].");
        return matchPattern(`[process:${path}pid = 1]`, [{ ...data, object_refs: all }, ...processes]);
      },
    ],
  ];

  test.each(large)("%s", (_, run) => {
    const started = performance.now();
    run();
    expect(performance.now() - started).toBeLessThan(MOST_MS);
  });
});

test("canonical JSON of what is nested without end is a TypeError", () => {
  expect(() => canonicalJson(JSON.parse(`${times(200_000, "[")}${times(200_000, "]")}`))).toThrow(TypeError);
});
