import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import type { FormatName } from "./format-name.ts";
import { chooseReader, readers } from "./readers.ts";
import { collect } from "./testing/collect-drafts.ts";

const REPORTS = resolve(import.meta.dirname, "../../../seeds/reports");

it.each<[string, FormatName]>([
  ["incident.json", "incident"],
  ["incident.txt", "text"],
  ["indicators.csv", "csv"],
  ["misp-event.json", "misp"],
])("the sample %s is found to be %s and read without a reject", async (file, format) => {
  const bytes = readFileSync(resolve(REPORTS, file));
  expect(chooseReader({ head: bytes.toString("latin1") })).toMatchObject({
    ok: true,
    reader: { name: format },
  });
  const { drafts, rejects } = await collect(readers[format], bytes);
  expect(rejects).toEqual([]);
  expect(drafts.length).toBeGreaterThan(4);
});
