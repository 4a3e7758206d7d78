import { inBatches } from "../batch.ts";
import type { Reader, ReaderEvent } from "../draft.ts";
import { Fields } from "../fields.ts";
import { FormatError } from "../format-error.ts";
import { isJsonRecord, type JsonRecord, textOf } from "../json-value.ts";
import { readLevel } from "../marking-label.ts";
import { labelsWithin, wholeOf } from "../markings-within.ts";
import { readDocument } from "../read-document.ts";
import { ReportReading } from "../report-reading.ts";
import { strictestOf, UNMARKED } from "../stricter-marking.ts";
import { documentExtension } from "./carry.ts";
import { readHead } from "./head.ts";
import { readProducts } from "./product-tree.ts";
import { readVulnerability } from "./vulnerability.ts";

/**
 * Advisories of the Common Security Advisory Framework, CSAF 2.0 and 2.1: a report that holds its vulnerabilities,
 * products as software, and what to do as courses of action.
 */
export const csafReader: Reader = {
  name: "csaf",
  mediaTypes: ["application/csaf+json"],
  streaming: false,
  detect(_mediaType, head) {
    if (!/^[\s\u00ef\u00bb\u00bf]*\{/.test(head)) return 0;
    if (/"csaf_version"\s*:/.test(head)) return 1;
    return /"document"\s*:\s*\{/.test(head) && /"(?:tracking|publisher|product_tree)"\s*:/.test(head)
      ? 0.9
      : 0;
  },
  async *read(source) {
    const advisory = await readDocument(source);
    yield* inBatches(readAdvisory(advisory));
  },
};

function* readAdvisory(input: unknown): Generator<ReaderEvent> {
  if (!isJsonRecord(input) || !isJsonRecord(input.document))
    throw new FormatError("not-a-bundle", "No CSAF advisory: it has no document", "/document");
  const { document } = input;
  if (textOf(document.title) === undefined)
    throw new FormatError("not-a-bundle", "A CSAF advisory needs a title (CSAF 3.2.1.12)", "/document/title");
  const reading = new ReportReading(nameOf(document), 1, markingOf(input, document));
  const place = { index: 0, at: "/document" };
  const advisory = new Fields(input, "", place, reading);
  advisory.raw("$schema");
  advisory.raw("document");
  const head = readHead(new Fields(document, "/document", place, reading), place, reading);
  const extensions = documentExtension(input, place, reading);
  const products = readProducts(advisory, reading);
  for (const fields of advisory.each("vulnerabilities")) {
    readVulnerability(fields, products, reading);
    yield* reading.drained();
  }
  advisory.rest("No field of an advisory (CSAF 3.2)");
  // A report names at least one thing (STIX 2.1 §4.16); an advisory of prose alone names its notes.
  if (reading.held.size === 0) reading.note(place, head.local, "Advisory", head.name);
  const prose = [...reading.held].filter((local) => !local.startsWith("note--"));
  const object_refs = prose.length > 0 ? prose : [...reading.held];
  reading.container(place, "report", {
    ...head.object,
    type: "report",
    object_refs,
    ...(Object.keys(extensions).length > 0 && { extensions }),
  });
  yield* reading.finished();
}

/** An advisory is told from others by its publisher and its number (CSAF 3.2.1.12.4), in all its versions. */
function nameOf({ publisher, tracking, title }: JsonRecord): string {
  const namespace = isJsonRecord(publisher) ? textOf(publisher.namespace) : undefined;
  const id = isJsonRecord(tracking) ? textOf(tracking.id) : undefined;
  return `csaf/${namespace ?? ""}/${id ?? textOf(title)}`;
}

/** No sharing at all, which CSAF 2.1 says by a group of nil (3.2.2.5.1). */
const NOBODY = /^0{8}-0{4}-[0-9]0{3}-[0-9]0{3}-0{12}$/;

/**
 * TLP 1 of CSAF 2.0 or TLP 2.0 of CSAF 2.1, and the lines of its texts that are labels: the strictest. A group that
 * nobody belongs to is no level: the whole is refused.
 */
function markingOf(input: JsonRecord, { distribution }: JsonRecord): ReturnType<typeof wholeOf> {
  const said = isJsonRecord(distribution) ? distribution : {};
  const tlp = isJsonRecord(said.tlp) ? said.tlp : {};
  const group = isJsonRecord(said.sharing_group) ? (textOf(said.sharing_group.id) ?? "") : "";
  if (NOBODY.test(group))
    throw new FormatError(
      "unknown-marking",
      "Its sharing group allows no sharing at all",
      "/document/distribution/sharing_group",
    );
  const label = tlp.label === undefined ? UNMARKED : readLevel(textOf(tlp.label) ?? String(tlp.label), "tlp");
  return wholeOf(strictestOf([label, labelsWithin(input)]), "/document/distribution/tlp/label");
}
