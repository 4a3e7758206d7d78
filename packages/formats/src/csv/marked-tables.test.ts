import { describe, expect, it } from "vitest";
import { collect } from "../testing/collect-drafts.ts";
import { csvReader } from "./read-csv.ts";

const marked = async (text: string) =>
  (await collect(csvReader, text)).drafts.map(({ marking }) => marking ?? {});

describe("markings in a table", () => {
  it.each([
    ["TLP 2.0", "RED", { tlp: "red" }],
    ["TLP color", "tlp:amber", { tlp: "amber" }],
    ["tlp_label", "AMBER+STRICT", { tlp: "amber+strict" }],
    ["tlp:", "green", { tlp: "green" }],
    ["Marking", "TLP:AMBER; PAP:RED", { tlp: "amber", pap: "red" }],
    ["Shared under TLP", "red", { tlp: "red" }],
    ["PAP level", "red", { pap: "red" }],
    ["tags", "botnet, TLP:AMBER+STRICT; pap:red", { tlp: "amber+strict", pap: "red" }],
    ["tags", "botnet tlp:red", { tlp: "red" }],
    ["tags", `${"x;".repeat(200)}tlp:red`, { tlp: "red" }],
    ["colour", "TLP:RED", { tlp: "red" }],
    ["comment", "tlp amber", { tlp: "amber" }],
    ["colour", "red", {}],
    ["comment", "not under TLP:RED any more", {}],
  ])("are read from a column %s that says %j", async (header, cell, marking) => {
    expect(await marked(`value;note;${header}\n192.0.2.1;x;"${cell}"\n`)).toEqual([marking]);
  });

  it.each(["tlp", "TLP 2.0", "marking", "PAP", "tags", "colour"])(
    "are unknown where a column %s says one of no level: nothing of the row is taken",
    async (header) => {
      const label = header === "PAP" ? "pap:mauve" : "tlp:mauve";
      const { drafts, rejects } = await collect(csvReader, `value,${header}\n192.0.2.1,${label}\n`);
      expect(drafts).toEqual([]);
      expect(rejects).toMatchObject([{ code: "unknown-marking", unknownMarking: true, raw: "192.0.2.1" }]);
    },
  );

  it("are the strictest of all columns, and unknown when one of them is", async () => {
    const header = "value,tlp,TLP 2.0,tlp_label,pap,PAP level\n";
    expect(await marked(`${header}192.0.2.1,green,red,amber,green,red\n`)).toEqual([
      { tlp: "red", pap: "red" },
    ]);
    const { rejects } = await collect(csvReader, `${header}192.0.2.1,green,mauve,red,,\n`);
    expect(rejects).toMatchObject([
      { code: "unknown-marking", marking: { tlp: "red" }, unknownMarking: true, raw: "192.0.2.1" },
    ]);
  });

  it("are no labels", async () => {
    const { drafts } = await collect(csvReader, "value,tags\n192.0.2.1,botnet;tlp:green;loader\n");
    expect(drafts).toMatchObject([{ marking: { tlp: "green" }, details: { labels: ["botnet", "loader"] } }]);
  });

  it("are read from tables without a header, where they have their prefix", async () => {
    const rows = "192.0.2.1,first,TLP:RED\n192.0.2.2,second,PAP:RED\n192.0.2.3,third,red\n";
    expect(await marked(rows)).toEqual([{ tlp: "red" }, { pap: "red" }, {}]);
  });

  it.each([
    [
      "that a quote closed too late has swallowed",
      'value,tlp\n192.0.2.1,"green\n192.0.2.2,TLP:RED\n192.0.2.3,x"\n',
    ],
    ["in a line of a cell", 'value,note\n192.0.2.1,"Seen by us\nTLP:RED"\n'],
    ["behind the last column", "value,note\n192.0.2.1,x,,TLP:RED\n"],
    ["behind all columns that a table may have", `value,note\n192.0.2.1,x${",".repeat(2_000)}TLP:RED\n`],
    ["below a title", "Our list,,\nExported,today,\nvalue,note,tlp\n192.0.2.1,x,RED\n"],
  ])("are read %s", async (_name, text) => {
    const { drafts, rejects } = await collect(csvReader, text);
    expect([...drafts, ...rejects].map(({ marking }) => marking?.tlp)).toEqual(["red"]);
  });

  it("tells of a title that it passes over", async () => {
    const { losses } = await collect(csvReader, "Our list\nvalue,tlp\n192.0.2.1,green\n");
    expect(losses).toMatchObject([{ at: "line 1", field: "title" }]);
  });

  it("are told of rows that are refused for something else", async () => {
    const { rejects } = await collect(csvReader, "value,tlp\nbanana,TLP:RED\n,amber\nbanana,\n");
    expect(rejects.map(({ marking, raw }) => [marking?.tlp, raw])).toEqual([
      ["red", "banana"],
      ["amber", undefined],
      [undefined, "banana"],
    ]);
  });

  it("name every value of a row that is refused for its marking", async () => {
    const { rejects } = await collect(csvReader, "ip,domain,tlp\n192.0.2.1,example.com,mauve\n");
    expect(rejects.map(({ index, raw }) => [index, raw])).toEqual([
      [0, "192.0.2.1"],
      [0, "example.com"],
    ]);
  });
});

describe("a line of a table that is nothing but a label", () => {
  it.each([
    ["a comment above", "# TLP:RED\nvalue\n192.0.2.1\n", "red", "line 1"],
    ["a comment within", "value\n192.0.2.1\n# TLP:AMBER\n192.0.2.2\n", "amber", "line 3"],
    [
      "a comment of several cells",
      "# shared, TLP:AMBER\n# TLP:RED,,\nvalue,type\n192.0.2.1,ip\n",
      "red",
      "line 2",
    ],
    ["the first line", "TLP:AMBER+STRICT\nvalue;type\n192.0.2.1;ip\n", "amber+strict", "line 1"],
    ["a row of one filled cell", "value,type\n192.0.2.1,ip\n,Marking: TLP:RED\n", "red", "line 3"],
    ["the last line", "value\n192.0.2.1\nTLP:RED", "red", "line 3"],
    ["a header's cell", "value,type,TLP:RED\n192.0.2.1,ip,x\n", "red", "line 1"],
  ])("marks the whole: %s", async (_name, text, tlp, at) => {
    const { markings, drafts, rejects } = await collect(csvReader, text);
    expect(markings).toEqual([{ tlp, at }]);
    expect(drafts.length).toBeGreaterThan(0);
    expect(rejects).toEqual([]);
  });

  it("does not hide the table's delimiter, nor its format", async () => {
    const text = "TLP:GREEN\nvalue;type\n192.0.2.1;ip\n";
    expect(csvReader.detect(undefined, text)).toBeGreaterThan(0.5);
    expect((await collect(csvReader, text)).drafts).toHaveLength(1);
  });

  it("refuses the whole when its level is unknown", async () => {
    await expect(collect(csvReader, "# TLP:MAUVE\nvalue\n192.0.2.1\n")).rejects.toMatchObject({
      code: "unknown-marking",
      at: "line 1",
    });
  });

  it("is told again only where it is stricter", async () => {
    const text = `value\n192.0.2.1\n${"# TLP:GREEN\n".repeat(5_000)}# TLP:AMBER\n# TLP:GREEN\n`;
    expect((await collect(csvReader, text)).markings).toEqual([
      { tlp: "green", at: "line 3" },
      { tlp: "amber", at: "line 5003" },
    ]);
  });

  it("is none where it stands in a sentence, or names a colour alone", async () => {
    const text = "# lines marked TLP:RED were taken out\n# red\nvalue\n192.0.2.1\n";
    expect((await collect(csvReader, text)).markings).toEqual([]);
  });
});
