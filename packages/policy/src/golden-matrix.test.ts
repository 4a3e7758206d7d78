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
/** An agency of each; everybody has none. */
const AGENCIES = ORGANISATIONS.map((one): Organisation => {
  const code = agencyOf(one.code);
  return one.kind === "public" ? one : { id: 100 + one.id, code, member: one.member, kind: "agency" };
});
const FINDINGS: Subject["findings"] = [
  { path: "/description", class: "email", individuals: 1 },
  { path: "/description", class: "victimIp", individuals: 1 },
];

type Scene = Pick<Subject, "tlp" | "to" | "findings" | "purpose">;
/** Who says it, and which of an importer's organisations is asked about; of each the CERT, where nothing is said. */
type Between = { from?: readonly Organisation[]; reader?: readonly Organisation[] };

/** What is asked of each class: the words that head its tables. */
const SCENES: [string, (importer: string) => Scene, Between?][] = [
  ["CLEAR, to nobody in particular", () => ({ tlp: "clear", to: [], findings: [] })],
  ["GREEN, with an e-mail and a victim's address", () => ({ tlp: "green", to: [], findings: FINDINGS })],
  [
    "AMBER+STRICT, to the importer by name",
    (importer) => ({ tlp: "amber+strict", to: [importer], findings: [] }),
  ],
  [
    "AMBER+STRICT, to the importer by name, for law enforcement",
    (importer) => ({ tlp: "amber+strict", to: [importer], findings: [], purpose: "law-enforcement" }),
  ],
  [
    "AMBER, to the importer by name, as an agency of it has it",
    (importer) => ({ tlp: "amber", to: [importer], findings: FINDINGS }),
    { reader: AGENCIES },
  ],
  [
    "AMBER+STRICT, to an agency of the importer by name",
    (importer) => ({ tlp: "amber+strict", to: [agencyOf(importer)], findings: [] }),
    { reader: AGENCIES },
  ],
  [
    "GREEN, from an agency of the exporter, as an agency of the importer has it",
    () => ({ tlp: "green", to: [], findings: [] }),
    { from: AGENCIES, reader: AGENCIES },
  ],
];

function agencyOf(code: string): string {
  return code === PUBLIC.code ? code : `${code}:agency`;
}

/** Who gets it and why, as letters of a legend. The pair's own file is meant where a reason begins with "#". */
function matrix(): string {
  const parts = ContentClass.options.flatMap((contentClass) =>
    SCENES.map(([title, of, between]) => {
      const legend = new Map<string, string>();
      const rows = Member.options.map((exporter) => {
        const cells = Importer.options.map((importer) => {
          const ends = endsOf(exporter, importer, between);
          const said = explain(decideFor({ contentClass, ...of(importer) }, ends));
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

type Ends = { producer: Organisation; reader: Organisation };

function endsOf(exporter: string, importer: string, { from, reader }: Between = {}): Ends {
  const of = (all: readonly Organisation[], code: string) => all.find(({ member }) => member === code)!;
  return { producer: of(from ?? ORGANISATIONS, exporter), reader: of(reader ?? ORGANISATIONS, importer) };
}

function decideFor(said: Scene & { contentClass: ContentClass }, { producer, reader }: Ends): Outcome {
  const subject: Subject = { type: "x-some", producer, ...said };
  return decide(subject, reader, { policies, now: NOW, individualsYtd: () => 0 });
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
