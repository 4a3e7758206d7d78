import { describe, expect, it } from "vitest";
import { chooseReader } from "./readers.ts";

function choice(head: string, given: { mediaType?: string; format?: string } = {}): string {
  const chosen = chooseReader({ ...given, head });
  return chosen.ok ? chosen.reader.name : chosen.code;
}

const bundle = '{"type": "bundle", "id": "bundle--1", "objects": []}';

describe("chooseReader", () => {
  it.each([
    ["a STIX bundle", bundle, "stix"],
    ["a STIX bundle with a byte-order mark", `\u00ef\u00bb\u00bf${bundle}`, "stix"],
    [
      "a TAXII envelope",
      '{"more": false, "objects": [{"type": "indicator", "spec_version": "2.1"}]}',
      "stix",
    ],
    ["a MISP event", '{"Event": {"info": "x"}}', "misp"],
    ["a bare MISP event", '{"info": "x", "threat_level_id": "1", "Attribute": []}', "misp"],
    ["an incident report", '{"title": "x", "narrative": "y"}', "incident"],
    ["a table with a header", "value,type\nexample.com,domain\n", "csv"],
    ["a table of one column with a header", "indicator\nexample.com\n", "csv"],
    ["a table without a header", "192.0.2.1;first\n192.0.2.2;second\n", "csv"],
    ["prose", "We saw hxxp://example[.]com, and more.", "text"],
    ["prose that begins with a bracket", "[Alert] see 192.0.2.1", "text"],
    ["a list of values", "192.0.2.1\nexample.com\n", "text"],
    ["JSON of another kind", '{"hello": "world"}', "unknown-format"],
    ["XML", "<?xml version='1.0'?><a/>", "unknown-format"],
  ])("finds %s", (_name, head, name) => {
    expect(choice(head)).toBe(name);
  });

  it("believes the named format, then the content type, then the content", () => {
    expect(choice(bundle, { format: "text", mediaType: "text/csv" })).toBe("text");
    expect(choice("anything", { mediaType: "text/csv; charset=utf-8" })).toBe("csv");
    expect(choice(bundle, { mediaType: "application/json" })).toBe("stix");
    expect(choice(bundle, { mediaType: "text/plain" })).toBe("stix");
  });

  it("knows no other formats", () => {
    expect(choice("x", { format: "docx" })).toBe("unknown-format");
    expect(choice("x", { mediaType: "image/png" })).toBe("unknown-format");
  });

  it("leaves broken JSON to a reader that says what is wrong", () => {
    expect(choice('{"a": ', { mediaType: "application/json" })).toBe("stix");
    expect(choice("[".repeat(10_000), { mediaType: "application/json" })).toBe("stix");
  });
});
