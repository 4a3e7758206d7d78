import type { JsonRecord } from "../../json-value.ts";

/** An advisory while it is put together: in the words of 2.0 or 2.1, whichever it was read in. */
export type Parts = {
  document: JsonRecord;
  product_tree: JsonRecord;
  vulnerabilities: JsonRecord[];
};

/** A list of records where there is one. */
export function recordsIn(record: JsonRecord, name: string): JsonRecord[] {
  const list = record[name];
  return Array.isArray(list) ? (list as JsonRecord[]) : [];
}

export function textsIn(record: JsonRecord, name: string): string[] {
  const list = record[name];
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
}

/** Sets a list, or takes it away where nothing is left of it. */
export function setList(record: JsonRecord, name: string, list: readonly unknown[]): void {
  if (list.length > 0) record[name] = list;
  else Reflect.deleteProperty(record, name);
}
