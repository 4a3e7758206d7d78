import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkScenario } from "./check.ts";
import { parseDuration } from "./duration.ts";
import { MAX_SCENARIO_BYTES, parseScenario } from "./parse.ts";

const FIRST = readFileSync(new URL("../../../seeds/drills/first.yaml", import.meta.url), "utf8");

function problemsOf(text: string) {
  const parsed = parseScenario(text);
  return parsed.ok ? [] : parsed.problems;
}
const codesOf = (text: string) => problemsOf(text).map(({ code }) => code);

/** `first.yaml` with one piece of text replaced, and the line of that piece. */
function edited(from: string, to: string) {
  expect(FIRST).toContain(from);
  const line = FIRST.slice(0, FIRST.indexOf(from)).split("\n").length;
  return { text: FIRST.replace(from, to), line };
}

describe("the first drill", () => {
  it("parses, and nothing is wrong or looks real in it", () => {
    const parsed = parseScenario(FIRST);
    expect(parsed).toMatchObject({ ok: true });
    if (!parsed.ok) return;
    expect(checkScenario(parsed.scenario)).toEqual([]);
  });

  it("replays five submissions in ten minutes, in every format and to every kind of audience", () => {
    const parsed = parseScenario(FIRST);
    if (!parsed.ok) throw new Error("first.yaml does not parse");
    const { injects, title, duration } = parsed.scenario;
    expect(Object.keys(title)).toEqual(["en", "zh"]);
    expect(parseDuration(duration) / 60).toBeLessThanOrEqual(12_000);
    expect(injects.map(({ submit }) => [submit?.by, submit?.format, submit?.tlp, submit?.to])).toEqual([
      ["SG", "misp", "green", undefined],
      ["MY", "csv", "amber", ["SG", "TH"]],
      ["PH", "text", "green", undefined],
      ["SG", "stix", "amber+strict", ["CN"]],
      ["CN", "text", "green", undefined],
    ]);
  });
});

describe("a scenario that is wrong", () => {
  it.each([
    ["tlp: GREEN\nduration", "tlp: PURPLE\nduration", "invalid-value"],
    ["duration: PT12M", "duration: 12 minutes", "invalid-value"],
    ["    at: PT2M", "    at: PT2M\n    when: { on: incident.created }\n    else_at: PT3M", "one-trigger"],
    ["    else_at: PT10M", "    else: PT10M", "unknown-key"],
    ["format: csv", "format: xml", "invalid-value"],
    ["zh: 第一束烽火", "zh: 第一束烽火\n  zh: 又", "repeated-key"],
    ["drill: 1\n", "drill: 2\n", "invalid-value"],
    ["tlp: GREEN\nduration", "tlp: &a GREEN\nduration", undefined],
    ["title:\n", "title: *a\nother:\n", "alias"],
    ["title:\n", "title: [\n", "yaml-multiline-implicit-key"],
    ["MY: MyCERT", "my: MyCERT", "invalid-value"],
  ])("%j as %j is %s", (from, to, code) => {
    const codes = codesOf(edited(from, to).text);
    if (code === undefined) expect(codes).toEqual([]);
    else expect(codes).toContain(code);
  });

  it("points at the line of each problem, all of them at once", () => {
    const hasty = edited("within: PT5M, points: 10 }", "points: 10 }");
    const text = hasty.text
      .replace("duration: PT12M", "duration: soon")
      .replace("format: csv", "format: xml")
      .replace("    else_at: PT10M\n", "")
      .replace("to: [PH]\n", "to: [PH, Philippines]\n")
      .replace("    from: { role: forensic firm, via: email }\n", "");
    const lineOf = (piece: string) => text.slice(0, text.indexOf(piece)).split("\n").length;
    expect(problemsOf(text).map(({ code, line }) => [code, line])).toEqual([
      ["invalid-value", lineOf("duration: soon")],
      ["unclear-expectation", lineOf("- { id: e1")],
      ["invalid-value", lineOf("format: xml")],
      ["invalid-value", lineOf("to: [PH, Philippines]")],
      ["missing", lineOf("id: i4")],
      ["when-needs-else", lineOf("id: i5")],
    ]);
  });

  it("gives later checks their lines too", () => {
    const { text, line } = edited("after: { inject: i2", "after: { inject: i9");
    const parsed = parseScenario(text);
    if (!parsed.ok) throw new Error("does not parse");
    const [problem] = checkScenario(parsed.scenario);
    expect(problem?.code).toBe("unknown-inject");
    expect(parsed.lineOf(problem!.path)).toBe(line);
  });
});

describe("a hostile scenario", () => {
  const doubled = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join("\n");

  it.each([
    ["too large", " ".repeat(MAX_SCENARIO_BYTES + 1), "too-large"],
    ["a million brackets", "[".repeat(1_000_000), "too-deep"],
    ["half a million dashes", "- ".repeat(500_000), "too-deep"],
    [
      "a thousand levels by indentation",
      Array.from({ length: 1000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
      "too-deep",
    ],
    ["a hundred thousand tags", "!!map ".repeat(100_000), "too-deep"],
    ["a thousand levels", `${"[".repeat(1000)}${"]".repeat(1000)}`, "too-deep"],
    ["doubling aliases", `a0: &a0 [x]\n${doubled}`, "alias"],
    ["two documents", "a: 1\n---\nb: 2\n", "yaml-multiple-docs"],
    ["an unknown tag", "a: !run ls\n", "yaml-tag-resolve-failed"],
    ["a list as a key", "? [a]\n: b\n", "complex-key"],
    ["nothing", "", "invalid-value"],
    ["a word", "drill", "invalid-value"],
    ["a prototype", "__proto__: {drill: 1}\n", "missing"],
  ])("%s is refused", (_name, text, code) => {
    const started = performance.now();
    expect(codesOf(text)).toContain(code);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("is told apart from prose with many brackets and dashes", () => {
    const { text } = edited(
      "        The host 203[.]0[.]113[.]7",
      `        ${"[ - ! & ".repeat(100)}\n        The host`,
    );
    expect(codesOf(text)).toEqual([]);
  });

  it("names the line on which it gets too deep", () => {
    expect(problemsOf(`a: 1\nb:\n  ${"[".repeat(70)}`).map(({ line }) => line)).toEqual([3]);
    const late = `${"k: v\n".repeat(20)}b: ${"[".repeat(65)}${"\n".repeat(50)}`;
    expect(problemsOf(late).map(({ line }) => line)).toEqual([21]);
    expect(problemsOf(`a: "x"\nb: 'y'\n${"- ".repeat(70)}`).map(({ line }) => line)).toEqual([3]);
  });

  it("of thirty thousand keys is read in linear time, and its problems are capped", () => {
    const text = Array.from({ length: 30_000 }, (_, i) => `k${i}: 1`).join("\n");
    const codes = codesOf(text);
    expect(codes).toHaveLength(501);
    expect(codes.at(-1)).toBe("too-many");
  });

  it("never makes the parser throw, whatever the text", () => {
    const pieces = fc.constantFrom(
      "a",
      ":",
      " ",
      "\n",
      "- ",
      "[",
      "{",
      "}",
      "'",
      '"',
      "&x",
      "*x",
      "|",
      "? ",
      "<<",
      "#",
      "%",
      "\t",
      "!!map",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (list) => {
        expect(parseScenario(list.join("")).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
