import { parse as parseCsv } from "csv-parse/sync";
import { parseAtomFeed } from "feedsmith";
import { describe, expect, test } from "vitest";
import { EVIL, ID, item, written } from "../testing/export-fixture.ts";

/* What others' parsers make of what is written: theirs, and not ours, decide. BIND reads zones (check-zone.test.ts), the
 * validator of those who made CSAF its documents, and tar their archive (csaf/write-csaf.test.ts). */

describe("Atom, as a reader of feeds takes it", () => {
  const feedOf = (items: Parameters<typeof written>[1]) => parseAtomFeed(written("atom", items));

  test("has what RFC 4287 §4.1.1 and §4.1.2 demand, of the feed and of each entry", () => {
    const feed = feedOf([item(EVIL, { name: "A & <b>", labels: ["x y", '"z"'] })]);
    expect(feed).toMatchObject({
      id: "urn:uuid:0b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701",
      title: { value: "Suar" },
      updated: "2026-05-01T00:00:00.000001Z",
      authors: [{ name: "Suar" }],
      rights: { value: "TLP:AMBER, made for MY:port" },
    });
    expect(feed.entries).toEqual([
      {
        id: `tag:suar,2026:SG/${ID}`,
        title: { value: "A & <b>" },
        updated: "2026-05-01T00:00:00.000001Z",
        authors: [{ name: "SG" }],
        rights: { value: "TLP:GREEN" },
        categories: [{ term: "indicator" }, { term: "x y" }, { term: '"z"' }],
        summary: { value: "domain:evil.example" },
        links: [{ rel: "alternate", href: `/v1/objects/${ID}` }],
      },
    ]);
  });

  test("is a feed without entries where nothing is in it", () => {
    expect(feedOf([]).entries).toBeUndefined();
    expect(feedOf([]).title).toEqual({ value: "Suar" });
  });
});

describe("tables and intelligence, as a parser of RFC 4180 and of tabs takes them", () => {
  test("CSV has one header, and as many cells in each row", () => {
    const rows = parseCsv(written("csv", [item(EVIL, { name: 'a,"b"\r\nc' }), item(EVIL)]), {
      columns: true,
      bom: false,
      record_delimiter: "\r\n",
    }) as Record<string, string>[];
    expect(rows.map(({ type, value, name }) => [type, value, name])).toEqual([
      ["indicator", "evil.example", 'a,"b"\r\nc'],
      ["indicator", "evil.example", ""],
    ]);
  });

  test("Zeek's file has its fields in each line", () => {
    const text = written("zeek", [item(EVIL)]);
    const [fields = "", ...rows] = text.split("\n").filter((line) => line !== "" && !line.startsWith("# "));
    const names = fields.replace(/^#fields\t/, "").split("\t");
    const read = parseCsv(rows.join("\n"), { delimiter: "\t", columns: names, quote: null });
    expect(read).toEqual([
      {
        indicator: "evil.example",
        indicator_type: "Intel::DOMAIN",
        "meta.source": "Suar SG",
        "meta.desc": `${ID} TLP:GREEN`,
      },
    ]);
  });
});
