import { parse as parseCsv } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BLOCKLISTS, EVIL, FACTS, item, lines, NOW, written } from "../testing/export-fixture.ts";
import { writers } from "../writers.ts";
import type { ItemFormat } from "./export-format.ts";

describe("what a stranger wrote means nothing to whoever reads the format", () => {
  const nasty = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom(
      "=1+1",
      "+1",
      "-1",
      "@x",
      "\tx",
      "'=1",
      '"',
      '";sid:1;',
      "a\r\nb",
      "\n=1",
      "]]>",
      "</feed>",
      "&lt;",
      "|",
      "\\",
      "#x",
      "＝1",
    ),
    fc.tuple(fc.constantFrom("=", "+", "-", "@", "'", "\t"), fc.string()).map((parts) => parts.join("")),
  );

  test("CSV: what a parser reads back is what went in, and no cell is a formula", () => {
    fc.assert(
      fc.property(nasty, nasty, (name, description) => {
        const text = written("csv", [item(EVIL, { name, description })]);
        const [head, ...rows] = parseCsv(text) as string[][];
        expect(rows).toHaveLength(1);
        const cell = (column: string) => rows[0]?.[head?.indexOf(column) ?? -1] ?? "";
        const plain = (shown: string) => (shown.startsWith("'") ? shown.slice(1) : shown);
        expect([plain(cell("name")), plain(cell("description"))]).toEqual([name, description]);
        for (const shown of rows[0] ?? []) expect(shown).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      }),
      { numRuns: 500 },
    );
  });

  test("Atom: an entry stays one, and its title is read back but for what XML cannot hold", () => {
    fc.assert(
      fc.property(nasty, (name) => {
        const text = written("atom", [item(EVIL, { name: `x${name}`, labels: [name] })]);
        expect(text.match(/<entry>/g)).toHaveLength(1);
        expect(text.endsWith("</entry>\n</feed>\n")).toBe(true);
        const title = /<title>([^<]*)<\/title><updated>/.exec(text)?.[1] ?? "";
        const names: Record<string, string> = {
          "&amp;": "&",
          "&lt;": "<",
          "&gt;": ">",
          "&quot;": '"',
          "&#13;": "\r",
        };
        const read = title.replace(/&[a-z#0-9]+;/g, (entity) => names[entity] ?? "?");
        const held = `x${name}`.replace(
          /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu,
          "\ufffd",
        );
        expect(read).toBe(held);
      }),
      { numRuns: 500 },
    );
  });

  test("lines, zones, rules and intel: a value is on a line of its own, or nowhere", () => {
    const literal = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
    const hostile = fc.tuple(
      fc.constantFrom("http://a.example/", "x-y://a.example/", "a@", ""),
      nasty,
      fc.constantFrom("", "b.example"),
    );
    fc.assert(
      fc.property(hostile, nasty, ([before, middle, after], producer) => {
        const value = `${before}${middle}${after}`.replaceAll("\u0000", "");
        const places = ["url:value", "domain-name:value", "email-addr:value", "ipv4-addr:value"];
        const pattern = `[${places.map((place) => `${place} = ${literal(value)}`).join(" OR ")}]`;
        for (const format of BLOCKLISTS) {
          const text = written(format, [item(pattern, {}, { producer })]);
          for (const line of lines(
            text.slice(writers[format].open({ now: NOW, exercise: undefined }).header(FACTS).length),
          ))
            expect(line, format).toMatch(SHAPES[format] ?? /^[^\s#][^\s]*$/u);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** What a line may look like where it is more than the value. */
const RULE =
  /^alert [a-z]+ \$HOME_NET any -> \S+ \S+ \(msg:"[^";\\]*"; (?:[a-z.]+(?::"[^";\\]*"|:[a-z0-9_,]+)?; )*sid:\d+; rev:1;\)$/;
const SHAPES: Partial<Record<ItemFormat, RegExp>> = {
  sigma: /^\{"title":"(?:[^"\\]|\\.)*","id":"[0-9a-f-]{36}",.*\}$/u,
  hosts: /^0\.0\.0\.0 [a-z0-9_.-]+$/,
  rpz: /^[a-z0-9_.*-]+ CNAME \.$/,
  suricata: RULE,
  snort: RULE,
  zeek: /^[^\t]+\tIntel::[A-Z_]+\t[^\t]+\t[^\t]+$/u,
};
