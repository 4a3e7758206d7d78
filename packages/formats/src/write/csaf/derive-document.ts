import { type JsonRecord, textOf } from "../../json-value.ts";
import type { ExportItem } from "../writer.ts";
import { notesAbout, referencesOf, webReferencesOf } from "./derive-vulnerability.ts";
import type { Advisory } from "./gathered.ts";
import { recordsIn, setList } from "./parts.ts";

/** `document` (3.2.1) of a report that was no advisory of CSAF, or of a vulnerability that stands alone. */
export function deriveDocument(advisory: Advisory, subject: ExportItem): JsonRecord {
  const { object } = subject;
  const title = textOf(object.name) ?? object.id;
  const text = textOf(object.description) ?? title;
  const about = advisory.report === undefined ? [] : notesAbout(object.id, advisory);
  const document: JsonRecord = {
    title,
    publisher: publisherOf(advisory, subject),
    tracking: trackingOf(object),
    notes: [{ category: "summary", text }, ...about],
  };
  setList(document, "references", webReferencesOf(referencesOf(object)));
  const lang = textOf(object.lang);
  if (lang !== undefined) document.lang = lang;
  return document;
}

/** A CERT coordinates (3.2.1.9.1). Its namespace is a name of its own, for what it has on the web Suar does not know. */
function publisherOf({ publisher }: Advisory, { producer }: ExportItem): JsonRecord {
  const name =
    (publisher?.object.type === "identity" ? textOf(publisher.object.name) : undefined) ?? producer;
  return { category: "coordinator", name, namespace: `tag:suar,2026:${encodeURIComponent(producer)}` };
}

/** STIX says when it was first made and last changed, and nothing of the versions in between. */
function trackingOf({ id, created, modified }: ExportItem["object"]): JsonRecord {
  const [first, last] = [String(created ?? modified), String(modified ?? created)];
  const isFirst = Date.parse(first) === Date.parse(last);
  const history = [
    { number: "1", date: first, summary: "First version" },
    ...(isFirst ? [] : [{ number: "2", date: last, summary: "Last change" }]),
  ];
  return {
    id,
    status: "final",
    version: isFirst ? "1" : "2",
    initial_release_date: first,
    current_release_date: last,
    revision_history: history,
  };
}

/** Software that the tree does not have, each by its own id (3.2.2.2). */
export function addSoftware(tree: JsonRecord, software: readonly ExportItem[]): void {
  const added = software.map(({ object }) => {
    const parts = [object.vendor, object.name, object.version].map(textOf);
    const name = parts.filter((part) => part !== undefined).join(" ");
    const cpe = textOf(object.cpe);
    const helper = cpe === undefined ? {} : { product_identification_helper: { cpe } };
    return { name: name === "" ? object.id : name, product_id: object.id, ...helper };
  });
  setList(tree, "full_product_names", [...recordsIn(tree, "full_product_names"), ...added]);
}
