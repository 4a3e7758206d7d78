import { describe, expect, it } from "vitest";
import { chooseReader, readers } from "./readers.ts";
import { REPORT_KINDS } from "./shadowserver/reports.ts";

function choice(head: string, given: { mediaType?: string; format?: string } = {}): string {
  const chosen = chooseReader({ ...given, head });
  return chosen.ok ? chosen.reader.name : chosen.code;
}

const bundle = '{"type": "bundle", "id": "bundle--1", "objects": []}';

const SCAN = `${REPORT_KINDS.find(({ name }) => name === "scan_telnet")?.columns.join(",")}\n`;

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
    ["an advisory", '{"document": {"csaf_version": "2.0"}}', "csaf"],
    ["an incident of IODEF", "<IODEF-Document version='2.00'>", "iodef"],
    ["a definition of OpenIOC", '<ioc xmlns="http://schemas.mandiant.com/2010/ioc">', "openioc"],
    ["a message", "Received: from a\nFrom: a@b.example\nSubject: x\n\nx", "email"],
    ["a report of abuse", "X-XARF: PLAIN\nFrom: a@b.example\nSubject: x\n\nx", "xarf"],
  ])("finds %s", (_name, head, name) => {
    expect(choice(head)).toBe(name);
  });

  it("believes the named format, then the content type, then the content", () => {
    expect(choice(bundle, { format: "text", mediaType: "text/csv" })).toBe("text");
    expect(choice("anything", { mediaType: "text/csv; charset=utf-8" })).toBe("csv");
    expect(choice(SCAN, { mediaType: "text/csv" })).toBe("shadowserver");
    expect(choice("X-XARF: PLAIN\nFrom: a@b.example\n\nx", { mediaType: "message/rfc822" })).toBe("xarf");
    expect(choice("<IODEF-Document>", { mediaType: "application/xml" })).toBe("iodef");
    expect(choice(bundle, { mediaType: "application/json" })).toBe("stix");
    expect(choice(bundle, { mediaType: "text/plain" })).toBe("stix");
  });

  it.each([
    [
      "an incident of IODEF",
      "<?xml version='1.0' encoding='UTF-16'?><IODEF-Document version='2.00'>",
      "iodef",
    ],
    ["a definition of OpenIOC", '<ioc xmlns="http://schemas.mandiant.com/2010/ioc">', "openioc"],
    ["a table", "value;type\r\nexample.com;domain\r\n", "csv"],
  ])("finds %s in UTF-16 of either order", (_name, text, name) => {
    const little = Buffer.from(`\ufeff${text}`, "utf16le");
    expect(choice(little.toString("latin1"))).toBe(name);
    expect(choice(Buffer.from(little).swap16().toString("latin1"))).toBe(name);
  });

  it.each([
    ["application/vnd.ms-excel", "value,type\nexample.com,domain\n", "csv"],
    ["application/vnd.ms-excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "unknown-format"],
    ["application/x-yaml", "Reported-From: a\nCategory: b\nReport-Type: c\nSource: d\n", "xarf"],
  ])("looks at the content of %s, which says little (%#)", (mediaType, head, name) => {
    expect(choice(head, { mediaType })).toBe(name);
  });

  it.each([
    "timestamp,ip,hostname,source,reason,asn,tag",
    "timestamp,ip,port,protocol,hostname,asn,geo,city,region,tag",
  ])("takes a table with columns %s for no report of Shadowserver", (columns) =>
    expect(choice(`${columns}\n2024-03-01,198.51.100.7,x,feed,c2,1,x\n`)).toBe("csv"),
  );

  it.each([
    "\n",
    " ",
    "{",
    '"',
    ":",
    "-",
    "a",
    ", ",
    "<",
    "<a",
    "tlp ",
    '"Event"',
    "{,",
    "\t{",
    "x:\n",
    "[",
    "X-A:",
  ])("looks at 64 KiB of %j in no time, whatever the format", (piece) => {
    const head = piece.repeat(65_536 / piece.length);
    for (const [name, reader] of Object.entries(readers))
      for (const mediaType of [undefined, "text/plain", "application/json"]) {
        const began = process.cpuUsage();
        reader.detect(mediaType, head);
        const { user } = process.cpuUsage(began);
        expect(`${name} ${user < 150_000}`).toBe(`${name} true`);
      }
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
