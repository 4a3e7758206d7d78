import { decideByMarking, type Organisation } from "@suar/policy";
import type { Tlp } from "@suar/stix";
import { expect, test } from "vitest";
import { type Marked, underMarking } from "./marked.ts";

const CODES = ["SG", "SG:bank", "MY", "MY:power", "TH"];
const WORLD = CODES.map((code, id): Organisation => {
  return { id, code, member: code.slice(0, 2), kind: code.length === 2 ? "cert" : "agency" };
});
const [SG] = WORLD as [Organisation];

function readers(tlp: Tlp, to: readonly string[]): string[] {
  const subject = { type: "tool", tlp, producer: SG, to };
  return WORLD.filter((one) => !decideByMarking(subject, one).withheld).map(({ code }) => code);
}

const sets = CODES.reduce<string[][]>((all, code) => all.flatMap((one) => [one, [...one, code]]), [[]]);

// Who names nobody leaves it to the marking.
test("what is said under a marking reaches nobody whom the marking does not, nor others than are named", () => {
  const tlps = ["clear", "green", "amber", "amber+strict"] as const;
  for (const to of sets)
    for (const named of [null, ...sets.filter((one) => one.length > 0)])
      for (const tlp of tlps)
        for (const stricter of tlps) {
          const marked: Marked = { tlp: stricter, pap: null, named, community: false, revision: 1 };
          const now = underMarking({ tlp, to }, marked);
          const [said, may] = [readers(tlp, to), readers(stricter, named ?? to)];
          const all = to.length === 0 ? may : may.filter((code) => said.includes(code));
          const wider = readers(now.tlp, now.to).filter((code) => !all.includes(code));
          expect(wider, JSON.stringify({ to, named, tlp, stricter })).toEqual([]);
        }
});

test("what is said to others than those whom the marking names is its producer's alone", () => {
  const marked: Marked = { tlp: "green", pap: null, named: ["TH"], community: false, revision: 1 };
  const { tlp, to } = underMarking({ tlp: "green", to: ["MY"] } as const, marked);
  expect(readers(tlp, to)).toEqual(["SG"]);
});
