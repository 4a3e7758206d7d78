import { randomUUID } from "node:crypto";

/** An indicator of a host as another platform would send it: with an id, times and perhaps markings of its own. */
export function indicatorOf(host: string, more: object = {}): any {
  const at = "2026-03-01T00:00:00.000Z";
  const pattern = `[domain-name:value = '${host}']`;
  const id = `indicator--${randomUUID()}`;
  const fixed = { type: "indicator", spec_version: "2.1", id, created: at, modified: at, valid_from: at };
  return { ...fixed, name: host, pattern, pattern_type: "stix", ...more };
}
