import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { decide } from "../decide.ts";
import type { Organisation, Subject } from "../subject.ts";
import { PairPolicy } from "./pair-policy.ts";
import { policySet } from "./policy-set.ts";

const seed = resolve(import.meta.dirname, "../../../../seeds/policy/pairs/SG-MY.json");
const shipped = PairPolicy.parse(JSON.parse(readFileSync(seed, "utf8")));
// As a text: an object with a `then` could be taken for a promise.
const rule = JSON.parse(`{"id": "needs-mou", "party": "exporter", "then": "withhold", "source": "A test",
  "guide": "guide:x", "if": {"lacksAgreement": "mou:MY-SG", "type": ["tool"]}}`);
const policy = PairPolicy.parse({ ...shipped, rules: [...shipped.rules, rule] });
const context = {
  policies: policySet([{ policy, standing: "signed" }]),
  now: Date.now(),
  individualsYtd: () => 0,
};
const sg: Organisation = { id: 1, code: "SG", member: "SG", kind: "cert" };
const my: Organisation = { id: 2, code: "MY", member: "MY", kind: "cert" };
const tool: Subject = { type: "tool", contentClass: "ttp", tlp: "green", producer: sg, to: [], findings: [] };
const told = (subject: Subject, more: Partial<Organisation>) =>
  decide(subject, { ...my, ...more }, context).reasons.map(({ code, source }) => [code, source]);

test("a decision that stands on an agreement says on which terms", () => {
  const agreed = { agreements: ["mou:MY-SG"], terms: { "mou:MY-SG": "5f2c" } };
  expect(told(tool, agreed)).toContainEqual(["agreement-in-force", "mou:MY-SG 5f2c"]);
  expect(told(tool, {})).toEqual([["rule-withholds", "A test"]]);
});

test("of an agreement that no rule asks for with this object, it says nothing", () => {
  const agreed = { agreements: ["mou:MY-SG", "nda:MY-SG"], terms: { "mou:MY-SG": "5f2c" } };
  const codes = told({ ...tool, type: "malware" }, agreed).map(([code]) => code);
  expect(codes).toContain("pair-allows");
  expect(codes).not.toContain("agreement-in-force");
});
