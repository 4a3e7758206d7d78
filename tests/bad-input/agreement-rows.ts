import { get, NOBODY_ID, post } from "./asking.ts";
import type { Row } from "./row.ts";

const proposal = { with: "MY", kind: "mou", title: "t", begins: "2027-01-01" };
const propose = (change: object): Row["ask"] => post("/v1/agreements", { ...proposal, ...change });

/** Agreements between members, and what follows a change of them. */
export const AGREEMENT_ROWS: readonly Row[] = [
  { it: "an agreement with nobody", code: "bad-request", ask: propose({ with: undefined }) },
  { it: "an agreement with an agency", code: "bad-request", ask: propose({ with: "MY:example-port" }) },
  { it: "an agreement with oneself", code: "unknown-member", ask: propose({ with: "SG" }) },
  { it: "an agreement with no member", code: "unknown-member", ask: propose({ with: "XX" }) },
  { it: "an agreement of no kind", code: "bad-request", ask: propose({ kind: "handshake" }) },
  { it: "an agreement with a blank title", code: "bad-request", ask: propose({ title: " " }) },
  { it: "an agreement that begins on no day", code: "bad-request", ask: propose({ begins: "2027-02-30" }) },
  { it: "an agreement that ends as it begins", code: "bad-request", ask: propose({ ends: "2027-01-01" }) },
  {
    it: "an agreement with a field that there is none of",
    code: "bad-request",
    ask: propose({ state: "in-force" }),
  },
  {
    it: "an analyst's proposal",
    code: "forbidden",
    ask: async ({ analyst }) => await analyst.post("/v1/agreements", proposal),
  },
  { it: "an agreement that is not there", code: "not-found", ask: get(`/v1/agreements/${NOBODY_ID}`) },
  {
    it: "the acceptance of an agreement that is not there",
    code: "not-found",
    ask: post(`/v1/agreements/${NOBODY_ID}/accept`, undefined),
  },
  {
    it: "the end of an agreement that is not there",
    code: "not-found",
    ask: post(`/v1/agreements/${NOBODY_ID}/end`, undefined),
  },
  {
    it: "an analyst's question whether something is being closed",
    code: "forbidden",
    ask: async ({ analyst }) => await analyst.get("/v1/closing"),
  },
  {
    it: "nobody's question whether something is being closed",
    code: "unauthenticated",
    ask: async ({ nobody }) => await nobody.get("/v1/closing"),
  },
  { it: "agreements after what is no cursor", code: "bad-cursor", ask: get("/v1/agreements?after=x") },
];
