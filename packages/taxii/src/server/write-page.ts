import type { Page, TaxiiRecord } from "./source.ts";

/** What a page is written as: an envelope of objects, a manifest, or the versions of one object (§3.7, §5.3, §5.8). */
export type PageKind = "objects" | "manifest" | "versions";

const PART = 64 * 1024;

/** Bodies go out as they are kept, never parsed and built again; memory stays at a part, however large the page. */
export async function* writePage(kind: PageKind, { records, next }: Page): AsyncGenerator<string> {
  const name = kind === "versions" ? "versions" : "objects";
  let part = "";
  let isFirst = true;
  for await (const record of records) {
    part += isFirst ? `{"${name}":[` : ",";
    part += recordText(kind, record);
    isFirst = false;
    if (part.length < PART) continue;
    yield part;
    part = "";
  }
  // An empty list is prohibited (§3.7): nothing is an empty object.
  if (isFirst) part += "{";
  else part += next === undefined ? '],"more":false' : `],"more":true,"next":${JSON.stringify(next)}`;
  yield `${part}}`;
}

function recordText(kind: PageKind, { id, dateAdded, version, mediaType, body }: TaxiiRecord): string {
  if (kind === "objects") return body;
  if (kind === "versions") return JSON.stringify(version);
  return JSON.stringify({ id, date_added: dateAdded, version, media_type: mediaType });
}
