import { expect, it } from "vitest";
import { readLabelsIn } from "./labels-within-text.ts";
import { readLabelLine, readTag, wholeMarking } from "./marking-label.ts";

it.each([
  ["TLP:RED", { tlp: "red" }],
  ["# TLP: AMBER+STRICT", { tlp: "amber+strict" }],
  ["## **TLP:** Amber ##", { tlp: "amber" }],
  ["> - = tlp amber", { tlp: "amber" }],
  ["[TLP:RED]\r", { tlp: "red" }],
  ["TLP：ＲＥＤ", { tlp: "red" }],
  ["Marking: TLP:RED", { tlp: "red" }],
  ["**Classification:** TLP:AMBER", { tlp: "amber" }],
  ["TLP 2.0: RED", { tlp: "red" }],
  ["Traffic Light Protocol (TLP): green", { tlp: "green" }],
  ["TLP:RED (named people only)", { tlp: "red" }],
  ["TLP:GREEN | PAP:AMBER", { tlp: "green", pap: "amber" }],
  ["TLP:GREEN, TLP:RED", { tlp: "red" }],
  ["PAP:RED", { pap: "red" }],
])("reads %j as a label", (line, marking) => {
  expect(readLabelLine(line)).toEqual({ marking, unknown: [] });
});

it.each(["TLP:MAUVE", "tlp:", "# TLP: AMBER STRICTER", "PAP:WHATEVER", "Marking: TLP:EX:CHR"])(
  "knows %j for a label of no level",
  (line) => {
    expect(readLabelLine(line)).toMatchObject({ marking: undefined, unknown: [expect.any(String)] });
    expect(() => wholeMarking(line, "line 1")).toThrow(
      expect.objectContaining({ code: "unknown-marking", at: "line 1" }),
    );
  },
);

it.each([
  "red",
  "Red team exercise",
  "TLP Red team exercise",
  "We share this under TLP:RED",
  "TLP:RED information must stay with those who were in the room",
  "TLP: the Traffic Light Protocol, as FIRST defines it",
  "the paper of record",
  `TLP:RED${" ".repeat(300)}x`,
  "",
])("takes %j for no label", (line) => {
  expect(readLabelLine(line)).toBeUndefined();
});

it("takes whatever begins as a marking for one, where it is a tag", () => {
  expect(readTag(" TLP:Red ")).toEqual({ marking: { tlp: "red" }, unknown: [] });
  expect(readTag("tlp:red for the people in the room only")?.unknown).toHaveLength(1);
  expect(readTag("tlphant")).toBeUndefined();
  expect(readTag("botnet")).toBeUndefined();
});

it("looks at a long line of blanks in no time", () => {
  const started = performance.now();
  for (let at = 0; at < 200; at++) readTag(`tlp${" ".repeat(20_000)}x`);
  expect(performance.now() - started).toBeLessThan(1_000);
});

it.each([
  ["TLP: AMBER + STRICT", { tlp: "amber+strict" }],
  ["TLP:AMBER (STRICT)", { tlp: "amber+strict" }],
  ["TLP AMBER - STRICT", { tlp: "amber+strict" }],
  ["Subject: [TLP:GREEN] Weekly phishing", { tlp: "green" }],
  ["TLP:RED weekly report", { tlp: "red" }],
])("takes of %j no laxer level than it has", (line, marking) => {
  expect(readLabelLine(line)).toEqual({ marking, unknown: [] });
});

it.each([
  ["[TLP:AMBER STRICT] a phish", { tlp: "amber+strict" }],
  ["[TLP:AMBER-STRICT] a phish", { tlp: "amber+strict" }],
  ["TLP: AMBER + STRICT", { tlp: "amber+strict" }],
  ["Fwd: [TLP:AMBER+STRICT] a phish", { tlp: "amber+strict" }],
  ["[TLP RED] a phish", { tlp: "red" }],
  ["TLP-RED: a phish", { tlp: "red" }],
  ["TLPRED a phish", { tlp: "red" }],
  ["TLP 2.0: RED", { tlp: "red" }],
  ["TLP：ＲＥＤ 通知", { tlp: "red" }],
  ["Traffic Light Protocol (TLP): RED", { tlp: "red" }],
  ["apt tlp:red", { tlp: "red" }],
  ["a TLP:GREEN report, PAP:RED", { tlp: "green", pap: "red" }],
  ["**TLP:** [RED]", { tlp: "red" }],
  ["TLP:GREEN then TLP:RED", { tlp: "red" }],
])("finds the labels within %j", (text, marking) => {
  expect(readLabelsIn(text)).toEqual({ marking, unknown: [] });
});

it.each([
  "[TLP:R] x",
  "TLP:MAUVE",
  "TLP:AMBER+MORE x",
  "TLP:AMBER/RED",
  "TLP: AMBER STRICTLY",
  "tlp:",
  "TLP AMBER+X",
])("knows that %j holds a level that nobody knows", (text) =>
  expect(readLabelsIn(text)).toMatchObject({ marking: undefined, unknown: [expect.any(String)] }),
);

it.each(["TLP Red team exercise", "tlphant red", "about the TLP and its levels", "red", ""])(
  "finds no label within %j",
  (text) => expect(readLabelsIn(text)).toEqual({ marking: undefined, unknown: [] }),
);

it.each(["tlp", "tlp ", "tlp(", " ", "amber+", "traffic light protocol "])(
  "finds labels within much of %j in no time",
  (text) => {
    const started = performance.now();
    readLabelsIn(text.repeat(20_000));
    expect(performance.now() - started).toBeLessThan(500);
  },
);
