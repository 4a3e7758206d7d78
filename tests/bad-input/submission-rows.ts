import { formOf, type Part } from "../support/form.ts";
import { rawRequest } from "../support/raw-request.ts";
import { OPTION_ROWS } from "./option-rows.ts";
import { CSV_TYPE, JSON_TYPE, LIMITS, nested, type Row, TEXT_TYPE } from "./row.ts";

const GOOD_TABLE = "value\nevil.example.com\n";
const LARGE_TABLE = GOOD_TABLE + "e.example.com\n".repeat(LIMITS.submission / 14 + 1);
const NOT_UTF8 = Buffer.from([0x76, 0x61, 0x6c, 0x75, 0x65, 0x0a, 0xc3, 0x28, 0xff, 0xfe, 0x0a]);
const TLP_RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";

/** A bundle of one indicator. */
export function bundleOf(...objects: object[]): string {
  return JSON.stringify({ type: "bundle", id: "bundle--5d0c7f1e-8f0a-4b7e-9a52-1f5d0f1a3c01", objects });
}

export function indicator(n: number, more: object = {}): object {
  return {
    type: "indicator",
    spec_version: "2.1",
    id: `indicator--8e2e2d2b-17d4-4cbf-938f-${String(n).padStart(12, "0")}`,
    created: "2024-05-01T00:00:00.000Z",
    modified: "2024-05-01T00:00:00.000Z",
    pattern: `[domain-name:value = 'bad${n}.example.com']`,
    pattern_type: "stix",
    valid_from: "2024-05-01T00:00:00Z",
    ...more,
  };
}

const post = (path: string, body: string | Uint8Array, headers: Record<string, string>): Row["ask"] => {
  return async ({ analyst }) => await analyst.raw(`/v1/submissions${path}`, body, headers);
};
const inChunks = (path: string, body: string, headers: Record<string, string>): Row["ask"] => {
  return async ({ platform }) =>
    await rawRequest(platform.url, {
      method: "POST",
      path: `/v1/submissions${path}`,
      headers: { ...headers, authorization: `Bearer ${platform.key("SG")}` },
      chunks: body.match(/[\s\S]{1,65536}/g) ?? [],
    });
};
const FILE: Part = { file: GOOD_TABLE, type: "text/csv" };
const form = (parts: readonly Part[]): Row["ask"] => {
  const { body, headers } = formOf(parts);
  return post("?tlp=green", body, headers);
};
const deep = `{"type":"bundle","objects":${nested(10_000)}}`;

/** What the way in refuses before it acknowledges. */
export const SUBMISSION_ROWS: readonly Row[] = [
  ...OPTION_ROWS,
  {
    it: "JSON that breaks off",
    code: "malformed-json",
    ask: post("?tlp=green", '{"type":"bundle","objects":[', JSON_TYPE),
  },
  { it: "JSON that is only a comma", code: "malformed-json", ask: post("?tlp=green", ",", JSON_TYPE) },
  {
    it: "a named format whose JSON breaks off",
    code: "malformed-json",
    ask: post("?tlp=green&format=misp", '{"Event":', JSON_TYPE),
  },
  {
    it: "JSON that is not UTF-8",
    code: "malformed-utf8",
    ask: post(
      "?tlp=green",
      Buffer.concat([Buffer.from('{"type":"bundle","x":"'), NOT_UTF8, Buffer.from('"}')]),
      JSON_TYPE,
    ),
  },
  { it: "CSV that is not UTF-8", code: "malformed-utf8", ask: post("?tlp=green", NOT_UTF8, CSV_TYPE) },
  {
    it: "text that is not UTF-8",
    code: "malformed-utf8",
    ask: post("?tlp=green&format=text", NOT_UTF8, TEXT_TYPE),
  },
  {
    it: "a media type of no format",
    code: "unsupported-media-type",
    ask: post("?tlp=green", GOOD_TABLE, { "content-type": "application/pdf" }),
  },
  {
    it: "a parameter that is misspelled",
    code: "bad-request",
    ask: post("?tlp=green&dryrun=true", GOOD_TABLE, CSV_TYPE),
  },
  {
    it: "recipients that are nobody",
    code: "unknown-member",
    ask: post("?tlp=green&to=", GOOD_TABLE, CSV_TYPE),
  },
  {
    it: "recipients that are nobody twice",
    code: "unknown-member",
    ask: post("?tlp=green&to=,", GOOD_TABLE, CSV_TYPE),
  },
  {
    it: "a format that there is none of",
    code: "unknown-format",
    ask: post("?tlp=green&format=xml", GOOD_TABLE, CSV_TYPE),
  },
  { it: "an empty format", code: "unknown-format", ask: post("?tlp=green&format=", GOOD_TABLE, CSV_TYPE) },
  {
    it: "JSON of no known format",
    code: "unknown-format",
    ask: post("?tlp=green", '{"hello":"world"}', JSON_TYPE),
  },
  {
    it: "JSON in place of a bundle",
    code: "not-a-bundle",
    ask: post("?tlp=green&format=stix", '{"hello":"world"}', JSON_TYPE),
  },
  {
    it: "a bundle whose objects are no list",
    code: "not-a-bundle",
    ask: post("?tlp=green&format=stix", '{"type":"bundle","id":"bundle--1","objects":{"0":1}}', JSON_TYPE),
  },
  { it: "a JSON number as MISP", code: "not-a-bundle", ask: post("?tlp=green&format=misp", "17", JSON_TYPE) },
  {
    it: "an incident report without a title",
    code: "bad-report",
    ask: post("?tlp=green&format=incident", "{}", JSON_TYPE),
  },
  {
    it: "a table without a column of values",
    code: "bad-header",
    ask: post("?tlp=green", "colour,size\nred,3\n", CSV_TYPE),
  },
  { it: "an empty body", code: "empty", ask: post("?tlp=green", "", CSV_TYPE) },
  { it: "a bundle without objects", code: "empty", ask: post("?tlp=green", bundleOf(), JSON_TYPE) },
  {
    it: "text in which nothing is found",
    code: "empty",
    ask: post("?tlp=green&format=text", "good morning\n", TEXT_TYPE),
  },
  {
    it: "a key that reaches for the prototype",
    code: "forbidden-key",
    ask: post("?tlp=green", '{"type":"bundle","__proto__":{"x":1},"objects":[]}', JSON_TYPE),
  },
  {
    it: "a key that reaches for the prototype, in escapes",
    code: "forbidden-key",
    ask: post("?tlp=green", '{"type":"bundle","objects":[{"\\u005f_proto__":{"x":1}}]}', JSON_TYPE),
  },
  { it: "nesting of 10,000", code: "too-deep", ask: post("?tlp=green", deep, JSON_TYPE) },
  {
    it: "nesting of 10,000 that never closes",
    code: "too-deep",
    ask: post("?tlp=green", "[".repeat(10_000), JSON_TYPE),
  },
  {
    it: "a document over the limit",
    code: "too-large",
    ask: post("?tlp=green", bundleOf({ x: "a".repeat(LIMITS.document) }), JSON_TYPE),
  },
  {
    it: "a document over the limit, in chunks of unannounced length",
    code: "too-large",
    ask: inChunks("?tlp=green&format=stix", bundleOf({ x: "a".repeat(LIMITS.document) }), JSON_TYPE),
  },
  { it: "a table over the limit", code: "too-large", ask: post("?tlp=green", LARGE_TABLE, CSV_TYPE) },
  {
    it: "a table over the limit, in chunks of unannounced length",
    code: "too-large",
    ask: inChunks("?tlp=green", LARGE_TABLE, CSV_TYPE),
  },
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
  {
    it: "a form without a file",
    code: "empty",
    ask: post("?tlp=green", "--b\r\ncontent-disposition: form-data; name=x\r\n\r\ny\r\n--b--\r\n", {
      "content-type": "multipart/form-data; boundary=b",
    }),
  },
  {
    it: "a form without a boundary",
    code: "bad-request",
    ask: post("?tlp=green", GOOD_TABLE, { "content-type": "multipart/form-data" }),
  },
  { it: "a form with two files", code: "bad-request", ask: form([FILE, FILE]) },
  { it: "a form with a parameter after its file", code: "bad-request", ask: form([FILE, ["to", "MY"]]) },
  {
    it: "a form with a parameter that there is none of",
    code: "bad-request",
    ask: form([["To", "MY"], FILE]),
  },
  { it: "a form with a parameter twice", code: "bad-request", ask: form([["to", "MY"], ["to", "TH"], FILE]) },
  {
    it: "a form that says again what the address says",
    code: "bad-request",
    ask: form([["tlp", "amber"], FILE]),
  },
  { it: "a form for somebody unknown", code: "unknown-member", ask: form([["to", "XX"], FILE]) },
  { it: "a form with a bad flag", code: "bad-request", ask: form([["dryRun", "yes"], FILE]) },
  {
    it: "a form with a very long parameter",
    code: "bad-request",
    ask: form([["to", "M".repeat(9_000)], FILE]),
  },
  {
    it: "a form that breaks off",
    code: "bad-request",
    ask: post("?tlp=green", "--b\r\ncontent-disp", { "content-type": "multipart/form-data; boundary=b" }),
  },
  {
    it: "a compressed body",
    code: "unsupported-media-type",
    ask: post("?tlp=green", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]), {
      ...CSV_TYPE,
      "content-encoding": "gzip",
    }),
  },
];
