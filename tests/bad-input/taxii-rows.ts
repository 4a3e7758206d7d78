import type { Answer, Caller } from "../support/api.ts";
import { NOBODY_ID } from "./asking.ts";
import { nested, type Stage } from "./row.ts";

/** One bad TAXII request, and the status of the error message that answers it (TAXII 2.1 §3.6.1). */
export type TaxiiRow = { it: string; ask(stage: Stage): Promise<Answer>; status: number };

const TYPE = "application/taxii+json;version=2.1";
const HEADERS = { accept: TYPE };
const GREEN = "/taxii2/live/collections/tlp-green/objects/";
const ALL = "/taxii2/live/collections/all/objects/";
const CAMPAIGN = "campaign--83422c77-904c-4dc1-aff5-5c38f3a2c55c";

const get = (path: string, headers: Record<string, string> = HEADERS) =>
  asAnalyst((api) => api.get(path, headers));
const send = (method: string, path: string) => asAnalyst((api) => api.send(method, path, undefined, HEADERS));
const post = (body: string | Uint8Array, more: Record<string, string> = {}, path = GREEN) =>
  asAnalyst((api) => api.raw(path, body, { ...HEADERS, "content-type": TYPE, ...more }));

function asAnalyst(ask: (api: Caller) => Promise<Answer>): TaxiiRow["ask"] {
  return async ({ analyst }) => await ask(analyst);
}

function withBasic(text: string): TaxiiRow["ask"] {
  const authorization = `Basic ${Buffer.from(text).toString("base64")}`;
  return async ({ nobody }) => await nobody.get("/taxii2/", { ...HEADERS, authorization });
}

export const TAXII_ROWS: readonly TaxiiRow[] = [
  // Who asks.
  { it: "no key", status: 401, ask: async ({ nobody }) => await nobody.get("/taxii2/", HEADERS) },
  { it: "a key that there is not", status: 401, ask: withBasic("abcdefgh:secret") },
  { it: "a user without a password", status: 401, ask: withBasic("abcdefgh") },
  { it: "an empty user and password", status: 401, ask: withBasic(":") },
  {
    it: "the operator, who reads no content",
    status: 403,
    ask: async ({ operator }) => await operator.get(ALL, HEADERS),
  },
  { it: "a revoked key", status: 401, ask: revoked },

  // What is asked for.
  { it: "the realm of a drill that there is not", status: 404, ask: get("/taxii2/drill_00000000/") },
  { it: "an address of nothing without the slash at its end", status: 404, ask: get("/taxii2/live/nothing") },
  {
    it: "a collection that there is not",
    status: 404,
    ask: get("/taxii2/live/collections/tlp-red/objects/"),
  },
  {
    it: "a collection by the name of a property",
    status: 404,
    ask: get("/taxii2/live/collections/__proto__/"),
  },
  { it: "an object that there is not", status: 404, ask: get(`${ALL}${CAMPAIGN}/`) },
  { it: "an object by an id that is none", status: 404, ask: get(`${ALL}x/versions/`) },
  { it: "a path that cannot be decoded", status: 400, ask: get("/taxii2/%zz/") },
  { it: "an id that cannot be decoded", status: 400, ask: get(`${ALL}campaign--%ff/`) },
  { it: "an id with a NUL in it", status: 404, ask: get(`${ALL}campaign--%00/`) },
  { it: "a status that there is not", status: 404, ask: get(`/taxii2/live/status/${NOBODY_ID}/`) },
  { it: "a status by an id that is none", status: 404, ask: get("/taxii2/live/status/1/") },
  { it: "an Accept for something else", status: 406, ask: get(ALL, { accept: "application/json" }) },
  {
    it: "an Accept for TAXII 2.0",
    status: 406,
    ask: get(ALL, { accept: "application/taxii+json;version=2.0" }),
  },

  // Filters.
  { it: "a limit of 0", status: 400, ask: get(`${ALL}?limit=0`) },
  { it: "a limit that is no number", status: 400, ask: get(`${ALL}?limit=1e3`) },
  { it: "two limits", status: 400, ask: get(`${ALL}?limit=1&limit=2`) },
  { it: "a next of somebody else's", status: 400, ask: get(`${ALL}?next=bm90aGluZw`) },
  { it: "an added_after without a zone", status: 400, ask: get(`${ALL}?added_after=2026-01-01T00:00:00`) },
  {
    it: "an added_after of a day that there is not",
    status: 400,
    ask: get(`${ALL}?added_after=2026-02-30T00:00:00Z`),
  },
  { it: "a match[version] that is none", status: 400, ask: get(`${ALL}?match[version]=newest`) },
  { it: "a match[version] of all and more", status: 400, ask: get(`${ALL}?match[version]=all,last`) },
  { it: "a match that there is not", status: 400, ask: get(`${ALL}?match[name]=x`) },
  { it: "a match[id] that is no id", status: 400, ask: get(`${ALL}?match[id]=x`) },
  { it: "a match[type] with a quote in it", status: 400, ask: get(`${ALL}?match[type]=campaign'`) },
  {
    it: "more ids than it takes",
    status: 400,
    ask: get(`${ALL}?match[id]=${Array.from({ length: 1_001 }, () => "identity--0").join(",")}`),
  },

  // What is posted.
  { it: "JSON that breaks off", status: 422, ask: post('{"objects":[') },
  { it: "a body that is not UTF-8", status: 422, ask: post(Buffer.from([0x22, 0xc3, 0x28, 0x22])) },
  { it: "a body nested 10,000 deep", status: 422, ask: post(nested(10_000)) },
  { it: "no body", status: 422, ask: post("") },
  { it: "an envelope of nothing", status: 422, ask: post('{"objects":[]}') },
  { it: "a bundle", status: 422, ask: post('{"type":"bundle","objects":[{}]}') },
  { it: "a body by another type", status: 415, ask: post("{}", { "content-type": "application/json" }) },
  { it: "a compressed body", status: 415, ask: post("{}", { "content-encoding": "gzip" }) },
  { it: "a body over the limit", status: 413, ask: post(Buffer.alloc(17 * 1024 * 1024, 0x20)) },
  { it: "a collection that is for reading", status: 403, ask: post('{"objects":[{}]}', {}, ALL) },
  {
    it: "one who may not submit",
    status: 403,
    ask: async ({ subscriber }) =>
      await subscriber.raw(GREEN, '{"objects":[{}]}', { ...HEADERS, "content-type": TYPE }),
  },

  // Methods.
  { it: "a method that an address does not have", status: 405, ask: send("DELETE", ALL) },
  { it: "a PUT", status: 405, ask: send("PUT", ALL) },
  { it: "a deletion of what is not there", status: 404, ask: send("DELETE", `${GREEN}${CAMPAIGN}/`) },
];

async function revoked({ officer, nobody }: Stage): Promise<Answer> {
  const { body } = await officer.post("/v1/keys", { roles: ["subscriber"], label: "to be revoked" });
  await officer.send("DELETE", `/v1/keys/${body.id}`);
  return await nobody.get("/taxii2/", { ...HEADERS, authorization: `Bearer ${body.key}` });
}
