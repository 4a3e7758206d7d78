import { describe, expect, it } from "vitest";
import { checkScenario } from "./check.ts";
import { Scenario } from "./schema.ts";

type Draft = Record<string, unknown>;

function scenarioOf(injects: Draft[], rest: Draft = {}): Scenario {
  return Scenario.parse({
    drill: 1,
    id: "8a6c0f3e-5d1b-4c57-9a52-0c7e4b1f2d11",
    title: { en: "Test" },
    tlp: "AMBER",
    duration: "PT12H",
    clock: { speed: 4, min_human: "PT5M" },
    objectives: { O1: "acknowledge" },
    participants: { SG: "SingCERT", MY: "MyCERT" },
    injects,
    ...rest,
  });
}

const inject = (id: string, rest: Draft = {}): Draft => ({
  id,
  ...("after" in rest || "when" in rest ? {} : { at: "PT1H" }),
  to: ["SG"],
  from: { role: "bank", via: "email" },
  body: { en: "Text" },
  ...rest,
});
const expectation = (rest: Draft = {}): Draft => ({ id: "e1", on: "x", within: "PT1H", points: 1, ...rest });

const told = (injects: Draft[], rest?: Draft) =>
  checkScenario(scenarioOf(injects, rest)).map(({ code, path, severity }) => [
    severity,
    code,
    path.join("."),
  ]);

describe("checking a scenario", () => {
  it("finds nothing in a good one", () => {
    const good = [
      inject("a", { expect: [expectation({ obj: "O1", by: "MY" })] }),
      inject("b", { expect: [expectation({ id: "e2", since: "e1" })] }),
    ];
    expect(told(good)).toEqual([]);
  });

  it.each<[string, Draft[], string, string]>([
    ["ids of injects twice", [inject("a"), inject("a")], "repeated-id", "injects.1.id"],
    [
      "ids of expectations twice",
      [inject("a", { expect: [expectation(), expectation()] })],
      "repeated-id",
      "injects.0.expect.1.id",
    ],
    [
      "an inject that is not there",
      [inject("a", { after: { inject: "b", delay: "PT1M" } })],
      "unknown-inject",
      "injects.0.after.inject",
    ],
    [
      "an expectation that is not there",
      [inject("a", { expect: [expectation({ since: "e9" })] })],
      "unknown-expectation",
      "injects.0.expect.0.since",
    ],
    [
      "an objective that is not there",
      [inject("a", { expect: [expectation({ obj: "toString" })] })],
      "unknown-objective",
      "injects.0.expect.0.obj",
    ],
    [
      "a player who takes no part",
      [inject("a", { to: ["SG", "VN"] })],
      "unknown-participant",
      "injects.0.to.1",
    ],
    [
      "an expected player who takes no part",
      [inject("a", { expect: [expectation({ by: "VN" })] })],
      "unknown-participant",
      "injects.0.expect.0.by",
    ],
    [
      "a trigger by one who takes no part",
      [inject("a", { when: { on: "x", by: "VN" }, else_at: "PT1H" })],
      "unknown-participant",
      "injects.0.when.by",
    ],
    ["an inject after the end", [inject("a", { at: "PT13H" })], "after-the-end", "injects.0"],
    [
      "an `else_at` after the end",
      [inject("a", { when: { on: "x" }, else_at: "PT13H" })],
      "after-the-end",
      "injects.0",
    ],
    [
      "delays that add up beyond the end",
      [inject("a", { at: "PT6H" }), inject("b", { after: { inject: "a", delay: "PT7H" } })],
      "after-the-end",
      "injects.1",
    ],
    [
      "less than the least human time",
      [inject("a", { expect: [expectation({ within: "PT19M" })] })],
      "too-hasty",
      "injects.0.expect.0.within",
    ],
  ])("finds %s", (_name, injects, code, path) => {
    expect(told(injects)).toEqual([["error", code, path]]);
  });

  it("finds cycles of `after`, and none where injects only share a predecessor", () => {
    const ring = [
      inject("a", { after: { inject: "b", delay: "PT1M" } }),
      inject("b", { after: { inject: "c", delay: "PT1M" } }),
      inject("c", { after: { inject: "b", delay: "PT1M" } }),
    ];
    expect(told(ring).map(([, code]) => code)).toEqual(["cycle", "cycle", "cycle"]);
    const fan = [
      inject("a"),
      ...["b", "c"].map((id) => inject(id, { after: { inject: "a", delay: "PT1M" } })),
    ];
    expect(told(fan)).toEqual([]);
  });

  it("allows exactly the least human time, the exact end, and any time for what must never happen", () => {
    const injects = [
      inject("a", { at: "PT12H", expect: [expectation({ within: "PT20M" })] }),
      inject("b", { expect: [expectation({ id: "e2", within: "PT1M", never: true })] }),
    ];
    expect(told(injects)).toEqual([]);
  });

  it("checks who submits and to whom, agencies by their member", () => {
    const submit = {
      by: "VN",
      format: "text",
      tlp: "AMBER",
      to: ["MY", "MY:power", "CN:grid"],
      content: "x",
    };
    expect(told([inject("a", { submit })])).toEqual([
      ["error", "unknown-participant", "injects.0.submit.by"],
      ["error", "unknown-participant", "injects.0.submit.to.2"],
    ]);
  });

  it("warns of submissions that intake would refuse", () => {
    const text = { by: "SG", format: "text", content: "x" };
    const injects = [inject("a", { submit: text }), inject("b", { submit: { ...text, tlp: "RED" } })];
    expect(told(injects)).toEqual([
      ["warning", "unmarked", "injects.0.submit"],
      ["warning", "red-needs-people", "injects.1.submit.tlp"],
    ]);
    expect(told([inject("a", { submit: { ...text, format: "stix", content: { type: "bundle" } } })])).toEqual(
      [],
    );
  });
});

describe("values that look real", () => {
  const found = (text: string) =>
    checkScenario(scenarioOf([inject("a", { body: { en: text } })])).map(
      ({ message }) => message.split(" ")[0],
    );

  it.each([
    ["call 8.8.8.8 now", ["8.8.8.8"]],
    ["hxxp://evil[.]com/kit.zip", ["evil.com"]],
    ["see https://update.zip/", ["update.zip"]],
    ["mail ops@bank.sh", ["bank.sh"]],
    ["2606:4700::1111 and 10.0.0.1", ["10.0.0.1", "2606:4700::1111"]],
    ["收到пример.рф的邮件", ["пример.рф"]],
    ["访问evil.com的页面", ["evil.com"]],
    ["访问pay-cn.example的页面，ดูที่pay-th.exampleนะ", []],
    ["192.0.2.999", []],
    ["192.0.2.10, 198.51.100.2, 203[.]0[.]113[.]7 and 2001:db8::1, 3fff::1", []],
    ["a.example b.test c.invalid www.example.com", []],
    ["kit.zip and report.pdf at 10:20:30", []],
    ["d41d8cd98f00b204e9800998ecf8427e", []],
    ["[file:hashes.'SHA-256' = 'ab'] and [network-traffic:dst_ref.value = 'x']", []],
  ])("in %j: %j", (text, expected) => expect(found(text)).toEqual(expected));

  it("are found anywhere in a submission, with their path", () => {
    const content = { objects: [{ type: "url", value: "http://evil.com" }] };
    const submit = { by: "SG", format: "stix", tlp: "GREEN", content };
    expect(told([inject("a", { submit })])).toEqual([
      ["warning", "looks-real", "injects.0.submit.content.objects.0.value"],
    ]);
  });

  it("are looked for in linear time", () => {
    const hostile = [
      "a.".repeat(200_000),
      "a".repeat(400_000),
      "1.".repeat(200_000),
      "a:".repeat(200_000),
      "a-".repeat(200_000),
    ];
    const started = performance.now();
    for (const text of hostile) found(text);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
