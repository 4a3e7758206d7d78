import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { FormatName } from "../format-name.ts";
import { readers } from "../readers.ts";
import { collect } from "../testing/collect-drafts.ts";
import { named } from "../testing/named.ts";

const fixture = (name: string): string => readFileSync(resolve(import.meta.dirname, name), "utf8");

/** What is read here, and by which reader. */
const HERE: Readonly<Record<string, FormatName>> = {
  csv: "csv",
  text: "text",
  stix: "stix",
  stix20: "stix",
  incident: "incident",
  shadowserver: "shadowserver",
};

/** Readers whose golden files lie beside them; what objects and attributes of MISP become is a table of its own. */
const ELSEWHERE: Partial<Record<FormatName, string>> = {
  csaf: "csaf/fixtures/advisory-2.0.golden.json",
  email: "email/fixtures/phish-with-attachment.golden.json",
  iodef: "iodef/fixtures/incident-v2.golden.json",
  openioc: "openioc/fixtures/ioc-1.1.golden.json",
  xarf: "xarf/fixtures/login-attack.golden.json",
  misp: "misp/objects.test.ts",
};

describe("golden files", () => {
  test.each(Object.entries(HERE))(
    "of %s: what is read is what its specification says",
    async (name, format) => {
      const collected = await collect(readers[format], fixture(`read.${name}.input.txt`));
      const { drafts, losses, rejects, markings } = collected;
      expect({
        objects: named(drafts),
        tlps: [...new Set(drafts.flatMap(({ marking }) => marking?.tlp ?? []))],
        losses: losses.map(({ at, reason }) => `${at}: ${reason}`),
        rejects: rejects.map(({ at, code }) => `${at}: ${code}`),
        markings: markings.map(({ at, tlp }) => `${at}: ${tlp}`),
      }).toEqual(JSON.parse(fixture(`read.${name}.golden.json`)));
    },
  );

  test("are there of every reader", () => {
    const known = new Set([...Object.values(HERE), ...Object.keys(ELSEWHERE)]);
    expect(FormatName.options.filter((format) => !known.has(format))).toEqual([]);
    for (const path of Object.values(ELSEWHERE)) expect(fixture(`../${path}`).length).toBeGreaterThan(0);
  });
});
