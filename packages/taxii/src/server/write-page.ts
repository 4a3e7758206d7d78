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
  yield part + endOf(isFirst, next);
}

/** An empty list is prohibited (§3.7): nothing is an empty object, but for the way to what comes later. */
function endOf(isEmpty: boolean, next: string | undefined): string {
  if (next === undefined) return isEmpty ? "{}" : '],"more":false}';
  return `${isEmpty ? "{" : "],"}"more":true,"next":${JSON.stringify(next)}}`;
}

function recordText(kind: PageKind, { id, dateAdded, version, mediaType, body }: TaxiiRecord): string {
  if (kind === "objects") return body;
  if (kind === "versions") return JSON.stringify(version);
  return JSON.stringify({ id, date_added: dateAdded, version, media_type: mediaType });
}
