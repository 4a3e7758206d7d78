import { advisory, get, NOBODY_ID, post, rule, send } from "./asking.ts";
import type { Row } from "./row.ts";

/** Alert rules, alerts and advisories. */
export const RESPONSE_ROWS: readonly Row[] = [
  // Alert rules.
  { it: "an alert rule without a filter", code: "bad-filter", ask: post("/v1/alert-rules", { name: "x" }) },
  {
    it: "an alert rule whose filter says nothing",
    code: "bad-filter",
    ask: post("/v1/alert-rules", { name: "x", filter: {} }),
    tells: "one field at least",
  },
  {
    it: "an alert rule with a field that there is none of",
    code: "bad-request",
    ask: post("/v1/alert-rules", { ...rule, organisation: "MY" }),
  },
  {
    it: "an alert rule with a filter field that there is none of",
    code: "bad-filter",
    ask: post("/v1/alert-rules", { name: "x", filter: { owner: ["MY"] } }),
  },
  {
    it: "an alert rule whose name is blank",
    code: "bad-request",
    ask: post("/v1/alert-rules", { ...rule, name: "  " }),
  },
  {
    it: "an alert rule with a severity that there is none of",
    code: "bad-filter",
    ask: post("/v1/alert-rules", { name: "x", filter: { severity: ["dreadful"] } }),
  },
  {
    it: "an alert rule with an empty list",
    code: "bad-filter",
    ask: post("/v1/alert-rules", { name: "x", filter: { types: [] } }),
  },
  {
    it: "an alert rule that is not there",
    code: "not-found",
    ask: send("DELETE", `/v1/alert-rules/${NOBODY_ID}`),
  },
  {
    it: "an alert that is not there",
    code: "not-found",
    ask: post(`/v1/alerts/${NOBODY_ID}/acknowledge`, undefined),
  },
  {
    it: "alerts in a state that there is none of",
    code: "bad-request",
    ask: get("/v1/alerts?state=ignored"),
  },
  { it: "alerts after what is no cursor", code: "bad-cursor", ask: get("/v1/alerts?after=yesterday") },
  {
    it: "alerts after what only looks like a cursor",
    code: "bad-cursor",
    ask: get(`/v1/alerts?after=1.${"-".repeat(36)}`),
  },

  // Advisories.
  {
    it: "an advisory without a body",
    code: "bad-request",
    ask: post("/v1/advisories", { title: "t", tlp: "green" }),
  },
  {
    it: "an advisory without a marking",
    code: "bad-request",
    ask: post("/v1/advisories", { title: "t", body: "b" }),
  },
  {
    it: "an advisory with a marking that TLP has not",
    code: "bad-request",
    ask: post("/v1/advisories", { ...advisory, tlp: "purple" }),
  },
  {
    it: "a TLP:RED advisory",
    code: "red-needs-people",
    ask: post("/v1/advisories", { ...advisory, tlp: "red" }),
  },
  {
    it: "an advisory for a member that there is none of",
    code: "unknown-member",
    ask: post("/v1/advisories", { ...advisory, to: ["XX"] }),
  },
  {
    it: "an advisory for what is no code",
    code: "bad-request",
    ask: post("/v1/advisories", { ...advisory, to: ["malaysia"] }),
  },
  {
    it: "an advisory about what is no STIX id",
    code: "bad-request",
    ask: post("/v1/advisories", { ...advisory, references: ["indicator--x"] }),
  },
  { it: "an advisory that is not there", code: "not-found", ask: get(`/v1/advisories/${NOBODY_ID}`) },
  { it: "advisories after what is no place", code: "bad-cursor", ask: get("/v1/advisories?after=soon") },
  {
    it: "an edit without If-Match",
    code: "bad-request",
    ask: async ({ officer }) => {
      const made = await officer.post("/v1/advisories", advisory);
      return await officer.send("PUT", `/v1/advisories/${made.body.id}`, advisory);
    },
  },
  {
    it: "an edit of a version that is not the last",
    code: "edited-meanwhile",
    ask: async ({ officer }) => {
      const made = await officer.post("/v1/advisories", advisory);
      return await officer.send("PUT", `/v1/advisories/${made.body.id}`, advisory, { "if-match": '"7"' });
    },
  },
  {
    it: "a publication by the one who drafted it",
    code: "second-person-needed",
    ask: async ({ officer }) => {
      const made = await officer.post("/v1/advisories", advisory);
      return await officer.post(`/v1/advisories/${made.body.id}/publish`);
    },
  },
  {
    it: "a second publication of the same version",
    code: "conflict",
    ask: async ({ officer, analyst }) => {
      const made = await officer.post("/v1/advisories", advisory);
      await analyst.post(`/v1/advisories/${made.body.id}/publish`);
      return await analyst.post(`/v1/advisories/${made.body.id}/publish`);
    },
  },
];
