import { CSV_TYPE, type Row } from "./row.ts";

const post = (parameters: string): Row["ask"] => {
  return async ({ analyst }) =>
    await analyst.raw(`/v1/submissions?tlp=green&${parameters}`, "value\nevil.example.com\n", CSV_TYPE);
};

/** What narrows a submission beside its marking is understood or refused: nothing that is misspelled is passed over. */
export const OPTION_ROWS: readonly Row[] = [
  { it: "a purpose that there is not", code: "bad-request", ask: post("purpose=profit") },
  { it: "two purposes", code: "bad-request", ask: post("purpose=defence&purpose=research") },
  { it: "an empty purpose", code: "bad-request", ask: post("purpose=") },
  { it: "an end that is no time", code: "bad-request", ask: post("expires=tomorrow") },
  { it: "an end on a day that there is not", code: "bad-request", ask: post("expires=2027-02-30T00:00:00Z") },
  {
    it: "an end in a zone of its own",
    code: "bad-request",
    ask: post("expires=2099-01-01T00:00:00%2B08:00"),
  },
  {
    it: "an end that is over",
    code: "bad-request",
    ask: post("expires=2020-01-01T00:00:00Z"),
    tells: "is over already",
  },
  {
    it: "an end of a thousand digits",
    code: "bad-request",
    ask: post(`expires=2099-01-01T00:00:00.${"1".repeat(1_000)}Z`),
  },
  { it: "noForward that is neither", code: "bad-request", ask: post("noForward=yes") },
  { it: "noForward without a value", code: "bad-request", ask: post("noForward=") },
  {
    it: "releasableTo nobody",
    code: "unknown-member",
    ask: post("releasableTo=%20,"),
    tells: "releasableTo= names nobody",
  },
  {
    it: "releasableTo whom there is none of",
    code: "unknown-member",
    ask: post("releasableTo=SG,XX"),
    tells: "releasableTo=XX",
  },
  { it: "releasableTo a person", code: "unknown-member", ask: post("releasableTo=person:1") },
  { it: "releasableTo too many", code: "bad-request", ask: post(`releasableTo=${"SG,".repeat(700)}`) },
  { it: "the public under another spelling", code: "unknown-member", ask: post("to=PUBLIC") },
];

const get = (path: string): Row["ask"] => {
  return async ({ nobody }) => await nobody.get(path);
};

/** What everybody may ask, of whom nobody knows who it is. */
export const PUBLIC_ROWS: readonly Row[] = [
  { it: "events after what is no place", code: "bad-cursor", ask: get("/v1/public/events?after=x") },
  {
    it: "events after a cursor of members'",
    code: "bad-cursor",
    ask: get("/v1/public/events?after=00000000.1"),
  },
  { it: "events after nothing", code: "bad-cursor", ask: get("/v1/public/events?after=") },
  {
    it: "events after a place that somebody made up",
    code: "bad-cursor",
    ask: get(`/v1/public/events?after=${"A".repeat(56)}`),
  },
  {
    it: "events after too much",
    code: "bad-request",
    ask: get(`/v1/public/events?after=${"A".repeat(300)}`),
  },
  { it: "more events than a page has", code: "bad-request", ask: get("/v1/public/events?limit=501") },
  { it: "no events", code: "bad-request", ask: get("/v1/public/events?limit=0") },
  { it: "events by a filter", code: "bad-request", ask: get("/v1/public/events?tlp=green") },
  { it: "a public object that there is not", code: "not-found", ask: get("/v1/public/objects/indicator--x") },
  {
    it: "a public object of 250 characters",
    code: "bad-request",
    ask: get(`/v1/public/objects/${"i".repeat(250)}`),
  },
  { it: "a public object's receipts", code: "not-found", ask: get("/v1/public/objects/x/receipts") },
  { it: "a public object with NUL", code: "not-found", ask: get("/v1/public/objects/a%00b") },
  {
    it: "to write what is public",
    code: "method-not-allowed",
    ask: async ({ analyst }) => await analyst.post("/v1/public/events", {}),
  },
];
