import { markingLines } from "../marking-lines.ts";
import { validityOf } from "../validity.ts";
import { type ExportItem, NOTHING, type Writer, type WrittenDocument } from "../writer.ts";
import { assemble, type CsafVersion } from "./assemble.ts";
import { Directory } from "./directory.ts";
import { Gathered } from "./gathered.ts";
import { TAR_END, tarEntry } from "./tar-entry.ts";

/**
 * Advisories about products, each a document of CSAF, in the folders of a provider (§7) as a tar archive. A document is of
 * several renditions: they wait in a bounded memory until the last of them was seen.
 */
export function csafWriter(version: CsafVersion): Writer {
  return {
    mediaType: "application/x-tar",
    extension: ".tar",
    isBlocklist: false,
    isOfParts: true,
    losses: [
      "everything but reports about products, vulnerabilities, software and what is said about them",
      "scores of what was not read of CSAF, but for their vectors in a note",
      "what mitigates where all products are fixed or not affected",
      ...(version === "2.0" ? ["metrics that CSAF 2.0 does not have, but for their words in a note"] : []),
    ],
    open: ({ now, exercise }) => {
      const gathered = new Gathered();
      return {
        header: (facts) => tarEntry("README.txt", markingLines(facts, "#", "objects"), 0),
        footer: () => TAR_END,
        write: (item) =>
          validityOf(item.object, now) === "over" ? NOTHING : { ...NOTHING, isHeld: gathered.add(item) },
        documents: () => documentsOf(gathered, version, exercise),
      };
    },
  };
}

function* documentsOf(
  gathered: Gathered,
  version: CsafVersion,
  exercise: string | undefined,
): Generator<WrittenDocument> {
  const directory = new Directory();
  const newest = [...gathered.advisories()].sort((a, b) => seqOf(b) - seqOf(a));
  for (const advisory of newest) {
    const { document, items } = assemble(advisory, version, exercise);
    const text = directory.add((items[0] as ExportItem).producer, document);
    if (text !== "") yield { text, items };
  }
  yield { text: directory.lists(), items: [] };
}

/** The newest first: of two that have one number, the one that was logged last. */
function seqOf({
  report,
  vulnerabilities,
}: {
  report: ExportItem | undefined;
  vulnerabilities: readonly ExportItem[];
}): number {
  return (report ?? vulnerabilities[0])?.seq ?? 0;
}
