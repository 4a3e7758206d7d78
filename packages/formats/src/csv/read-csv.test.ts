import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { ReaderEvent } from "../draft.ts";
import { collect, valuesOf } from "../testing/collect-drafts.ts";
import { csvReader } from "./read-csv.ts";
import { rowsOf } from "./rows.ts";

const sha256 = "ab".repeat(32);

describe("the CSV reader", () => {
  it.each([
    ["commas", "value,type\nexample.com,domain\n", ["domain example.com"]],
    [
      "semicolons",
      "value;comment\nexample.com;a, b, c\n192.0.2.1;d\n",
      ["domain example.com", "ipv4 192.0.2.1"],
    ],
    ["tabs", "indicator\ttags\n192.0.2.1\tx\n", ["ipv4 192.0.2.1"]],
    ["bars", "ioc|note\n192.0.2.1|x\n", ["ipv4 192.0.2.1"]],
    ["a byte-order mark and CRLF", "\ufeffvalue\r\nexample.com\r\n", ["domain example.com"]],
    ["quotes and line breaks in a cell", 'value,comment\nexample.com,"a ""b""\nc"\n', ["domain example.com"]],
    ["no header", "first,192.0.2.1\nsecond,192.0.2.2\n", ["ipv4 192.0.2.1", "ipv4 192.0.2.2"]],
    ["a header that names no value", "artefact,remark\n192.0.2.1,x\n", ["ipv4 192.0.2.1"]],
    ["a Chinese header", "域名,备注\nexample.com,x\n", ["domain example.com"]],
    ["a Vietnamese header", "Tên miền,Mô tả\nexample.com,x\n", ["domain example.com"]],
    ["comment lines", "# a feed\nvalue\n# more\nexample.com\n", ["domain example.com"]],
    ["several value columns", `ip,sha256\n192.0.2.1,${sha256}\n`, ["ipv4 192.0.2.1", `sha256 ${sha256}`]],
    ["a port behind an address", "ip\n192.0.2.1:443\n", ["ipv4 192.0.2.1"]],
    ["names that only a column can tell", "filename\nexample.com\n", ["filename example.com"]],
    ["types as MISP names them", "type,value\nip-dst,192.0.2.1\n", ["ipv4 192.0.2.1"]],
  ])("reads a table with %s", async (_name, text, values) => {
    expect(valuesOf(await collect(csvReader, text))).toEqual(values);
  });

  it("reads the same whatever the chunks", async () => {
    const text = '\ufeffvalue,comment\nbücher.example,"über\nzwei Zeilen"\n192.0.2.1,é\n';
    const whole = await collect(csvReader, text);
    for (const step of [1, 2, 3, 7]) expect(await collect(csvReader, text, { step })).toEqual(whole);
  });

  it("takes what a row says about its value", async () => {
    const header = "value,tlp,comment,description,tags,confidence,first_seen,valid_until,name";
    const row = "example.com,TLP:GREEN,seen,in mail,botnet; loader,high,2026-01-02,2027-01-02 10:00,C2";
    const { drafts } = await collect(csvReader, `${header}\n${row}\n`);
    expect(drafts[0]).toMatchObject({
      index: 0,
      at: "line 2",
      as: "indicator",
      marking: { tlp: "green" },
      details: {
        name: "C2",
        description: "seen\nin mail",
        labels: ["botnet", "loader"],
        confidence: 85,
        firstSeen: "2026-01-02T00:00:00.000Z",
        validUntil: "2027-01-02T10:00:00.000Z",
      },
    });
  });

  it("tells of a column without a place once, and of cells that it cannot read once a column", async () => {
    const rows = Array.from(
      { length: 50 },
      (_, at) => `192.0.2.${at},port,${at % 2 ? "soon" : "later"}`,
    ).join("\n");
    const { losses, drafts } = await collect(csvReader, `value,colour,valid_until\n${rows}\n`);
    expect(losses.map(({ field, at }) => [field, at])).toEqual([
      ["colour", "line 1"],
      ["valid-until", "line 2"],
    ]);
    expect(drafts).toHaveLength(50);
  });

  it("tells once of a type that there is none of, and finds the kind by the value", async () => {
    const rows = "192.0.2.1,banana\n192.0.2.2,ip-dst\n192.0.2.3,\n";
    const { losses, drafts } = await collect(csvReader, `value,type\n${rows}`);
    expect(losses.map(({ field, at }) => [field, at])).toEqual([["type", "line 2"]]);
    expect(drafts).toHaveLength(3);
  });

  it("tells once that rows have more cells than the table has columns", async () => {
    const rows = "192.0.2.1,a, unquoted\n192.0.2.2,b, unquoted, too\n192.0.2.3,c,,\n";
    const { losses, drafts } = await collect(csvReader, `value,comment\n${rows}`);
    expect(losses.map(({ field, at }) => [field, at])).toEqual([["column 3", "line 2"]]);
    expect(drafts).toHaveLength(3);
  });

  it("takes 500 columns and refuses more, naming the line of the header", async () => {
    const table = (columns: number): string => {
      const names = Array.from({ length: columns }, (_, at) => (at === 0 ? "value" : `c${at}`));
      return `# a feed\n${names.join(",")}\n192.0.2.1\n`;
    };
    const { losses, drafts } = await collect(csvReader, table(500));
    expect([losses.length, drafts.length]).toEqual([499, 1]);
    await expect(collect(csvReader, table(501))).rejects.toMatchObject({ code: "bad-header", at: "line 2" });
    await expect(collect(csvReader, table(50_000))).rejects.toMatchObject({ code: "bad-header" });
  });

  it("holds little of rows that are much wider than their header", async () => {
    const wide = `192.0.2.1,x${",".repeat(200_000)}\n`;
    const { drafts, losses } = await collect(csvReader, `value,comment\n${wide.repeat(3)}`);
    expect([drafts.length, losses.length]).toEqual([3, 0]);
    for await (const { rows } of rowsOf(Readable.from([wide]), ","))
      for (const { cells } of rows) expect(cells).toHaveLength(501);
  });

  it("yields batches that do not grow with the columns", async () => {
    const header = `${Array.from({ length: 500 }, () => "value").join(",")}\n`;
    const row = `${Array.from({ length: 500 }, () => "x").join(",")}\n`;
    const sizes: number[] = [];
    const source = Readable.from([Buffer.from(header + row.repeat(20))]);
    for await (const events of csvReader.read(source, { receivedAt: "", producer: "SG" }))
      sizes.push(events.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(10_000);
  });

  it("refuses rows one by one, with their line", async () => {
    const rows = [
      "banana,green",
      `${"a".repeat(9000)},green`,
      ",green",
      "192.0.2.1,purple",
      "192.0.2.2,green",
    ];
    const { rejects, drafts } = await collect(csvReader, `value,tlp\n${rows.join("\n")}\n`);
    expect(rejects.map(({ code, at }) => [code, at])).toEqual([
      ["not-an-indicator", "line 2"],
      ["too-long", "line 3"],
      ["not-an-indicator", "line 4"],
      ["unknown-marking", "line 5"],
    ]);
    expect(drafts.map(({ index }) => index)).toEqual([4]);
  });

  it("counts lines and not rows", async () => {
    const { drafts } = await collect(csvReader, 'value,comment\n192.0.2.1,"a\nb\nc"\n\n192.0.2.2,d\n');
    expect(drafts.map(({ at }) => at)).toEqual(["line 2", "line 6"]);
  });

  it("refuses a table with a quote that is never closed: what is behind it may be TLP:RED", async () => {
    const text = 'value,tlp\n192.0.2.1,green\n192.0.2.2,"green\n192.0.2.3,TLP:RED\n';
    await expect(collect(csvReader, text)).rejects.toMatchObject({ code: "bad-header", at: "line 3" });
    const late = `value,tlp\n${"192.0.2.1,green\n".repeat(20_000)}192.0.2.2,"green\n`;
    await expect(collect(csvReader, late)).rejects.toMatchObject({ code: "bad-header", at: "line 20002" });
  });

  it("takes a quote for open and not for forgotten where it reads but a beginning", async () => {
    const source = Readable.from([Buffer.from('value,comment\n192.0.2.1,a\n192.0.2.2,"b\n')]);
    const found: ReaderEvent[] = [];
    const context = { receivedAt: "", producer: "SG", isBeginning: true } as const;
    for await (const events of csvReader.read(source, context)) found.push(...events);
    expect(found).toMatchObject([{ draft: { at: "line 2" } }]);
  });

  it.each([
    ["nothing", "", "empty"],
    ["blank lines", "\n\n", "empty"],
    ["no value anywhere", "colour,size\nred,small\n", "bad-header"],
    ["bytes that are no text", Buffer.from([0x76, 0x0a, 0xff, 0xfe, 0xfd]), "malformed-utf8"],
  ])("refuses a table of %s", async (_name, input, code) => {
    await expect(collect(csvReader, input)).rejects.toMatchObject({ code });
  });

  it("reads what spreadsheets call Unicode text", async () => {
    const bytes = Buffer.from("\ufeffvalue\tcomment\nexample.com\tx\n", "utf16le");
    expect(valuesOf(await collect(csvReader, bytes))).toEqual(["domain example.com"]);
  });
});
