import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ContentClass } from "./content-class.ts";
import { decide } from "./decide.ts";
import { ALL_PAIRS } from "./pairs/jurisdiction.ts";
import { loadPolicySet } from "./pairs/policy-set.ts";
import { PiiClass } from "./personal-data.ts";
import { type Organisation, PUBLIC, type Subject } from "./subject.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const PAIRS = join(ROOT, "seeds/policy/pairs");
const policies = loadPolicySet(
  readdirSync(PAIRS).map((name): unknown => JSON.parse(readFileSync(join(PAIRS, name), "utf8"))),
);
const context = { policies, now: Date.parse("2026-11-22T00:00:00Z"), individualsYtd: () => 0 };
/** Of every kind, in every text. */
const PERSONAL: Subject["findings"] = PiiClass.options.map((kind) => {
  return { path: `/${kind}`, class: kind, individuals: 1 };
});

/** The rows of the table in decision 21: class, community, named, public. */
const TABLE = new Map(
  readFileSync(join(ROOT, "docs/decisions/0021-what-flows-by-default.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")))
    .map(([, name, community, named, everybody]) => [name, { community, named, public: everybody }]),
);

const cert = (code: string): Organisation => ({
  id: code.charCodeAt(0) * 128 + code.charCodeAt(1),
  code,
  member: code,
  kind: "cert",
});
const agency = (member: string): Organisation => ({ id: 1, code: `${member}:one`, member, kind: "agency" });

type Cell = "flows" | "approval" | "withheld";

/** What becomes of it: alone, and full of personal data, which must all be dropped. */
function cellOf(subject: Omit<Subject, "findings">, recipient: Organisation): Cell {
  const outcomes = [[], PERSONAL].map((findings) => decide({ ...subject, findings }, recipient, context));
  const cells = outcomes.map(
    ({ withheld, approvers }): Cell => (withheld ? "withheld" : approvers.length > 0 ? "approval" : "flows"),
  );
  expect(cells[1]).toBe(cells[0]);
  const kept = outcomes[1]!.redactions.filter(({ op }) => op !== "drop");
  expect([outcomes[1]!.redactions.length, kept]).toEqual([PERSONAL.length, []]);
  return cells[0]!;
}

describe("the policies that ship", () => {
  it("are told in a table with a row for each class", () => {
    expect([...TABLE.keys()].sort()).toEqual(ContentClass.options.toSorted());
  });

  it.each(ContentClass.options)(
    "let what is %s go where the table says, under each of 144 files",
    (contentClass) => {
      const row = TABLE.get(contentClass);
      for (const { exporter, importer } of ALL_PAIRS) {
        const common = { type: "x-some", contentClass, producer: cert(exporter) };
        const said = (tlp: Subject["tlp"], ...to: string[]) => ({ ...common, tlp, to });
        const pair = `${exporter}-${importer}`;
        if (importer === "public") {
          expect(cellOf(said("clear"), PUBLIC), pair).toBe(row?.public);
          expect(cellOf(said("clear", "public"), PUBLIC), pair).toBe(row?.public);
          continue;
        }
        for (const recipient of [cert(importer), agency(importer)]) {
          expect(cellOf(said("green"), recipient), pair).toBe(row?.community);
          expect(cellOf(said("amber+strict", recipient.code), recipient), pair).toBe(row?.named);
        }
        // An agency is not told of an incident because its CERT was named.
        if (row?.named === "approval")
          expect(cellOf(said("amber", importer), agency(importer)), pair).toBe("withheld");
      }
    },
  );
});
