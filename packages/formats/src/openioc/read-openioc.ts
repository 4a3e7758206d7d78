import { inBatches } from "../batch.ts";
import type { ExternalReference, Reader } from "../draft.ts";
import { drop } from "../drop.ts";
import { FormatError } from "../format-error.ts";
import { readLabelsIn } from "../labels-within-text.ts";
import { readLabelLines, readLevel, readTag } from "../marking-label.ts";
import { wholeOf } from "../markings-within.ts";
import { referenceTo } from "../reference-to.ts";
import { type Place, ReportReading } from "../report-reading.ts";
import { type Marked, strictestOf } from "../stricter-marking.ts";
import { timestampFromText } from "../timestamp-text.ts";
import { childOf, childrenOf, childText, type Element, lineOf, plainText, within } from "../xml/element.ts";
import { isXml } from "../xml/is-xml.ts";
import { readElements } from "../xml/read-elements.ts";
import { readCriteria } from "./criteria.ts";

const DOCUMENTS: ReadonlySet<string> = new Set(["ioc", "OpenIOC"]);

/** OpenIOC 1.0 and 1.1: a report with an indicator for each alternative, as far as STIX patterns can say it. */
export const openiocReader: Reader = {
  name: "openioc",
  mediaTypes: ["application/openioc+xml"],
  streaming: false,
  detect(_mediaType, head) {
    if (!isXml(head)) return 0;
    if (/schemas\.mandiant\.com\/2010\/ioc|openioc\.org\/schemas/i.test(head)) return 0.97;
    return /<(?:[\w.-]+:)?(?:ioc|OpenIOC)[\s>]/.test(head) &&
      /<(?:[\w.-]+:)?Indicator(?:Item)?[\s>]/.test(head)
      ? 0.9
      : 0;
  },
  async *read(source) {
    let next = 0;
    for await (const document of readElements(source, DOCUMENTS)) {
      const marking = wholeOf(strictestOf(markingsIn(document)), lineOf(document));
      const reading = new ReportReading(
        `openioc/${document.attributes.id ?? lineOf(document)}`,
        next,
        marking,
      );
      readDefinition(document, reading);
      yield* inBatches(reading.finished());
      next = reading.next;
    }
    if (next === 0) throw new FormatError("not-a-bundle", "No definition of OpenIOC in it", "line 1");
  },
};

/** Lines that are labels, and all labels within what names them: keywords among others, and the links of a kind. */
function* markingsIn(document: Element): Generator<Marked> {
  for (const { name, text, attributes } of within(document)) {
    yield readLabelLines(text);
    if (name === "keywords") yield readLabelsIn(text);
    if (name !== "link") continue;
    const rel = (attributes.rel ?? "").trim().toLowerCase();
    yield rel === "tlp" || rel === "pap" ? readLevel(text, rel) : readLabelsIn(`${rel}:${text}`);
  }
}

function readDefinition(document: Element, reading: ReportReading): void {
  const place = reading.record(lineOf(document));
  // 1.1 has the same fields in `metadata`, and calls `criteria` what was `definition`.
  const metadata = childOf(document, "metadata") ?? document;
  const validFrom = timestampFromText(document.attributes["last-modified"] ?? "");
  const criteria = childOf(document, "criteria") ?? childOf(document, "definition");
  const comments = commentsOf(document, place, reading);
  if (criteria !== undefined) readCriteria(criteria, { reading, comments, validFrom });
  if (reading.held.size === 0) {
    reading.reject(place, "empty-event", "The definition holds nothing that can be carried");
    return;
  }
  reading.container(place, "report", {
    type: "report",
    ...headOf(document, metadata, place, reading),
    object_refs: [...reading.held],
  });
}

function headOf(
  document: Element,
  metadata: Element,
  place: Place,
  reading: ReportReading,
): Record<string, unknown> {
  const name = childText(metadata, "short_description") ?? document.attributes.id ?? "OpenIOC";
  const id = document.attributes.id;
  const keywords = (childText(metadata, "keywords") ?? "").split(/[,\s]+/).filter((word) => word !== "");
  const { references, labels } = linksOf(metadata);
  if (childText(metadata, "authored_by") !== undefined)
    reading.lose(place, "authored_by", "Personal data is not carried");
  for (const child of metadata.children)
    if (!KNOWN.has(child.name)) reading.lose({ ...place, at: lineOf(child) }, child.name, "No place for it");
  const all = [...new Set([...keywords, ...labels])].filter((label) => readTag(label) === undefined);
  return drop({
    name,
    description: childText(metadata, "description"),
    published: timestampFromText(childText(metadata, "authored_date") ?? ""),
    report_types: ["indicator"],
    labels: all.length > 0 ? all : undefined,
    external_references: [...(id === undefined ? [] : [referenceTo("openioc", { id })]), ...references],
  });
}

const KNOWN: ReadonlySet<string> = new Set(
  "short_description description keywords authored_by authored_date links metadata criteria definition parameters".split(
    " ",
  ),
);

/** `<link rel="threatgroup">name</link>`: a label; with an address, a reference. */
function linksOf(metadata: Element): { references: ExternalReference[]; labels: string[] } {
  const references: ExternalReference[] = [];
  const labels: string[] = [];
  for (const link of childrenOf(metadata, "links").flatMap((links) => childrenOf(links, "link"))) {
    const [rel, text, url] = [link.attributes.rel ?? "link", plainText(link), link.attributes.href];
    if (url !== undefined && url !== "") references.push(referenceTo(rel, { url, description: text }));
    else if (text !== undefined && !/^\s*(?:tlp|pap)\s*$/i.test(rel))
      labels.push(`${rel}:${text}`.slice(0, 200));
  }
  return { references, labels };
}

/** What `parameters` of 1.1 say of items: comments are kept, other settings of some engine are not. */
function commentsOf(document: Element, place: Place, reading: ReportReading): Map<string, string> {
  const comments = new Map<string, string>();
  const params = childrenOf(document, "parameters").flatMap((all) => childrenOf(all, "param"));
  for (const param of params) {
    const { name = "param", "ref-id": id } = param.attributes;
    const value = childText(param, "value");
    if (id !== undefined && value !== undefined && /comment|description|note/i.test(name))
      comments.set(id, value);
    else
      reading.lose(
        { ...place, at: lineOf(param) },
        name,
        `No place for this parameter: ${(value ?? "").slice(0, 80)}`,
      );
  }
  return comments;
}
