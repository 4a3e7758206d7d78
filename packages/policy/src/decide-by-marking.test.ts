import { Tlp } from "@suar/stix";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideByMarking } from "./decide-by-marking.ts";
import type { Outcome } from "./outcome.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules.ts";
import { type MarkedSubject, type Organisation, PUBLIC } from "./subject.ts";

const CODES = ["SG", "SG:csa-bank", "SG:port", "MY", "MY:power", "CN", "CN:grid"];
const WORLD = CODES.map((code, id): Organisation => {
  const member = code.slice(0, 2);
  return { id, code, member, kind: code === member ? "cert" : "agency" };
});
/** Long before anything expires. */
const NOW = 0;
const decide = (of: MarkedSubject, recipient: Organisation, rules: readonly Rule[] = RULES) =>
  decideByMarking(of, recipient, NOW, rules);
const [SG, SG_BANK, , MY, MY_POWER, CN] = WORLD as [
  Organisation,
  Organisation,
  Organisation,
  Organisation,
  Organisation,
  Organisation,
];

function subject(tlp: Tlp, to: string[] = [], producer = SG): MarkedSubject {
  return { type: "indicator", tlp, producer, to };
}

function audience(of: MarkedSubject): string[] {
  return WORLD.filter((recipient) => !decide(of, recipient).withheld).map(({ code }) => code);
}

function codesOf({ reasons }: Outcome): string[] {
  return reasons.map(({ code }) => code);
}

/** Written from the text of TLP 2.0 as a set of codes, not as conditions on a recipient. */
function oracle(tlp: Tlp, producer: string, to: readonly string[]): Set<string> {
  const clients = (code: string) => CODES.filter((other) => other.startsWith(`${code}:`));
  const namedWithClients = to.flatMap((code) => [code, ...clients(code)]);
  const audiences: Record<Tlp, string[]> = {
    clear: to.length > 0 ? [producer, ...namedWithClients] : CODES,
    green: to.length > 0 ? [producer, ...namedWithClients] : CODES,
    amber: [producer, ...(to.length > 0 ? namedWithClients : clients(producer))],
    "amber+strict": [producer, ...to],
    red: [],
  };
  return new Set(audiences[tlp]);
}

describe("the decision table", () => {
  it("agrees with the oracle for every marking, producer, set of named organisations and recipient", () => {
    const differences: string[] = [];
    for (const tlp of Tlp.options) {
      for (const producer of WORLD) {
        for (let set = 0; set < 1 << CODES.length; set++) {
          const to = CODES.filter((_, bit) => set & (1 << bit));
          const expected = oracle(tlp, producer.code, to);
          for (const recipient of WORLD) {
            const permitted = !decide(subject(tlp, to, producer), recipient).withheld;
            if (permitted !== expected.has(recipient.code)) {
              differences.push(`${tlp} ${producer.code} -> ${to} : ${recipient.code}`);
            }
          }
        }
      }
    }
    expect(differences).toEqual([]);
  });

  it("gives the same outcome whatever the order of the rules", () => {
    const reversed = [...RULES].reverse();
    for (const tlp of Tlp.options) {
      for (const recipient of WORLD) {
        const of = subject(tlp, ["MY", "SG:csa-bank"]);
        expect(decide(of, recipient, reversed)).toEqual(decide(of, recipient));
      }
    }
  });

  it("tells why, on both sides of the door", () => {
    expect(codesOf(decide(subject("green"), SG))).toEqual(["community", "own-original"]);
    expect(codesOf(decide(subject("amber", ["MY"]), MY_POWER))).toEqual(["client-of-named"]);
    expect(codesOf(decide(subject("amber", ["MY"]), CN))).toEqual(["not-in-audience"]);
    expect(codesOf(decide(subject("red", ["MY"]), MY))).toEqual(["red-needs-people"]);
  });

  it("does not hand an agency's AMBER to its own CERT, nor to the other agencies of its member", () => {
    expect(audience(subject("amber", ["CN"], SG_BANK))).toEqual(["SG:csa-bank", "CN", "CN:grid"]);
  });
});

const unknown = <T>(value: unknown) => value as T;

describe("a decision fails closed", () => {
  it("withholds where there are no rules", () => {
    expect(decide(subject("clear"), MY, [])).toMatchObject({ withheld: true });
  });

  it("withholds an unknown TLP even from its originator, an unknown PAP from everybody", () => {
    const odd: MarkedSubject[] = [
      { ...subject("clear"), tlp: unknown("purple") },
      { ...subject("clear"), pap: unknown("purple") },
    ];
    for (const each of odd) {
      expect(audience(each)).toEqual([]);
      expect(codesOf(decide(each, SG))).toEqual(["unknown-marking"]);
    }
  });

  it("withholds from a kind of recipient that it does not know", () => {
    const recipient = { ...MY, kind: unknown<"cert">("satellite") };
    expect(codesOf(decide(subject("clear"), recipient))).toEqual(["unknown-recipient"]);
  });

  it("withholds where a rule throws or mumbles", () => {
    const source = "test";
    const throwing: Rule = {
      id: "throwing",
      source,
      apply: () => {
        throw new Error("secret.example");
      },
    };
    const mumbling: Rule = { id: "mumbling", source, apply: () => unknown("yes") };
    for (const broken of [throwing, mumbling]) {
      const outcome = decide(subject("clear"), MY, [...RULES, broken]);
      expect(outcome.withheld).toBe(true);
      expect(outcome.reasons).toEqual([{ code: "rule-failed", rule: broken.id, source, paths: [] }]);
    }
  });
});

describe("a relationship", () => {
  it("reaches those who may know of every end, and its producer", () => {
    const ends = [
      [SG.id, MY.id, CN.id],
      [MY.id, MY_POWER.id],
    ];
    expect(audience({ ...subject("green"), ends })).toEqual(["SG", "MY"]);
    expect(audience({ ...subject("green"), ends: [] })).toEqual(CODES);
  });
});

describe("what narrows an audience further", () => {
  it("is a list of those whom it may be released to, a member's name standing for its agencies", () => {
    expect(audience({ ...subject("green"), releasableTo: ["MY", "SG:port"] })).toEqual([
      "SG",
      "SG:port",
      "MY",
      "MY:power",
    ]);
    expect(audience({ ...subject("green"), releasableTo: [] })).toEqual(["SG"]);
  });

  it("is not to be forwarded: those who are named themselves, and nobody behind them", () => {
    expect(audience({ ...subject("amber", ["MY"]), noForward: true })).toEqual(["SG", "MY"]);
    expect(audience({ ...subject("green"), noForward: true })).toEqual(["SG"]);
  });

  it("is its end, and an end that nobody can read has come", () => {
    for (const expires of ["1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "soon", ""])
      expect(audience({ ...subject("green"), expires })).toEqual(["SG"]);
    expect(audience({ ...subject("green"), expires: "1970-01-01T00:00:00.001Z" })).toEqual(CODES);
  });

  it("is a marking of a container that nobody has heard of", () => {
    expect(audience({ ...subject("clear"), parents: [{ tlp: unknown("purple") }] })).toEqual([]);
    expect(audience({ ...subject("clear"), parents: [{ pap: unknown("purple") }] })).toEqual([]);
  });
});

describe("the public", () => {
  const reached = (tlp: Tlp, to: string[] = []) => !decide(subject(tlp, to), PUBLIC).withheld;

  it("is told what is CLEAR and was for nobody in particular, or for itself", () => {
    expect(Tlp.options.filter((tlp) => reached(tlp))).toEqual(["clear"]);
    expect(Tlp.options.filter((tlp) => reached(tlp, ["public"]))).toEqual(["clear"]);
    expect(reached("clear", ["MY"])).toBe(false);
  });
});

describe("every rule is needed", () => {
  const odd = { ...subject("clear"), pap: "purple" as "red" };
  const witnesses: Record<string, [MarkedSubject, Organisation]> = {
    "marking-known": [odd, MY],
    "recipient-known": [subject("clear"), { ...MY, kind: "satellite" as "cert" }],
    red: [subject("red"), SG],
    "relationship-ends": [{ ...subject("green"), ends: [[SG.id, MY.id], [SG.id]] }, MY],
    person: [subject("clear"), { ...MY, kind: "person" }],
    public: [subject("green", ["public"]), PUBLIC],
    "releasable-to": [{ ...subject("green"), releasableTo: ["CN"] }, MY],
    "no-forward": [{ ...subject("amber", ["MY"]), noForward: true }, MY_POWER],
    expiry: [{ ...subject("green"), expires: "1970-01-01T00:00:00Z" }, MY],
    originator: [subject("amber+strict"), SG],
    community: [subject("green"), CN],
    named: [subject("amber+strict", ["MY"]), MY],
    "clients-of-named": [subject("amber", ["MY"]), MY_POWER],
    "clients-of-producer": [subject("amber"), SG_BANK],
  };

  it.each(RULES.map(({ id }) => id))("%s changes a decision", (id) => {
    const witness = witnesses[id];
    expect(witness, `no witness for the rule ${id}`).toBeDefined();
    const [of, recipient] = witness!;
    const without = decide(
      of,
      recipient,
      RULES.filter((rule) => rule.id !== id),
    );
    expect(without.withheld).not.toBe(decide(of, recipient).withheld);
  });

  it("but for RED, which names nobody even where its own rule is gone", () => {
    const others = RULES.filter(({ id }) => id !== "red");
    const reached = WORLD.filter((recipient) => !decide(subject("red", CODES), recipient, others).withheld);
    expect(reached).toEqual([SG]);
  });
});

describe("audiences only shrink", () => {
  const codes = fc.uniqueArray(fc.constantFrom(...CODES), { minLength: 1 });
  const producers = fc.constantFrom(...WORLD);
  const tlps = fc.constantFrom(...Tlp.options);

  it("under a stricter marking", () => {
    fc.assert(
      fc.property(tlps, tlps, codes, producers, fc.boolean(), (a, b, named, producer, naming) => {
        const [looser, stricter] = Tlp.options.indexOf(a) < Tlp.options.indexOf(b) ? [a, b] : [b, a];
        const to = naming ? named : [];
        const before = new Set(audience(subject(looser, to, producer)));
        return audience(subject(stricter, to, producer)).every((code) => before.has(code));
      }),
    );
  });

  it("to those whom AMBER names, the producer's own clients by its own CERT's name", () => {
    expect(audience(subject("amber"))).toEqual(["SG", "SG:csa-bank", "SG:port"]);
    expect(audience(subject("amber", ["MY"]))).toEqual(["SG", "MY", "MY:power"]);
    expect(audience(subject("amber", ["MY", "SG"]))).toEqual([
      "SG",
      "SG:csa-bank",
      "SG:port",
      "MY",
      "MY:power",
    ]);
  });

  it("when fewer are named, as long as somebody is", () => {
    fc.assert(
      fc.property(tlps, codes, codes, producers, (tlp, few, more, producer) => {
        const before = new Set(audience(subject(tlp, [...few, ...more], producer)));
        return audience(subject(tlp, few, producer)).every((code) => before.has(code));
      }),
    );
  });

  it("when somebody is named under CLEAR or GREEN that named nobody", () => {
    for (const tlp of ["clear", "green"] as const) {
      expect(audience(subject(tlp))).toEqual(CODES);
      expect(audience(subject(tlp, ["MY"]))).toEqual(["SG", "MY", "MY:power"]);
    }
  });
});
