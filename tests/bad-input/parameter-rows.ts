import { bundleOf } from "../support/bundle-of.ts";
import { CSV_TYPE, JSON_TYPE, type Row, TEXT_TYPE } from "./row.ts";
import { GOOD_TABLE, indicator, post } from "./submitting.ts";

const TLP_RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";

/** Markings, recipients, origins and keys that a submission cannot have. */
export const PARAMETER_ROWS: readonly Row[] = [
  { it: "a table without any marking", code: "unmarked", ask: post("", GOOD_TABLE, CSV_TYPE) },
  { it: "a bundle without any marking", code: "unmarked", ask: post("", bundleOf(indicator(1)), JSON_TYPE) },
  {
    it: "an unmarked dry run",
    code: "unmarked",
    ask: post("?dryRun=true", bundleOf(indicator(1)), JSON_TYPE),
  },
  {
    it: "a marking that TLP has not",
    code: "unknown-marking",
    ask: post("?tlp=purple", GOOD_TABLE, CSV_TYPE),
  },
  {
    it: "a marking that PAP has not",
    code: "unknown-marking",
    ask: post("?tlp=green&pap=purple", GOOD_TABLE, CSV_TYPE),
  },
  { it: "TLP:RED as a parameter", code: "red-needs-people", ask: post("?tlp=red", GOOD_TABLE, CSV_TYPE) },
  {
    it: "TLP:RED in a bundle",
    code: "red-needs-people",
    ask: post("", bundleOf(indicator(1, { object_marking_refs: [TLP_RED] })), JSON_TYPE),
  },
  {
    it: "TLP:RED in a bundle that a parameter calls green",
    code: "red-needs-people",
    ask: post("?tlp=green", bundleOf(indicator(1, { object_marking_refs: [TLP_RED] })), JSON_TYPE),
  },
  {
    it: "TLP:RED in a line above a table",
    code: "red-needs-people",
    ask: post("?tlp=green", `# TLP:RED\n${GOOD_TABLE}`, CSV_TYPE),
    tells: "line 1",
  },
  {
    it: "TLP:RED in a line of a text",
    code: "red-needs-people",
    ask: post("?tlp=green&format=text", "evil.example.com\n**TLP:RED**\n", TEXT_TYPE),
    tells: "line 2",
  },
  {
    it: "a marking that TLP has not in a line of a text",
    code: "unknown-marking",
    ask: post("?tlp=green&format=text", "Marking: TLP:PURPLE\nevil.example.com\n", TEXT_TYPE),
    tells: "line 1",
  },
  {
    it: "a table with a quote that is never closed",
    code: "bad-header",
    ask: post("?tlp=green", 'value,note\nevil.example.com,a\nbad.example.com,"b\n', CSV_TYPE),
    tells: "line 3",
  },
  {
    it: "TLP:RED in a table",
    code: "red-needs-people",
    ask: post("?tlp=green", "value,tlp\nevil.example.com,TLP:RED\n", CSV_TYPE),
    tells: "line 2",
  },
  {
    it: "an incident that is a table",
    code: "bad-request",
    ask: post("?tlp=green&kind=incident", GOOD_TABLE, CSV_TYPE),
    tells: "csv",
  },
  {
    it: "a recipient that there is none of",
    code: "unknown-member",
    ask: post("?tlp=amber&to=XX", GOOD_TABLE, CSV_TYPE),
  },
  {
    it: "an agency that there is none of",
    code: "unknown-member",
    ask: post("?tlp=amber&to=MY:nobody", GOOD_TABLE, CSV_TYPE),
  },
  {
    it: "a recipient that is no code",
    code: "unknown-member",
    ask: post(`?tlp=amber&to=${encodeURIComponent("';--")}`, GOOD_TABLE, CSV_TYPE),
  },
  {
    it: "an origin that is no address",
    code: "bad-request",
    ask: post("?tlp=green&origin=elsewhere", GOOD_TABLE, CSV_TYPE),
  },
  {
    it: "an origin with a password in it",
    code: "bad-request",
    ask: post(`?tlp=green&origin=${encodeURIComponent("https://a:b@taxii.example/")}`, GOOD_TABLE, CSV_TYPE),
    tells: "credentials",
  },
  {
    it: "the date of an origin that is not said",
    code: "bad-request",
    ask: post("?tlp=green&originAdded=2026-01-01T00:00:00Z", GOOD_TABLE, CSV_TYPE),
  },
  {
    it: "a date of an origin that is none",
    code: "bad-request",
    ask: post("?tlp=green&origin=https://taxii.example/&originAdded=yesterday", GOOD_TABLE, CSV_TYPE),
  },
  {
    it: "a marking said twice",
    code: "bad-request",
    ask: post("?tlp=green&tlp=amber", GOOD_TABLE, CSV_TYPE),
  },
  {
    it: "a kind that there is none of",
    code: "bad-request",
    ask: post("?tlp=green&kind=rumour", GOOD_TABLE, CSV_TYPE),
  },
  {
    it: "a dry run that is neither true nor false",
    code: "bad-request",
    ask: post("?tlp=green&dryRun=perhaps", GOOD_TABLE, CSV_TYPE),
  },
  {
    it: "an idempotency key with a space",
    code: "bad-request",
    ask: post("?tlp=green", GOOD_TABLE, { ...CSV_TYPE, "idempotency-key": "a b" }),
  },
  {
    it: "an idempotency key of 201 characters",
    code: "bad-request",
    ask: post("?tlp=green", GOOD_TABLE, { ...CSV_TYPE, "idempotency-key": "k".repeat(201) }),
  },
  {
    it: "an idempotency key with another body",
    code: "idempotency-mismatch",
    ask: async ({ analyst }) => {
      const headers = { ...CSV_TYPE, "idempotency-key": "reused" };
      await analyst.raw("/v1/submissions?tlp=green", GOOD_TABLE, headers);
      return await analyst.raw("/v1/submissions?tlp=green", "value\nother.example.com\n", headers);
    },
  },
  {
    it: "an idempotency key with the same body for others",
    code: "idempotency-mismatch",
    ask: async ({ analyst }) => {
      const headers = { ...CSV_TYPE, "idempotency-key": "reused-for-others" };
      await analyst.raw("/v1/submissions?tlp=amber&to=MY", GOOD_TABLE, headers);
      return await analyst.raw("/v1/submissions?tlp=amber&to=TH", GOOD_TABLE, headers);
    },
  },
];
