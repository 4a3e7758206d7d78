import { rawRequest, UPGRADE } from "../support/raw-request.ts";
import { get, NOBODY_ID, post, raw, send } from "./asking.ts";
import { nested, type Row } from "./row.ts";

/** Bodies and parameters of ordinary calls. */
export const CALL_ROWS: readonly Row[] = [
  // JSON as such.
  { it: "a body that breaks off", code: "malformed-json", ask: raw("/v1/alert-rules", '{"name":') },
  {
    it: "a body that is not UTF-8",
    code: "malformed-utf8",
    ask: raw("/v1/alert-rules", Buffer.from([0x22, 0xc3, 0x28, 0x22])),
  },
  { it: "a body nested 10,000 deep", code: "too-deep", ask: raw("/v1/alert-rules", nested(10_000)) },
  {
    it: "a body with __proto__",
    code: "forbidden-key",
    ask: raw("/v1/alert-rules", '{"__proto__":{"roles":["operator"]},"name":"x","filter":{}}'),
  },
  {
    it: "a body with constructor",
    code: "forbidden-key",
    ask: raw("/v1/alert-rules", '{"constructor":{"prototype":{}},"name":"x","filter":{}}'),
  },
  {
    it: "a body of three megabytes",
    code: "too-large",
    ask: raw("/v1/alert-rules", JSON.stringify({ name: "x".repeat(3 * 1024 * 1024) })),
  },
  {
    it: "a body that is no JSON by its type",
    code: "unsupported-media-type",
    ask: raw("/v1/alert-rules", "name=x", { "content-type": "application/x-www-form-urlencoded" }),
  },
  {
    it: "a body that is XML",
    code: "unsupported-media-type",
    ask: raw("/v1/alert-rules", "<x/>", { "content-type": "application/xml" }),
  },
  {
    it: "a body that is plain text by its type",
    code: "unsupported-media-type",
    ask: raw("/v1/alert-rules", "{}", { "content-type": "text/plain" }),
  },
  {
    it: "a body that is compressed",
    code: "unsupported-media-type",
    ask: raw("/v1/alert-rules", "{}", { "content-type": "application/json", "content-encoding": "gzip" }),
  },
  { it: "a parameter that a call does not have", code: "bad-request", ask: get("/v1/log?type=indicator") },
  { it: "a parameter where there are none", code: "bad-request", ask: get("/v1/whoami?limit=2") },
  { it: "no body where one is needed", code: "bad-request", ask: send("POST", "/v1/alert-rules") },
  { it: "null for a body", code: "bad-request", ask: raw("/v1/alert-rules", "null") },
  { it: "a list for a body", code: "bad-request", ask: raw("/v1/alert-rules", "[]") },

  // Cursors, filters, limits.
  { it: "a cursor that is none", code: "bad-cursor", ask: get("/v1/log?after=abc") },
  { it: "a cursor that lies ahead", code: "bad-cursor", ask: ahead },
  { it: "a negative cursor", code: "bad-cursor", ask: get("/v1/log?after=-1") },
  { it: "a cursor of another epoch", code: "cursor-reset", ask: get("/v1/log?after=00000000.1") },
  { it: "a cursor with an SQL quote", code: "bad-cursor", ask: get("/v1/log?after=%27%20OR%201") },
  { it: "a limit of zero", code: "bad-request", ask: get("/v1/log?limit=0") },
  { it: "a limit of words", code: "bad-request", ask: get("/v1/log?limit=many") },
  { it: "a limit over the most", code: "bad-request", ask: get("/v1/log?limit=1001") },
  { it: "a wait of an hour", code: "bad-request", ask: get("/v1/log?wait=3600") },
  { it: "a filter with a TLP that there is none of", code: "bad-filter", ask: get("/v1/log?tlp=purple") },
  { it: "a filter with an empty list", code: "bad-filter", ask: get("/v1/log?types=,") },
  { it: "a filter with a text of one letter", code: "bad-filter", ask: get("/v1/log?text=a") },
  {
    it: "a filter with 1,001 values",
    code: "bad-filter",
    ask: get(`/v1/log?values=${Array.from({ length: 1_001 }, (_, n) => `a${n}`).join(",")}`),
  },
  { it: "a filter said twice", code: "bad-request", ask: get("/v1/log?types=indicator&types=report") },
  { it: "objects after what is no number", code: "bad-cursor", ask: get("/v1/objects?after=x") },
  { it: "objects after nothing", code: "bad-cursor", ask: get("/v1/objects?after=") },
  { it: "submissions after what is no place", code: "bad-cursor", ask: get("/v1/submissions?after=x") },
  {
    it: "submissions before the beginning of time",
    code: "bad-cursor",
    ask: get("/v1/submissions?after=-271821-04-20T00:00:00.000Z"),
  },
  { it: "a search for one letter", code: "bad-request", ask: get("/v1/search?q=a") },
  { it: "a search for nothing", code: "bad-request", ask: get("/v1/search") },

  // Receipts and recalls.
  {
    it: "receipts of what the caller stated nothing about",
    code: "not-found",
    ask: get("/v1/objects/indicator--8e2e2d2b-17d4-4cbf-938f-000000000000/receipts"),
  },
  {
    it: "receipts of an id of 250 characters",
    code: "bad-request",
    ask: get(`/v1/objects/${"i".repeat(250)}/receipts`),
  },
  { it: "receipts, more than a page has", code: "bad-request", ask: get("/v1/objects/x/receipts?limit=101") },
  { it: "receipts after what is no number", code: "bad-cursor", ask: get("/v1/objects/x/receipts?after=x") },
  { it: "deliveries after what is no number", code: "bad-cursor", ask: get("/v1/log/deliveries?after=x") },
  { it: "deliveries, more than a page has", code: "bad-request", ask: get("/v1/log/deliveries?limit=501") },
  {
    it: "deliveries after more than there are numbers",
    code: "bad-cursor",
    ask: get("/v1/log/deliveries?after=9999999999999999"),
  },
  {
    it: "what was told of individuals, by a subscriber",
    code: "forbidden",
    ask: async ({ subscriber }) => await subscriber.get("/v1/log/individuals"),
  },
  {
    it: "recalls in a state that there is none of",
    code: "bad-request",
    ask: get("/v1/recalls?state=overdue"),
  },
  { it: "recalls after what is no place", code: "bad-cursor", ask: get("/v1/recalls?after=soon") },
  { it: "a recall that is not there", code: "not-found", ask: get(`/v1/recalls/${NOBODY_ID}`) },
  { it: "a recall by what is no UUID", code: "bad-request", ask: get("/v1/recalls/17") },
  {
    it: "the acknowledgement of a recall that is not there",
    code: "not-found",
    ask: post(`/v1/recalls/${NOBODY_ID}/acknowledgement`, undefined),
  },
  {
    it: "an acknowledgement in somebody's name",
    code: "bad-request",
    ask: post(`/v1/recalls/${NOBODY_ID}/acknowledgement`, { organisation: "MY" }),
  },
  ...[14, 43_201, 60.5, "60"].map((acknowledgeWithin) => ({
    it: `a recall to be acknowledged within ${JSON.stringify(acknowledgeWithin)} minutes`,
    code: "bad-request" as const,
    ask: post("/v1/objects/indicator--8e2e2d2b-17d4-4cbf-938f-000000000000/withdraw", { acknowledgeWithin }),
  })),

  // Ids, addresses, methods.
  { it: "an id that is no UUID", code: "bad-request", ask: get("/v1/submissions/17") },
  { it: "a submission that is not there", code: "not-found", ask: get(`/v1/submissions/${NOBODY_ID}`) },
  { it: "records after what is no place", code: "bad-cursor", ask: recordsAfter },
  {
    it: "an object that is not there",
    code: "not-found",
    ask: get("/v1/objects/indicator--8e2e2d2b-17d4-4cbf-938f-000000000000"),
  },
  { it: "an object id of 250 characters", code: "bad-request", ask: get(`/v1/objects/${"i".repeat(250)}`) },
  { it: "an object id of 4,000 characters", code: "not-found", ask: get(`/v1/objects/${"i".repeat(4_000)}`) },
  {
    it: "a path with a broken escape",
    code: "bad-request",
    ask: async ({ platform }) => await rawRequest(platform.url, { path: "/v1/objects/%E0%A4%A" }),
  },
  { it: "an address that cannot be decoded", code: "bad-request", ask: get("/v1/objects/%zz") },
  { it: "an address with nothing at it", code: "not-found", ask: get("/v1/nothing") },
  {
    it: "an address that climbs",
    code: "not-found",
    ask: async ({ platform }) => await rawRequest(platform.url, { path: "/v1/../../etc/passwd" }),
  },
  { it: "a method that the address has not", code: "method-not-allowed", ask: send("DELETE", "/v1/log") },
  { it: "a method that a page has not", code: "method-not-allowed", ask: send("POST", "/docs") },
  {
    it: "a method that nobody has",
    code: "method-not-allowed",
    ask: async ({ platform }) => await rawRequest(platform.url, { method: "PROPFIND", path: "/v1/log" }),
  },
  {
    it: "an upgrade where there is no stream",
    code: "bad-request",
    ask: async ({ platform }) =>
      await rawRequest(platform.url, {
        path: "/v1/log?limit=0",
        headers: { ...UPGRADE, authorization: `Bearer ${platform.key("SG")}` },
      }),
  },

  // Identity.
  {
    it: "an agency code with a capital",
    code: "bad-request",
    ask: post("/v1/agencies", { code: "Bank", name: "x", sector: "x" }),
  },
  {
    it: "an agency that is there already",
    code: "conflict",
    ask: post("/v1/agencies", { code: "example-bank", name: "x", sector: "x" }),
  },
  {
    it: "the removal of another member's agency",
    code: "not-found",
    ask: send("DELETE", "/v1/agencies/MY:example-port"),
  },
  { it: "a key without roles", code: "bad-request", ask: post("/v1/keys", { roles: [], label: "x" }) },
  {
    it: "a key with the operator's role",
    code: "bad-request",
    ask: post("/v1/keys", { roles: ["operator"], label: "x" }),
  },
  {
    it: "a key for a year",
    code: "bad-request",
    ask: post("/v1/keys", { roles: ["analyst"], label: "x", days: 365 }),
  },
  {
    it: "a key for another member",
    code: "unknown-member",
    ask: post("/v1/keys", { organisation: "MY", roles: ["analyst"], label: "x" }),
  },
  {
    it: "a person with an e-mail address that is none",
    code: "bad-request",
    ask: post("/v1/people", { title: "x", email: "nobody", roles: ["analyst"] }),
  },
  {
    it: "a sign-in token that nobody issued",
    code: "unauthenticated",
    ask: async ({ nobody }) => await nobody.post("/v1/sign-in", { token: "x".repeat(43) }),
  },
  {
    it: "the removal of a member that there is none of",
    code: "not-found",
    ask: async ({ operator }) => await operator.send("DELETE", "/v1/members/XX"),
  },

  // Webhooks.
  {
    it: "a webhook to a mail address",
    code: "bad-request",
    ask: post("/v1/webhooks", { url: "mailto:soc@example.com" }),
  },
  { it: "a webhook to FTP", code: "bad-request", ask: post("/v1/webhooks", { url: "ftp://192.0.2.1/" }) },
  { it: "a webhook to no URL", code: "bad-request", ask: post("/v1/webhooks", { url: "nowhere" }) },
  {
    it: "a webhook to a host without slashes",
    code: "bad-request",
    ask: post("/v1/webhooks", { url: "http:127.0.0.1/" }),
  },
  {
    it: "a webhook with the slashes the wrong way",
    code: "bad-request",
    ask: post("/v1/webhooks", { url: "http:\\\\127.0.0.1\\" }),
  },
  {
    it: "a webhook that begins at a cursor that is none",
    code: "bad-cursor",
    ask: post("/v1/webhooks", { url: "https://hooks.example.com/", after: "x" }),
  },
  {
    it: "a webhook that begins in another epoch",
    code: "cursor-reset",
    ask: post("/v1/webhooks", { url: "https://hooks.example.com/", after: "00000000.1" }),
  },
  {
    it: "a webhook whose description has NUL",
    code: "bad-request",
    ask: post("/v1/webhooks", { url: "https://hooks.example.com/", description: "a\u0000b" }),
  },
  { it: "a webhook that is not there", code: "not-found", ask: get(`/v1/webhooks/${NOBODY_ID}`) },
  { it: "a replay from ahead of the log", code: "bad-cursor", ask: replayAhead },
];

async function ahead({ analyst }: Parameters<Row["ask"]>[0]): ReturnType<Row["ask"]> {
  const { body } = await analyst.get("/v1/log?after=latest");
  return await analyst.get(`/v1/log?after=${String(body.next).split(".")[0]}.999999999`);
}

async function recordsAfter({ analyst }: Parameters<Row["ask"]>[0]): ReturnType<Row["ask"]> {
  const { body } = await analyst.raw("/v1/submissions?tlp=green", "value\npaged.example.com\n", {
    "content-type": "text/csv",
  });
  return await analyst.get(`/v1/submissions/${body.id}?after=x`);
}

async function replayAhead({ officer }: Parameters<Row["ask"]>[0]): ReturnType<Row["ask"]> {
  const { body } = await officer.post("/v1/webhooks", { url: "https://hooks.example.com/" });
  const answer = await officer.post(`/v1/webhooks/${body.id}/replay`, { from: 999_999_999 });
  await officer.send("DELETE", `/v1/webhooks/${body.id}`);
  return answer;
}
