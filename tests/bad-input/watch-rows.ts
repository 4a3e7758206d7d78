import { JSON_TYPE, type Row } from "./row.ts";

const FIRST = { "if-match": '"0"' };

const watches =
  (body: unknown, headers: Record<string, string> = FIRST): Row["ask"] =>
  async ({ analyst }) =>
    await analyst.send("PUT", "/v1/watch", body, { ...JSON_TYPE, ...headers });

const watching =
  (value: unknown): Row["ask"] =>
  async (stage) =>
    await watches({ values: ["bank.example", value] })(stage);

/** What an organisation watches, and the word that stands for it. */
export const WATCH_ROWS: readonly Row[] = [
  { it: "a watch list without If-Match", code: "bad-request", ask: watches({ values: [] }, {}) },
  {
    it: "a watch list of a version that there is none of",
    code: "edited-meanwhile",
    ask: watches({ values: [] }, { "if-match": '"999999999"' }),
  },
  {
    it: "a watch list whose version is no number",
    code: "edited-meanwhile",
    ask: watches({ values: [] }, { "if-match": '"1 OR 1=1"' }),
  },
  {
    it: "a watch list whose version is too long",
    code: "edited-meanwhile",
    ask: watches({ values: [] }, { "if-match": '"99999999999999999999"' }),
  },
  { it: "a watch list without values", code: "bad-request", ask: watches({}) },
  { it: "a watch list with another field", code: "bad-request", ask: watches({ values: [], of: "MY" }) },
  { it: "a watch list of 5,001", code: "bad-request", ask: watches({ values: Array(5_001).fill("AS1") }) },
  { it: "watching an empty text", code: "bad-request", ask: watching("") },
  { it: "watching a number", code: "bad-request", ask: watching(64496) },
  { it: "watching a word", code: "bad-request", ask: watching("bank") },
  { it: "watching everything by its word", code: "bad-request", ask: watching("@watch") },
  { it: "watching every address", code: "bad-request", ask: watching("::/0"), tells: "nobody's own" },
  { it: "watching a URL", code: "bad-request", ask: watching("https://bank.example/login") },
  { it: "watching what is too long", code: "bad-request", ask: watching(`${"a.".repeat(300)}example`) },
  { it: "watching no CPE name", code: "bad-request", ask: watching("cpe:2.3:a:maker:kit"), tells: "CPE" },
  {
    it: "watching each product there is",
    code: "bad-request",
    ask: watching("cpe:2.3:a:*:*:*:*:*:*:*:*:*:*"),
    tells: "neither a vendor nor a product",
  },
  {
    it: "watching with a subscriber's key",
    code: "forbidden",
    ask: async ({ subscriber }) => await subscriber.send("PUT", "/v1/watch", { values: [] }, FIRST),
  },
  {
    it: "a watch list of the operator",
    code: "forbidden",
    ask: async ({ operator }) => await operator.get("/v1/watch"),
  },
  {
    it: "a filter with a word with an @ that there is none of",
    code: "bad-filter",
    ask: async ({ analyst }) => await analyst.get("/v1/log?values=@watched"),
  },
];
