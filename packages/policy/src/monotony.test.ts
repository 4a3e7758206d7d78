import { Tlp } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { decide } from "./decide.ts";
import type { Outcome } from "./outcome.ts";
import { strictnessOf } from "./pairs/operation.ts";
import { type Organisation, PUBLIC, type Subject } from "./subject.ts";
import { shipped } from "./testing/decide-fixture.ts";

const NOW = Date.parse("2026-11-22T00:00:00Z");
const CODES = ["SG", "SG:bank", "SG:port", "MY", "MY:power", "CN", "CN:grid"];
const [SG, SG_BANK, , , , CN] = CODES.map((code, id): Organisation => {
  return { id, code, member: code.slice(0, 2), kind: code.length === 2 ? "cert" : "agency" };
}) as [Organisation, Organisation, Organisation, Organisation, Organisation, Organisation];
/** Each kind that there is, of the producer's own member and of others. */
const RECIPIENTS: readonly Organisation[] = [
  ...CODES.map((code, id): Organisation => {
    return { id, code, member: code.slice(0, 2), kind: code.length === 2 ? "cert" : "agency" };
  }),
  { id: 50, code: "SG#person", member: "SG", kind: "person" },
  { id: 51, code: "MY#person", member: "MY", kind: "person" },
  PUBLIC,
];

type Said = Pick<Subject, "tlp" | "pap" | "releasableTo" | "noForward" | "expires" | "parents">;

/** What an originator can say of a marking, part by part, from the mildest to the strictest: each step includes the next. */
const LADDERS: { [Name in keyof Said]-?: readonly Said[Name][] } = {
  tlp: Tlp.options,
  pap: [undefined, "green", "amber", "red"],
  releasableTo: [undefined, ["CN", "MY", "SG", "public"], ["MY", "SG:bank"], ["MY:power"], []],
  noForward: [undefined, true],
  expires: [undefined, "2026-11-23T00:00:00Z", "2026-11-21T00:00:00Z"],
  parents: [
    undefined,
    [{ tlp: "green" }],
    [{ tlp: "amber", pap: "amber" }],
    [{ tlp: "amber+strict", pap: "amber" }],
  ],
};
const STEPS = Object.keys(LADDERS) as (keyof Said)[];

const FOUND: Record<"ttp" | "incident", Subject["findings"]> = {
  ttp: [],
  incident: [
    { path: "/description", class: "email", individuals: 1 },
    { path: "/description", class: "victimIp", individuals: 1 },
  ],
};

/** Who says it, to whom, and of what: none of this is stricter than another. */
const GROUNDS = [SG, SG_BANK, CN].flatMap((producer) =>
  [[], ["MY"], ["SG"], ["SG:bank"], ["MY:power", "CN"], ["SG", "MY"], ["public"], ["public", "MY"]].flatMap(
    (to) =>
      (["ttp", "incident"] as const).map((contentClass) => ({
        producer,
        to,
        contentClass,
        findings: FOUND[contentClass],
      })),
  ),
);
/** Every combination of the steps, the last of them running fastest. */
const PLACES: readonly (readonly number[])[] = STEPS.reduce<number[][]>(
  (all, name) => all.flatMap((place) => LADDERS[name].map((_, step) => [...place, step])),
  [[]],
);
/** How far it is to the same place one step up a ladder. */
const STRIDES = STEPS.map((_, at) =>
  STEPS.slice(at + 1).reduce((all, name) => all * LADDERS[name].length, 1),
);

function saidAt(place: readonly number[]): Said {
  return Object.fromEntries(STEPS.map((name, at) => [name, LADDERS[name][place[at]!]])) as Said;
}

function isAtLeastAsStrict(after: Outcome, before: Outcome): boolean {
  if (after.withheld) return true;
  const opOf = (outcome: Outcome, path: string, kind: string) =>
    outcome.redactions.find((one) => one.path === path && one.class === kind)?.op;
  return (
    !before.withheld &&
    before.approvers.every((one) => after.approvers.includes(one)) &&
    before.obligations.every((one) => after.obligations.includes(one)) &&
    (!before.fourEyes || after.fourEyes) &&
    (before.deadlineHours === null ||
      (after.deadlineHours ?? Number.POSITIVE_INFINITY) <= before.deadlineHours) &&
    before.redactions.every(({ path, class: kind, op }) => {
      const now = opOf(after, path, kind);
      return now !== undefined && strictnessOf(now) >= strictnessOf(op);
    })
  );
}

describe("a stricter marking never gives anybody more", () => {
  it("step by step, in every combination, for every kind of recipient", () => {
    const context = { policies: shipped, now: NOW, individualsYtd: () => 0 };
    const said = PLACES.map(saidAt);
    const wider: string[] = [];
    let steps = 0;
    for (const ground of GROUNDS)
      for (const recipient of RECIPIENTS) {
        const all = said.map((one) => decide({ type: "tool", ...ground, ...one }, recipient, context));
        for (const [index, place] of PLACES.entries())
          for (const [at, name] of STEPS.entries()) {
            if (place[at]! + 1 === LADDERS[name].length) continue;
            steps += 1;
            if (isAtLeastAsStrict(all[index + STRIDES[at]!]!, all[index]!) || wider.length === 10) continue;
            wider.push(`${recipient.code} by ${name} from ${JSON.stringify({ ...ground, ...said[index] })}`);
          }
      }
    expect(wider).toEqual([]);
    expect(steps).toBeGreaterThan(1_000_000);
  });
});
