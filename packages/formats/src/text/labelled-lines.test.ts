import { expect, it } from "vitest";
import { collect, objectsOf } from "../testing/collect-drafts.ts";
import { readLabelledLines } from "./labelled-lines.ts";
import { textReader } from "./read-text.ts";

it("fills the report from lines with labels, in several languages", () => {
  const english = [
    "Title: Bank portal down",
    "Severity: high",
    "Class: availability / ddos",
    "Occurred: 2026-03-01 10:00:00 +08:00",
    "Detected: 2026-03-01T10:20:00+08:00",
    "Countries: SG, th",
    "Sectors: financial-services and energy",
    "Help wanted: sinkhole evil.example",
    "The portal was flooded.",
  ];
  expect(readLabelledLines(english.join("\n"))).toEqual({
    losses: [],
    labelled: {
      title: "Bank portal down",
      severity: "high",
      rsit: { class: "availability", type: "ddos" },
      occurred: "2026-03-01T10:00:00+08:00",
      detected: "2026-03-01T10:20:00+08:00",
      affected: { countries: ["SG", "TH"], sectors: ["financial-services", "energy"] },
      helpWanted: "sinkhole evil.example",
    },
  });
  const chinese = readLabelledLines("标题：门户瘫痪\n严重程度：高\n国家：CN、SG").labelled;
  expect(chinese).toEqual({ title: "门户瘫痪", severity: "high", affected: { countries: ["CN", "SG"] } });
  const vietnamese = readLabelledLines("Mức độ: nghiêm trọng\nPhân loại: DDoS").labelled;
  expect(vietnamese).toMatchObject({ severity: "critical", rsit: { class: "availability", type: "ddos" } });
});

it("tells what is labelled and not understood, and takes the first of each label", () => {
  const text = "Severity: dreadful\nOccurred: yesterday\nCountries: Singapore\nTitle: a\nTitle: b\nNote: x";
  const { labelled, losses } = readLabelledLines(text);
  expect(labelled).toEqual({ title: "a" });
  expect(losses.map(({ at, field }) => `${at} ${field}`)).toEqual([
    "line 1 severity",
    "line 2 occurred",
    "line 3 countries",
  ]);
});

it("makes an incident of them that keeps the narrative", async () => {
  const text = "Severity: high\nTitle: Bank portal down\n\nIt was 192.0.2.7.";
  const collected = await collect(textReader, text, { kind: "incident" });
  const [incident] = objectsOf(collected, "incident");
  expect(incident).toMatchObject({ name: "Bank portal down", description: text });
  expect(JSON.stringify(incident)).toContain('"severity":"high"');
});

it.each([" ", "#", "- ", ":", "a"])("looks through long lines of %j in no time", (piece) => {
  const started = performance.now();
  readLabelledLines(`${piece.repeat(4_900 / piece.length)}x\n`.repeat(500));
  expect(performance.now() - started).toBeLessThan(500);
});
