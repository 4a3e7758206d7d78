import type { Item } from "@suar/contract";
import { cleanText } from "../shell/clean-text.ts";

const TELLING = [
  "name",
  "pattern",
  "value",
  "title",
  "path",
  "key",
  "subject",
  "opinion",
  "abstract",
  "definition",
  "content",
  "relationship_type",
];

/** What an object is, in a few words; the field that tells most differs by type. */
export function describeObject(object: Record<string, unknown>): string {
  if (object.type === "relationship") {
    return cleanText(`${object.source_ref} ${object.relationship_type} ${object.target_ref}`);
  }
  const field = TELLING.find((name) => typeof object[name] === "string" && object[name] !== "");
  if (field !== undefined) return cleanText(String(object[field]), 120);
  const { hashes } = object;
  if (typeof hashes === "object" && hashes !== null)
    return cleanText(Object.values(hashes).map(String).join(" "), 120);
  return cleanText(String(object.number ?? object.id));
}

/** An item on one line: time, seq, marking, producer, kind, and what it is about. */
export function describeItem(item: Item): string {
  const time = item.at.slice(0, 19).replace("T", " ");
  const kind = item.kind === "released" ? item.object.type : `${item.kind} ${item.object.type}`;
  const parts = [time, `#${item.seq}`, item.tlp.toUpperCase(), item.producer, kind].map((part) =>
    cleanText(part),
  );
  return `${parts.join("  ")}  ${describeObject(item.object)}`;
}
