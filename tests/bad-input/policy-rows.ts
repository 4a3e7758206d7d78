import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PairPolicy, policyHash } from "@suar/policy";
import { ROOT } from "../support/compose-stack.ts";
import { get, NOBODY_ID, post, send } from "./asking.ts";
import type { Row } from "./row.ts";

const shipped = JSON.parse(readFileSync(join(ROOT, "seeds/policy/pairs/SG-MY.json"), "utf8"));
const next = { ...shipped, version: 2, previous: policyHash(PairPolicy.parse(shipped)) };
const propose = (change: object, pair = "SG-MY"): Row["ask"] =>
  post(`/v1/policies/${pair}/proposals`, { policy: { ...next, ...change } });
const explain = (object: string): Row["ask"] => get(`/v1/explain?object=${object}`);
const KEY = "0123456789abcdef";
const SIGNATURE = Buffer.alloc(64).toString("base64");

/** Policies of pairs, their proposals and keys. */
export const POLICY_ROWS: readonly Row[] = [
  { it: "a pair that there is none of", code: "not-found", ask: get("/v1/policies/SG-XX") },
  { it: "a pair of one", code: "not-found", ask: get("/v1/policies/SG-SG") },
  {
    it: "the guide of a pair that there is none of",
    code: "not-found",
    ask: get("/v1/policies/SG-XX/guide"),
  },
  { it: "the guide of what is no pair", code: "bad-request", ask: get("/v1/policies/singapore/guide") },
  { it: "the page of a pair that there is none of", code: "not-found", ask: get("/policies/SG-XX") },
  { it: "the page of what is no pair", code: "not-found", ask: get("/policies/%3Cscript%3E") },
  { it: "an explanation of nothing", code: "bad-request", ask: get("/v1/explain") },
  { it: "an explanation of what is not there", code: "not-found", ask: explain(`tool--${NOBODY_ID}`) },
  { it: "an explanation of what is no id", code: "not-found", ask: explain("%F0%9F%94%A5'--") },
  { it: "an explanation of an empty id", code: "bad-request", ask: explain("") },
  { it: "an explanation of an id without end", code: "bad-request", ask: explain("x".repeat(201)) },
  { it: "an explanation of an id with NUL in it", code: "bad-request", ask: explain("tool--%00") },
  {
    it: "an explanation of a version without end",
    code: "bad-request",
    ask: explain(`tool--${NOBODY_ID}&version=${"9".repeat(101)}`),
  },
  {
    it: "an explanation for a recipient without end",
    code: "bad-request",
    ask: explain(`tool--${NOBODY_ID}&member=${"S".repeat(61)}`),
  },
  {
    it: "an explanation for what is no member",
    code: "unknown-member",
    ask: explain(`tool--${NOBODY_ID}&member=ZZ`),
    tells: "member=ZZ",
  },
  {
    it: "an explanation for an agency of no member",
    code: "unknown-member",
    ask: explain(`tool--${NOBODY_ID}&member=ZZ:port`),
  },
  {
    it: "an explanation of what is not there for a member",
    code: "not-found",
    ask: explain(`tool--${NOBODY_ID}&member=TH`),
  },
  {
    it: "an explanation by a parameter that there is none of",
    code: "bad-request",
    ask: explain(`tool--${NOBODY_ID}&recipient=MY`),
  },
  { it: "what is no pair", code: "bad-request", ask: get("/v1/policies/singapore") },
  { it: "policies after what is no cursor", code: "bad-cursor", ask: get("/v1/policies?after=x") },
  { it: "a policy for another pair", code: "conflict", ask: propose({}, "SG-TH") },
  { it: "a version that is not the next", code: "conflict", ask: propose({ version: 3 }), tells: "is 2" },
  { it: "the version that ships", code: "conflict", ask: propose({ version: 1, previous: undefined }) },
  { it: "a first version that follows another", code: "bad-request", ask: propose({ version: 1 }) },
  {
    it: "a version that follows none",
    code: "conflict",
    ask: propose({ previous: undefined }),
    tells: "previous is the hash",
  },
  { it: "a version that follows another", code: "conflict", ask: propose({ previous: "0".repeat(64) }) },
  { it: "a predecessor that is no hash", code: "bad-request", ask: propose({ previous: "SG-MY@1" }) },
  {
    it: "a policy between two others",
    code: "forbidden",
    ask: propose({ exporter: "CN", importer: "VN", rules: [] }, "CN-VN"),
  },
  { it: "a policy that allows by default", code: "bad-request", ask: propose({ default: "allow" }) },
  {
    it: "a policy with a word that is not of the vocabulary",
    code: "bad-request",
    ask: propose({ code: "x" }),
  },
  {
    it: "a policy that allows a class that there is none of",
    code: "bad-request",
    ask: propose({ allow: ["all"] }),
  },
  {
    it: "a policy with a kind of personal data left out",
    code: "bad-request",
    ask: propose({ personalData: { person: "drop" } }),
  },
  {
    it: "a policy with a rule that is code",
    code: "bad-request",
    ask: propose({
      rules: [{ ...shipped.rules[0], if: "true" }],
    }),
  },
  {
    it: "an analyst's proposal of a policy",
    code: "forbidden",
    ask: async ({ analyst }) => await analyst.post("/v1/policies/SG-MY/proposals", { policy: next }),
  },
  { it: "a proposal that is not there", code: "not-found", ask: get(`/v1/policy-proposals/${NOBODY_ID}`) },
  {
    it: "a signature for a proposal that is not there",
    code: "not-found",
    ask: post(`/v1/policy-proposals/${NOBODY_ID}/signatures`, { key: KEY, signature: SIGNATURE }),
  },
  {
    it: "a signature that is not base64",
    code: "bad-request",
    ask: post(`/v1/policy-proposals/${NOBODY_ID}/signatures`, { key: KEY, signature: "!" }),
  },
  {
    it: "a signature that waives the diff by another word than yes or no",
    code: "bad-request",
    ask: post(`/v1/policy-proposals/${NOBODY_ID}/signatures`, {
      key: KEY,
      signature: SIGNATURE,
      waiveDiff: "yes",
    }),
  },
  {
    it: "the withdrawal of a proposal that is not there",
    code: "not-found",
    ask: send("DELETE", `/v1/policy-proposals/${NOBODY_ID}`),
  },
  {
    it: "the diff of a proposal that is not there",
    code: "not-found",
    ask: send("GET", `/v1/policy-proposals/${NOBODY_ID}/diff`),
  },
  {
    it: "the diff of what is no proposal",
    code: "bad-request",
    ask: send("GET", "/v1/policy-proposals/SG-MY/diff"),
  },
  {
    it: "the diff of a policy for another pair",
    code: "conflict",
    ask: post("/v1/policies/SG-TH/diff", { policy: next }),
  },
  {
    it: "the diff of a policy between two others",
    code: "forbidden",
    ask: post("/v1/policies/CN-VN/diff", {
      policy: { ...next, exporter: "CN", importer: "VN", rules: [] },
    }),
  },
  {
    it: "the diff of a policy with a word that is not of the vocabulary",
    code: "bad-request",
    ask: post("/v1/policies/SG-MY/diff", { policy: { ...next, code: "x" } }),
  },
  {
    it: "the diff of no policy",
    code: "bad-request",
    ask: post("/v1/policies/SG-MY/diff", {}),
  },
  {
    it: "an analyst's question what a policy would change",
    code: "forbidden",
    ask: async ({ analyst }) => await analyst.post("/v1/policies/SG-MY/diff", { policy: next }),
  },
  {
    it: "proposals in a state that there is none of",
    code: "bad-request",
    ask: get("/v1/policy-proposals?state=forgotten"),
  },
  { it: "proposals after what is no cursor", code: "bad-cursor", ask: get("/v1/policy-proposals?after=x") },
  {
    it: "a policy key that is too short",
    code: "bad-signature",
    ask: post("/v1/policy-keys", { publicKey: "AAAA", label: "x" }),
  },
  {
    it: "a policy key without a label",
    code: "bad-request",
    ask: post("/v1/policy-keys", { publicKey: Buffer.alloc(32).toString("base64"), label: "" }),
  },
  { it: "policy keys after what is no cursor", code: "bad-cursor", ask: get("/v1/policy-keys?after=x") },
  {
    it: "the confirmation of a policy key that is not there",
    code: "not-found",
    ask: post(`/v1/policy-keys/${KEY}/confirm`, undefined),
  },
  { it: "a policy key that is not there", code: "not-found", ask: send("DELETE", `/v1/policy-keys/${KEY}`) },
  {
    it: "a policy key by what is no id of one",
    code: "bad-request",
    ask: send("DELETE", "/v1/policy-keys/KEY"),
  },
];
