import { caller } from "../support/api.ts";
import { get, NOBODY_ID, post } from "./asking.ts";
import type { Row } from "./row.ts";

const refuse = (body: unknown): Row["ask"] => post(`/v1/approvals/${NOBODY_ID}/refusal`, body);

/** What waits for data officers. */
export const APPROVAL_ROWS: readonly Row[] = [
  { it: "approvals after what is no cursor", code: "bad-cursor", ask: get("/v1/approvals?after=x") },
  { it: "approvals after a cursor of another form", code: "bad-cursor", ask: get("/v1/approvals?after=1.x") },
  {
    it: "approvals in a state that there is none of",
    code: "bad-request",
    ask: get("/v1/approvals?state=open"),
  },
  { it: "a request that is not there", code: "not-found", ask: get(`/v1/approvals/${NOBODY_ID}`) },
  { it: "a request by what is no id", code: "bad-request", ask: get("/v1/approvals/1") },
  {
    it: "an approval of what is not there",
    code: "not-found",
    ask: async ({ officer }) => await officer.post(`/v1/approvals/${NOBODY_ID}/approval`),
  },
  {
    it: "an approval with words of its own",
    code: "bad-request",
    ask: async ({ officer }) =>
      await officer.post(`/v1/approvals/${NOBODY_ID}/approval`, { organisations: ["CN"] }),
  },
  { it: "a refusal of what is not there", code: "not-found", ask: refuse({ reason: "no" }) },
  { it: "a refusal without a reason", code: "bad-request", ask: refuse({}) },
  { it: "a refusal for nothing but spaces", code: "bad-request", ask: refuse({ reason: "   " }) },
  {
    it: "a refusal for a reason without end",
    code: "bad-request",
    ask: refuse({ reason: "x".repeat(2001) }),
  },
  { it: "a refusal for a reason with NUL", code: "bad-request", ask: refuse({ reason: "a\u0000b" }) },
  {
    it: "a refusal with more than a reason",
    code: "bad-request",
    ask: refuse({ reason: "no", state: "approved" }),
  },
  {
    it: "an analyst's approval",
    code: "forbidden",
    ask: async ({ analyst }) => await analyst.post(`/v1/approvals/${NOBODY_ID}/approval`),
  },
  {
    it: "a subscriber's look at what waits",
    code: "forbidden",
    ask: async ({ subscriber }) => await subscriber.get("/v1/approvals"),
  },
  {
    it: "the operator's look at what waits",
    code: "forbidden",
    ask: async ({ operator }) => await operator.get("/v1/approvals"),
  },
  {
    it: "a second person's key that nobody has confirmed",
    code: "key-waits",
    ask: async ({ officer, platform }) => {
      const asked = { roles: ["officer"], label: "deputy", secondPerson: true };
      const { body } = await officer.post("/v1/keys", asked);
      return await caller(platform.url, body.key).get("/v1/approvals");
    },
  },
];
