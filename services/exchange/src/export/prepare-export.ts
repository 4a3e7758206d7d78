import { ItemFormat, writers } from "@suar/formats";
import { prepareCollection } from "./misp/prepare-collection.ts";
import { fileName, type Prepared } from "./prepared.ts";
import type { StandingLog } from "./standing-items.ts";
import { type Subject, survey } from "./survey.ts";
import { writeExport } from "./write-export.ts";

/** A whole export in any of the formats. */
export async function prepareExport(subject: Subject, log: StandingLog, view: string): Promise<Prepared> {
  const format = ItemFormat.safeParse(subject.format);
  if (!format.success) return await prepareCollection(subject, log, view);
  const of = { ...subject, format: format.data };
  const surveyed = await survey(of, log);
  const { mediaType, extension } = writers[of.format];
  return {
    tag: surveyed.tag,
    mediaType,
    fileName: fileName(subject, extension),
    pieces: (handed) => writeExport(of, log, surveyed, handed),
  };
}
