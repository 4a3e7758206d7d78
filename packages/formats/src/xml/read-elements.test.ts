import { describe, expect, it } from "vitest";
import type { Element } from "./element.ts";
import { readElements } from "./read-elements.ts";

async function elements(xml: string | Buffer, step = 65_536): Promise<Element[]> {
  const bytes = Buffer.from(xml);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += step) yield bytes.subarray(from, from + step);
  }
  const found: Element[] = [];
  for await (const element of readElements(chunks(), new Set(["a"]))) found.push(element);
  return found;
}

describe.each([65_536, 7, 1])("readElements in chunks of %i bytes", (step) => {
  it.each([
    ["in a section of characters", "<a><![CDATA[<!DOCTYPE html><html></html>]]></a>"],
    ["in a comment before it", "<?xml version='1.0'?>\n<!-- <!DOCTYPE x> <a> --><a>x</a>"],
    ["in a comment within it", "<a>x<!-- <!DOCTYPE x> --></a>"],
    ["in an instruction", "<?b <!DOCTYPE x?><a>x</a>"],
  ])("reads what looks like a document type %s", async (_name, xml) => {
    expect(await elements(xml, step)).toHaveLength(1);
  });

  it.each([
    ["at the beginning", "<!DOCTYPE a><a/>", "line 1"],
    [
      "behind comments",
      "<?xml version='1.0'?>\n<!-- x -->\n<!---->\n<!DOCTYPE a [<!ENTITY b 'c'>]><a/>",
      "line 4",
    ],
    ["that never ends", `\n<!DOCTYPE a [${"<!-- -->".repeat(1000)}`, "line 2"],
  ])("refuses a document type %s", async (_name, xml, at) => {
    await expect(elements(xml, step)).rejects.toMatchObject({ code: "forbidden-dtd", at });
  });
});

it("refuses a prolog without end, in whatever pieces it comes", async () => {
  const started = performance.now();
  await expect(elements(`<!--${" ".repeat(3 * 1024 * 1024)}`, 100)).rejects.toMatchObject({
    code: "too-large",
  });
  expect(performance.now() - started).toBeLessThan(2_000);
});

it("passes over many comments in no time", async () => {
  const started = performance.now();
  expect(await elements(`${"<!---->".repeat(100_000)}<a/>`, 1_000_000)).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(1_000);
});

it("reads UTF-16 by its mark", async () => {
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("<a>ü</a>", "utf16le")]);
  expect((await elements(utf16))[0]?.text).toBe("ü");
});
