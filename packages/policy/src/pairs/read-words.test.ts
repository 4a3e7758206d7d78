import { expect, it } from "vitest";
import type { Organisation, Subject } from "../subject.ts";
import { PairPolicy } from "./pair-policy.ts";
import { policySet } from "./policy-set.ts";
import { asRead, readWords } from "./read-words.ts";

const SG: Organisation = { id: 1, code: "SG", member: "SG", kind: "cert" };
const subject: Subject = {
  type: "indicator",
  contentClass: "indicator.infrastructure",
  tlp: "green",
  producer: SG,
  to: [],
  findings: [],
};

const operations = Object.fromEntries(
  ["person", "email", "phone", "nationalId", "passport", "victimIp", "account", "unlisted"].map((kind) => [
    kind,
    "drop",
  ]),
);

const policies = policySet([
  {
    standing: "shipped",
    policy: PairPolicy.parse({
      schema: "pair-policy/1",
      exporter: "SG",
      importer: "CN",
      version: 1,
      effective: { from: "2026-01-01T00:00:00Z", until: null },
      basis: { id: "none", kind: "none", status: "none", signed: null, expires: null },
      default: "withhold",
      allow: ["indicator.infrastructure"],
      allowNamed: [],
      personalData: operations,
      // As a text: an object with a `then` could be taken for a promise.
      rules: JSON.parse(`[
        {"id": "a", "if": {"label": ["important-data"]}, "then": "withhold", "source": "s", "guide": "guide:x", "party": "exporter"},
        {"id": "b", "if": {"sector": ["energy"]}, "then": "withhold", "source": "s", "guide": "guide:x", "party": "exporter"}
      ]`),
      quota: null,
      obligations: [],
      deadlineHours: 24,
    }),
  },
]);

it("keeps the labels and sectors that some rule asks for, and no others", () => {
  const read = readWords(policies);
  expect(asRead({ ...subject, labels: ["kit-7", "important-data"], sectors: ["energy", "x"] }, read)).toEqual(
    {
      ...subject,
      labels: ["important-data"],
      sectors: ["energy"],
    },
  );
  expect(asRead({ ...subject, labels: ["kit-7"] }, read)).toEqual(subject);
});

it("leaves a subject without any as it is", () => {
  expect(asRead(subject, readWords(policies))).toBe(subject);
});
