import { type StixObject, tlpMarkingId } from "@suar/stix";
import { ItemFormat } from "../write/export-format.ts";
import type { ExportFacts, ExportItem, WriterOptions } from "../write/writer.ts";
import { writers } from "../writers.ts";

export const NOW = Date.parse("2026-06-01T00:00:00Z");
export const ID = "indicator--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701";
export const FACTS: ExportFacts = {
  madeFor: "MY:port",
  tlps: ["green", "amber"],
  paps: [],
  written: 1,
  leftOut: 0,
  keptOut: 0,
  keptOutBy: new Map(),
  asOf: "2026-05-01T00:00:00.000001Z",
  serial: 7,
  id: "0b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701",
  exercise: undefined,
};

export function item(
  pattern: string,
  object: Partial<StixObject> = {},
  more: Partial<ExportItem> = {},
): ExportItem {
  const whole = {
    type: "indicator",
    spec_version: "2.1",
    id: ID,
    created: "2026-01-01T00:00:00.000Z",
    modified: "2026-01-01T00:00:00.000Z",
    pattern,
    pattern_type: "stix",
    valid_from: "2026-01-01T00:00:00Z",
    object_marking_refs: [tlpMarkingId("green")],
    ...object,
  } as StixObject;
  const at = "2026-05-01T00:00:00.000001Z";
  const known = { tlp: "green", pap: undefined, producer: "SG", seq: 5, at } as const;
  return { object: whole, body: JSON.stringify(whole), ...known, ...more };
}

export function written(
  format: ItemFormat,
  items: readonly ExportItem[],
  options: Partial<WriterOptions> = {},
): string {
  const writer = writers[format].open({ now: NOW, exercise: undefined, ...options });
  const single = items.map((one) => writer.write(one).text).join("");
  const text = single + [...(writer.documents?.() ?? [])].map((one) => one.text).join("");
  const { exercise } = options;
  const facts = {
    ...FACTS,
    exercise,
    ...(text === "" ? { written: 0, tlps: [] } : { written: items.length }),
  };
  return writer.header(facts) + text + writer.footer(facts);
}

/** The lines that are no comment. */
export const lines = (text: string): string[] =>
  text.split("\n").filter((line) => line !== "" && !/^[#;]/.test(line));
export const bodyOf = (format: ItemFormat, one: ExportItem, options?: Partial<WriterOptions>): string[] =>
  lines(written(format, [one], options));
export const BLOCKLISTS = ItemFormat.options.filter((format) => writers[format].isBlocklist);
export const EVIL = "[domain-name:value = 'evil.example']";
