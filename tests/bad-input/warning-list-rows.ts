import { get, NOBODY_ID, post, raw, send } from "./asking.ts";
import type { Row } from "./row.ts";

const PATH = "/v1/warning-lists";
const list = { name: "n", version: 1, type: "cidr", list: ["198.51.100.0/24"] };
const load = (change: object): Row["ask"] => post(PATH, { ...list, ...change });
const domains = (path: string, names: unknown): Row["ask"] => send("PUT", path, { domains: names });

/** Lists of what is no threat, and members' own domains. */
export const WARNING_LIST_ROWS: readonly Row[] = [
  { it: "a list that breaks off", code: "malformed-json", ask: raw(PATH, '{"name":"n","list":["a"') },
  { it: "a list of nothing", code: "empty", ask: raw(PATH, "") },
  {
    it: "a list in another encoding",
    code: "malformed-utf8",
    ask: raw(PATH, Uint8Array.of(0x22, 0xff, 0x22)),
  },
  { it: "a list with a prototype", code: "forbidden-key", ask: raw(PATH, '{"__proto__":{},"list":["a"]}') },
  { it: "a list nested without end", code: "too-deep", ask: raw(PATH, "[".repeat(50)) },
  { it: "a list that is an array", code: "bad-list", ask: raw(PATH, "[]") },
  { it: "a list without entries", code: "bad-list", ask: load({ list: [] }) },
  { it: "a list with a number among its entries", code: "bad-list", ask: load({ list: [1] }) },
  {
    it: "a list that holds every address",
    code: "bad-list",
    ask: load({ list: ["198.51.100.1", "0.0.0.0/0"] }),
  },
  { it: "a list of a type that there is none of", code: "bad-list", ask: load({ type: "glob" }) },
  { it: "a list whose name ends a line", code: "bad-list", ask: load({ name: "a\nb" }) },
  {
    it: "a list that is called as one that is built in",
    code: "bad-list",
    ask: load({ name: "Suar: mine" }),
  },
  {
    it: "a list with an expression that goes back over the text",
    code: "bad-list",
    ask: load({ type: "regex", list: ["(a+)+\\1"] }),
  },
  {
    it: "a list of more entries than an organisation may have",
    code: "quota-exceeded",
    ask: load({ type: "string", list: Array.from({ length: 100_001 }, (_, n) => String(n)) }),
  },
  {
    it: "a list that is larger than any",
    code: "too-large",
    ask: raw(PATH, `{"list":["${"x".repeat(32 * 1024 * 1024)}"]}`),
  },
  { it: "a list from a place without a name", code: "bad-request", ask: post(`${PATH}?source=`, list) },
  {
    it: "a list with a parameter that there is none of",
    code: "bad-request",
    ask: post(`${PATH}?all=true`, list),
  },
  {
    it: "a list of an analyst's",
    code: "forbidden",
    ask: async ({ analyst }) => await analyst.post(PATH, list),
  },
  {
    it: "a list of nobody's",
    code: "unauthenticated",
    ask: async ({ nobody }) => await nobody.post(PATH, list),
  },
  { it: "a list that is not there", code: "not-found", ask: get(`${PATH}/${NOBODY_ID}`) },
  { it: "entries after no place", code: "bad-cursor", ask: get(`${PATH}/public-resolvers?after=x`) },
  {
    it: "more entries than a page has",
    code: "bad-request",
    ask: get(`${PATH}/public-resolvers?limit=5001`),
  },
  {
    it: "the end of a list that is not there",
    code: "not-found",
    ask: send("DELETE", `${PATH}/${NOBODY_ID}`),
  },
  {
    it: "the end of a list that is built in",
    code: "not-found",
    ask: send("DELETE", `${PATH}/public-resolvers`),
  },
  { it: "hits of nothing", code: "bad-request", ask: get(`${PATH}/hits`) },
  { it: "hits of what is no value", code: "bad-request", ask: get(`${PATH}/hits?value=no%20value`) },
  { it: "domains that are no names", code: "bad-list", ask: domains("/v1/members/SG/domains", ["no name"]) },
  {
    it: "domains below which strangers are",
    code: "bad-list",
    ask: domains("/v1/members/SG/domains", ["gov.sg"]),
  },
  { it: "domains in a text", code: "bad-request", ask: domains("/v1/members/SG/domains", "a.example") },
  {
    it: "another member's domains",
    code: "not-found",
    ask: domains("/v1/members/MY/domains", ["a.example"]),
  },
  { it: "domains of no member", code: "not-found", ask: domains("/v1/members/XX/domains", ["a.example"]) },
];
