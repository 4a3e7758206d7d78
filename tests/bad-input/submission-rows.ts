import { gzipSync } from "node:zlib";
import { bundleOf } from "../support/bundle-of.ts";
import { FORM_ROWS } from "./form-rows.ts";
import { OPTION_ROWS } from "./option-rows.ts";
import { PARAMETER_ROWS } from "./parameter-rows.ts";
import { CSV_TYPE, JSON_TYPE, LIMITS, nested, type Row, TEXT_TYPE } from "./row.ts";
import { GOOD_TABLE, inChunks, post } from "./submitting.ts";

const LARGE_TABLE = GOOD_TABLE + "e.example.com\n".repeat(LIMITS.submission / 14 + 1);
const NOT_UTF8 = Buffer.from([0x76, 0x61, 0x6c, 0x75, 0x65, 0x0a, 0xc3, 0x28, 0xff, 0xfe, 0x0a]);
const deep = `{"type":"bundle","objects":${nested(10_000)}}`;

/** What the way in refuses before it acknowledges. */
export const SUBMISSION_ROWS: readonly Row[] = [
  ...OPTION_ROWS,
  ...PARAMETER_ROWS,
  ...FORM_ROWS,
  {
    it: "JSON that breaks off",
    code: "malformed-json",
    ask: post("?tlp=green", '{"type":"bundle","objects":[', JSON_TYPE),
  },
  {
    it: "XML that is cut off",
    code: "malformed-xml",
    ask: post("?tlp=green", "<IODEF-Document><Incident>", { "content-type": "application/xml" }),
  },
  {
    it: "XML with entities of its own",
    code: "forbidden-dtd",
    ask: post("?tlp=green", '<!DOCTYPE x [<!ENTITY a "b">]><IODEF-Document/>', {
      "content-type": "application/xml",
    }),
  },
  {
    it: "a report of abuse that is no YAML",
    code: "malformed-yaml",
    ask: post("?tlp=green&format=xarf", "Reported-From: [a", { "content-type": "text/plain" }),
  },
  {
    it: "an archive that is cut off",
    code: "malformed-archive",
    ask: post("?tlp=green", "PK\u0003\u0004 and no more", { "content-type": "application/zip" }),
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
    it: "what looks like a report of abuse and holds none",
    code: "unknown-format",
    tells: "looks like xarf",
    ask: post("?tlp=green", "From: a@b.example\nMessage-ID: <x>\nX-ARF: yes\n\nnone", {
      "content-type": "message/rfc822",
    }),
  },
  {
    it: "an archive of another format than MISP's",
    code: "unknown-format",
    tells: "looks like misp",
    ask: post("?tlp=green", gzipSync('{"document":{"csaf_version":"2.0"}}'), {
      "content-type": "application/gzip",
    }),
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

  {
    it: "a compressed body",
    code: "unsupported-media-type",
    ask: post("?tlp=green", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]), {
      ...CSV_TYPE,
      "content-encoding": "gzip",
    }),
  },
];
