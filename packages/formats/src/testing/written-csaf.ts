import type { StixObject } from "@suar/stix";
import type { Draft } from "../draft.ts";
import type { ItemFormat } from "../write/export-format.ts";
import type { ExportItem, WriterOptions } from "../write/writer.ts";
import { written } from "./export-fixture.ts";

const AT = "2026-05-01T00:00:00.000001Z";
const TIME = "2026-03-01T00:00:00.000Z";

/** What was drafted, as whoever may see all of it is handed it: its locals are its ids. */
export function released(drafts: readonly Draft[]): ExportItem[] {
  return drafts.flatMap((draft, seq) => {
    if (draft.kind !== "object") return [];
    const times = { created: TIME, modified: TIME };
    const object = { ...times, ...draft.object, id: draft.local } as unknown as StixObject;
    const { tlp = "green", pap } = draft.marking ?? {};
    return [{ object, body: JSON.stringify(object), tlp, pap, producer: "SG", seq: seq + 1, at: AT }];
  });
}

/** The files of an export of CSAF, by their paths. */
export function csafFiles(
  format: ItemFormat,
  items: readonly ExportItem[],
  options: Partial<WriterOptions> = {},
): Map<string, string> {
  const archive = Buffer.from(written(format, items, options));
  const files = new Map<string, string>();
  for (let at = 0; archive[at] !== 0; ) {
    const field = (from: number, length: number): string =>
      archive.toString("latin1", at + from, at + from + length).replace(/\0[\s\S]*$/, "");
    const size = Number.parseInt(field(124, 12), 8);
    const prefix = field(345, 155);
    files.set(
      `${prefix}${prefix === "" ? "" : "/"}${field(0, 100)}`,
      archive.toString("utf8", at + 512, at + 512 + size),
    );
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

/** The advisories of an export. */
export function csafDocuments(
  format: ItemFormat,
  items: readonly ExportItem[],
  options: Partial<WriterOptions> = {},
): Record<string, unknown>[] {
  const files = [...csafFiles(format, items, options)];
  return files.filter(([path]) => path.endsWith(".json")).map(([, text]) => JSON.parse(text));
}
