import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { ContentClass } from "./content-class.ts";
import { decide } from "./decide.ts";
import type { Outcome } from "./outcome.ts";
import { Importer, Member } from "./pairs/jurisdiction.ts";
import { loadPolicySet } from "./pairs/policy-set.ts";
import { type Organisation, PUBLIC, type Subject } from "./subject.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const PAIRS = join(ROOT, "seeds/policy/pairs");
const GOLDEN = join(ROOT, "tests/golden/policy/matrix.txt");
const policies = loadPolicySet(
  readdirSync(PAIRS).map((name): unknown => JSON.parse(readFileSync(join(PAIRS, name), "utf8"))),
);

const NOW = Date.parse("2026-11-22T00:00:00Z");
const ORGANISATIONS = Importer.options.map((code, id): Organisation => {
  return code === "public" ? PUBLIC : { id, code, member: code, kind: "cert" };
});
const FINDINGS: Subject["findings"] = [
  { path: "/description", class: "email", individuals: 1 },
  { path: "/description", class: "victimIp", individuals: 1 },
];

/** What is asked of each class: the words that head its tables. */
const SCENES: [string, (importer: string) => Pick<Subject, "tlp" | "to" | "findings">][] = [
  ["CLEAR, to nobody in particular", () => ({ tlp: "clear", to: [], findings: [] })],
  ["GREEN, with an e-mail and a victim's address", () => ({ tlp: "green", to: [], findings: FINDINGS })],
  [
    "AMBER+STRICT, to the importer by name",
    (importer) => ({ tlp: "amber+strict", to: [importer], findings: [] }),
  ],
];

/** Who gets it and why, as letters of a legend. The pair's own file is meant where a reason begins with "#". */
function matrix(): string {
  const parts = ContentClass.options.flatMap((contentClass) =>
    SCENES.map(([title, of]) => {
      const legend = new Map<string, string>();
      const rows = Member.options.map((exporter) => {
        const cells = Importer.options.map((importer) => {
          const said = explain(decideFor(contentClass, exporter, importer, of(importer)));
          if (!legend.has(said)) legend.set(said, String.fromCharCode("a".charCodeAt(0) + legend.size));
          return (legend.get(said) ?? "").padEnd(importer.length);
        });
        return `${exporter}  ${cells.join(" ")}`.trimEnd();
      });
      const words = [...legend].map(([said, letter]) => `${letter}: ${said}`);
      return [`${contentClass}, ${title}`, "", ...words, "", `    ${Importer.options.join(" ")}`, ...rows];
    }),
  );
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function decideFor(
  contentClass: ContentClass,
  exporter: string,
  importer: string,
  said: Pick<Subject, "tlp" | "to" | "findings">,
): Outcome {
  const named = (code: string) => ORGANISATIONS.find((one) => one.code === code)!;
  const subject: Subject = { type: "x-some", contentClass, producer: named(exporter), ...said };
  return decide(subject, named(importer), { policies, now: NOW, individualsYtd: () => 0 });
}

function explain({ decision, reasons, approvers, redactions, obligations }: Outcome): string {
  const why = reasons.map(({ code, rule }) => `${code} (${rule.replace(/^pairs\/\w+-\w+\.json@1/, "")})`);
  const by = approvers.map((approver) => approver.replace(/^\w+/, "exporter"));
  const ops = redactions.map((one) => `${one.op} ${one.class}`);
  return [decision, ...by, ...ops, ...obligations.map((one) => `[${one}]`), "because", ...why].join(" ");
}

test("who gets what from whom, and why, is what the golden matrix says", () => {
  const now = matrix();
  if (process.env.SUAR_WRITE_GOLDEN === "policy-matrix") writeFileSync(GOLDEN, now);
  expect(now).toBe(readFileSync(GOLDEN, "utf8"));
});
