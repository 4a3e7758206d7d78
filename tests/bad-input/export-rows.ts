import { get, post } from "./asking.ts";
import type { Row } from "./row.ts";

const link = { name: "n", format: "csv" };
const make = (change: object): Row["ask"] => post("/v1/export-links", { ...link, ...change });

/** Exports, and the links that open them. */
export const EXPORT_ROWS: readonly Row[] = [
  { it: "an export in no format that there is", code: "bad-request", ask: get("/v1/export/docx") },
  { it: "an export in the name of a prototype", code: "bad-request", ask: get("/v1/export/constructor") },
  { it: "an export in a format of capitals", code: "bad-request", ask: get("/v1/export/CSV") },
  { it: "an export by a marking that TLP has not", code: "bad-filter", ask: get("/v1/export/csv?tlp=mauve") },
  { it: "an export by an empty list", code: "bad-filter", ask: get("/v1/export/csv?types=,") },
  { it: "an export by one letter", code: "bad-filter", ask: get("/v1/export/csv?text=x") },
  {
    it: "an export by a parameter that there is none of",
    code: "bad-request",
    ask: get("/v1/export/csv?limit=1"),
  },
  {
    it: "an export by the same parameter twice",
    code: "bad-request",
    ask: get("/v1/export/csv?tlp=clear&tlp=red"),
  },
  {
    it: "an export of the operator's",
    code: "forbidden",
    ask: async ({ operator }) => await operator.get("/v1/export/csv"),
  },
  {
    it: "an export of nobody's",
    code: "unauthenticated",
    ask: async ({ nobody }) => await nobody.get("/v1/export/csv"),
  },
  { it: "a link in no format that there is", code: "bad-request", ask: make({ format: "docx" }) },
  { it: "a link without a name", code: "bad-request", ask: make({ name: " " }) },
  { it: "a link for more than a key may last", code: "bad-request", ask: make({ days: 91 }) },
  { it: "a link for no day", code: "bad-request", ask: make({ days: 0 }) },
  { it: "a link by a filter that is none", code: "bad-filter", ask: make({ filter: { tlp: ["mauve"] } }) },
  { it: "a link with a field that there is none of", code: "bad-request", ask: make({ organisation: "MY" }) },
  {
    it: "a link of the operator's",
    code: "forbidden",
    ask: async ({ operator }) => await operator.post("/v1/export-links", link),
  },
  { it: "links after no place", code: "bad-cursor", ask: get("/v1/export-links?after=x") },
  {
    it: "the end of a link that is not there",
    code: "not-found",
    ask: async ({ analyst }) => await analyst.send("DELETE", "/v1/export-links/0123456789ab"),
  },
  {
    it: "another key for a link that is not there",
    code: "not-found",
    ask: post("/v1/export-links/x/rotate", undefined),
  },
  {
    it: "a link that is not there",
    code: "not-found",
    ask: get(`/v1/linked-export/suar_0123456789ab_${"x".repeat(43)}`),
  },
  { it: "a link that is no key", code: "not-found", ask: get("/v1/linked-export/..%2f..%2fcsv") },
  {
    it: "a link that is longer than any",
    code: "bad-request",
    ask: get(`/v1/linked-export/${"x".repeat(101)}`),
  },
  {
    it: "a file of a feed that there is none of",
    code: "not-found",
    ask: get("/v1/export/misp/manifest.xml"),
  },
  {
    it: "an event that nobody has",
    code: "not-found",
    ask: get("/v1/export/misp/00000000-0000-5000-8000-000000000000.json"),
  },
  {
    it: "a feed of another format",
    code: "not-found",
    ask: get("/v1/export/csv/manifest.json"),
  },
  { it: "a feed by a filter", code: "bad-request", ask: get("/v1/export/misp/manifest.json?tlp=clear") },
  {
    it: "a file of a feed that is longer than any",
    code: "bad-request",
    ask: get(`/v1/export/misp/${"x".repeat(51)}`),
  },
  {
    it: "a feed of the operator's",
    code: "forbidden",
    ask: async ({ operator }) => await operator.get("/v1/export/misp/manifest.json"),
  },
  {
    it: "a feed under a link that is not there",
    code: "not-found",
    ask: get(`/v1/linked-export/suar_0123456789ab_${"x".repeat(43)}/manifest.json`),
  },
  {
    it: "no file under a link that is not there",
    code: "not-found",
    ask: get(`/v1/linked-export/suar_0123456789ab_${"x".repeat(43)}/passwd`),
  },
  { it: "a link with another filter", code: "bad-request", ask: get("/v1/linked-export/x?tlp=clear") },
];
