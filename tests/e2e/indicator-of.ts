import { randomUUID } from "node:crypto";

/** An indicator of a host as another platform would send it: with an id, times and perhaps markings of its own. */
export function indicatorOf(host: string, more: object = {}): any {
  const at = "2026-03-01T00:00:00.000Z";
  // What is old is over by its age.
  const valid_from = new Date(Date.now() - 86_400_000).toISOString();
  const pattern = `[domain-name:value = '${host}']`;
  const id = `indicator--${randomUUID()}`;
  const fixed = { type: "indicator", spec_version: "2.1", id, created: at, modified: at, valid_from };
  return { ...fixed, name: host, pattern, pattern_type: "stix", ...more };
}
