import { Agreement, Approval, ObjectMarking, Recall } from "@suar/contract";
import { z } from "zod";
import type { Finding } from "./findings.ts";
import { documentsOf, textsIn } from "./item-files.ts";

/** An answer that was kept before it told of versions has none. */
const Marking = ObjectMarking.omit({ tag: true }).partial({ versions: true });

/** What members say beside their submissions, in the shapes in which the platform tells of it. */
export type Words = {
  approvals: Placed<Approval>[];
  recalls: Placed<Recall>[];
  agreements: Placed<Agreement>[];
  markings: Placed<z.infer<typeof Marking>>[];
};
export type Placed<T> = { place: string; said: T };

const Page = z.object({ items: z.array(z.unknown()) });

/**
 * The documents of a folder, in the order of files' names and of their lines: answers of `suar approvals`, `recalls`,
 * `agreements` and `marking` with `--json`, lists of them, and pages of the API.
 */
export async function readWords(folder: string): Promise<{ words: Words; findings: Finding[] }> {
  const words: Words = { approvals: [], recalls: [], agreements: [], markings: [] };
  const findings: Finding[] = [];
  for await (const { place, text } of textsIn(folder))
    for (const document of documentsOf(text, place))
      for (const value of valuesOf(document.value))
        if (!addTo(words, document.place, value))
          findings.push({
            code: "unreadable",
            seq: null,
            place: document.place,
            message: "no approval, recall, agreement or marking",
          });
  return { words, findings };
}

function valuesOf(document: unknown): unknown[] {
  if (Array.isArray(document)) return document;
  const page = Page.safeParse(document);
  return page.success ? page.data.items : [document];
}

function addTo(words: Words, place: string, value: unknown): boolean {
  const add = <T>(schema: z.ZodType<T>, to: Placed<T>[]): boolean => {
    const read = schema.safeParse(value);
    if (read.success) to.push({ place, said: read.data });
    return read.success;
  };
  return (
    add(Approval, words.approvals) ||
    add(Recall, words.recalls) ||
    add(Agreement, words.agreements) ||
    add(Marking, words.markings)
  );
}
