import { advisory, get, post, raw, rule, send } from "./asking.ts";
import type { Row } from "./row.ts";

const NUL = "%00";

/** Bodies and parameters of ordinary calls. */
/** NUL and half characters (lone surrogates): PostgreSQL takes neither. */
export const TEXT_ROWS: readonly Row[] = [
  { it: "a search with NUL", code: "bad-request", ask: get(`/v1/search?q=a${NUL}b`) },
  { it: "objects of a type with NUL", code: "bad-request", ask: get(`/v1/objects?type=a${NUL}b`) },
  { it: "an object id with NUL", code: "not-found", ask: get(`/v1/objects/a${NUL}b`) },
  { it: "a withdrawal of an id with NUL", code: "not-found", ask: post(`/v1/objects/a${NUL}b/withdraw`, {}) },
  { it: "a key id with NUL", code: "not-found", ask: send("DELETE", `/v1/keys/a${NUL}b`) },
  {
    it: "an alert rule whose name has NUL",
    code: "bad-request",
    ask: post("/v1/alert-rules", { ...rule, name: "a\u0000b" }),
  },
  {
    it: "an alert rule whose filter has NUL",
    code: "bad-request",
    ask: post("/v1/alert-rules", { name: "x", filter: { labels: ["a\u0000b"] } }),
  },
  {
    it: "an alert rule whose filter has half a character",
    code: "bad-request",
    ask: raw("/v1/alert-rules", '{"name":"x","filter":{"labels":["\\ud800"]}}'),
  },
  {
    it: "an advisory whose title has NUL",
    code: "bad-request",
    ask: post("/v1/advisories", { ...advisory, title: "a\u0000b" }),
  },
  {
    it: "an advisory whose body has half a character",
    code: "bad-request",
    ask: raw("/v1/advisories", '{"title":"t","body":"\\udfff!","tlp":"green"}'),
  },
  {
    it: "an agency whose name has NUL",
    code: "bad-request",
    ask: post("/v1/agencies", { code: "nul", name: "a\u0000b", sector: "x" }),
  },
  {
    it: "a key whose label has NUL",
    code: "bad-request",
    ask: post("/v1/keys", { roles: ["analyst"], label: "a\u0000b" }),
  },
  {
    it: "a person whose title has NUL",
    code: "bad-request",
    ask: post("/v1/people", { title: "a\u0000b", roles: ["analyst"] }),
  },
  {
    it: "a withdrawal whose reason has NUL",
    code: "bad-request",
    ask: post("/v1/objects/indicator--8e2e2d2b-17d4-4cbf-938f-0000000000ff/withdraw", { reason: "a\u0000b" }),
  },
];
