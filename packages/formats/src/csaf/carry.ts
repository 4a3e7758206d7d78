import { suarId } from "@suar/stix";
import type { JsonRecord } from "../json-value.ts";
import { isJsonRecord } from "../json-value.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import { kept } from "./kept.ts";
import { DOCUMENT, PRODUCT_TREE, VULNERABILITY } from "./shape.ts";

/**
 * What an advisory says in its own words, beside what STIX has a place for: so that it is written again as it was read.
 * A report has the document and its products, since their numbers mean something in that document alone; each
 * vulnerability its own part, so that whoever may not see one does not see it in the report either.
 */
export const CSAF_DOCUMENT: string = suarId("extension-definition", "csaf-document", "1");
export const CSAF_VULNERABILITY: string = suarId("extension-definition", "csaf-vulnerability", "1");

/** What is longer is written anew from what STIX holds of it. */
const LONGEST_DOCUMENT = 1024 * 1024;
const LONGEST_VULNERABILITY = 256 * 1024;

type Extensions = Record<string, JsonRecord>;

/** What CSAF allows in its place, and what the reader has told of already. */
const LANGUAGE = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;
const CVE = /^CVE-\d{4}-\d{4,}$/;

export function documentExtension(input: JsonRecord, place: Place, reading: ReportReading): Extensions {
  const losing = loserOf(place, reading);
  const document = kept(input.document as JsonRecord, DOCUMENT, "/document", losing);
  for (const name of ["lang", "source_lang"])
    if (!LANGUAGE.test(String(document[name]))) Reflect.deleteProperty(document, name);
  const tree = isJsonRecord(input.product_tree) ? input.product_tree : {};
  const product_tree = kept(tree, PRODUCT_TREE, "/product_tree", losing);
  const carried = { document, ...(Object.keys(product_tree).length > 0 && { product_tree }) };
  return extension(CSAF_DOCUMENT, carried, LONGEST_DOCUMENT, () =>
    reading.lose({ ...place, at: "" }, "document", "Too long to be carried as it is written"),
  );
}

export function vulnerabilityExtension(record: JsonRecord, place: Place, reading: ReportReading): Extensions {
  const vulnerability = kept(record, VULNERABILITY, place.at, loserOf(place, reading));
  if (!CVE.test(String(vulnerability.cve))) Reflect.deleteProperty(vulnerability, "cve");
  if (Object.keys(vulnerability).length === 0) return {};
  return extension(CSAF_VULNERABILITY, { vulnerability }, LONGEST_VULNERABILITY, () =>
    reading.lose(place, "vulnerability", "Too long to be carried as it is written"),
  );
}

function loserOf(place: Place, reading: ReportReading): (at: string, reason: string) => void {
  return (at, reason) => reading.lose({ ...place, at }, at.slice(at.lastIndexOf("/") + 1), reason);
}

function extension(id: string, carried: JsonRecord, longest: number, tooLong: () => void): Extensions {
  if (JSON.stringify(carried).length > longest) {
    tooLong();
    return {};
  }
  return { [id]: { extension_type: "property-extension", ...carried } };
}
