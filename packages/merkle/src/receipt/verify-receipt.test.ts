import { beforeAll, describe, expect, it } from "vitest";
import { parseTlogProof } from "../checkpoint/tlog-proof.ts";
import { lackingQuorum, parseWitnessPolicy, type WitnessPolicy } from "../checkpoint/witness-policy.ts";
import { groupCommitment } from "../leaf/commitment.ts";
import { formatVerifierKey, signerKey } from "../note/note-key.ts";
import { LogFixture, MEMBERS } from "../testing/log-fixture.ts";
import { parseReceipt } from "./receipt.ts";
import { type VerifyOptions, verifyReceipt } from "./verify-receipt.ts";

const log = new LogFixture();
const policyOf = (text: string): WitnessPolicy => {
  const read = parseWitnessPolicy(text);
  if (!read.ok) throw new Error(`${read.at}: ${read.message}`);
  return read.value;
};
const policy = policyOf(log.policy());
const outcome = (receipt: unknown, more: Partial<VerifyOptions> = {}): string => {
  const read = parseReceipt(JSON.stringify(receipt));
  if (!read.ok) return `malformed ${read.at}`;
  const result = verifyReceipt(read.value, { policy, ...more });
  return result.ok ? "ok" : result.code;
};

beforeAll(() => {
  for (let at = 1; at <= 20; at++)
    log.append({
      object: { type: "indicator", id: `indicator--${at}` },
      to: at % 2 === 0 ? ["MY"] : ["MY", "SG", "TH"],
    });
});

describe("a receipt", () => {
  it("shows an entry to a receiver and to its originator, at every place and size", () => {
    for (const seq of [1, 2, 7, 20])
      for (const size of [seq, 20])
        for (const organisation of ["MY", "SG"]) {
          const receipt = log.receipt(seq, organisation, log.checkpoint(size));
          const named = organisation === "MY" || seq % 2 === 1 ? organisation : undefined;
          expect(outcome(receipt, { body: log.entries[seq - 1]!.body, organisation: named })).toBe("ok");
        }
  });

  it("tells what it has shown, and hides what is not the holder's", () => {
    const receiver = verifyReceipt(log.receipt(3, "MY"), { policy });
    expect(receiver).toMatchObject({
      ok: true,
      receipt: {
        head: { seq: 3, kind: "released" },
        originator: "SG",
        recipient: "MY",
        sent: { id: "indicator--3" },
        members: MEMBERS,
      },
    });
    expect(Object.keys(receiver.ok ? receiver.receipt.values : {})).toEqual(["by", "sent", "to", "why"]);
    const originator = verifyReceipt(log.receipt(3, "SG"), { policy });
    expect(Object.keys(originator.ok ? originator.receipt.values : {})).toEqual([
      "by",
      "from",
      "rules",
      "sent",
      "to",
      "why",
    ]);
  });

  it("shows nothing when anything in it is another", () => {
    const receipt = log.receipt(5, "MY");
    const changed = places(receipt).map(([path, value]) => {
      const copy = structuredClone(receipt) as unknown as Record<string, unknown>;
      put(copy, path, typeof value === "number" ? value + 1 : flipped(String(value)));
      return [path.join("/"), outcome(copy, { body: log.entries[4]!.body })] as const;
    });
    expect(changed.filter(([, code]) => code === "ok")).toEqual([]);
    expect(changed.length).toBeGreaterThan(18);
  });

  it("shows nothing when a character of its proof is another", () => {
    const receipt = log.receipt(5, "MY", log.checkpoint(20, ["CN", "MY", "SG", "TH", "VN", "ID", "BN"]));
    for (let at = 0; at < receipt.proof.length; at += 3) {
      const proof = `${receipt.proof.slice(0, at)}${flipped(receipt.proof.slice(at, at + 1))}${receipt.proof.slice(at + 1)}`;
      expect(outcome({ ...receipt, proof }), `${at}: ${proof.slice(at - 5, at + 5)}`).not.toBe("ok");
    }
  });

  it("names what is wrong", () => {
    const receipt = log.receipt(5, "MY");
    expect(outcome(receipt, { body: "{}" })).toBe("other-body");
    expect(outcome(receipt, { organisation: "TL" })).toBe("not-a-recipient");
    expect(outcome(log.receipt(5, "PH"), { organisation: "PH" })).toBe("not-a-recipient");
    expect(outcome(log.receipt(5, "PH"), { organisation: "SG" }), "its originator's own").toBe("ok");
    expect(outcome({ ...receipt, proof: "x" })).toBe("bad-proof");
    expect(outcome({ ...receipt, seq: 6 })).toBe("wrong-place");
    expect(outcome({ ...receipt, loggedAt: "2027-01-01T00:00:00.000000Z" })).toBe("not-included");
    expect(outcome({ ...receipt, origin: "other.example" })).toBe("unknown-log");
    expect(outcome(receipt, { policy: policyOf(new LogFixture("other.example").policy()) })).toBe(
      "bad-checkpoint",
    );
    const sealed = { ...receipt.groups, sent: log.receipt(5, "MY").groups.from };
    expect(outcome({ ...receipt, groups: sealed })).toBe("not-included");
  });

  it("needs what was sent to be opened, and to be of the entry's kind", () => {
    const liar = new LogFixture();
    const entry = liar.append({ object: { type: "tool", id: "tool--1" } });
    const { sent } = entry.openings;
    const receipt = liar.receipt(1, "MY");
    const commitment = Buffer.from(groupCommitment("sent", sent)).toString("base64");
    expect(outcome({ ...receipt, groups: { ...receipt.groups, sent: { commitment } } })).toBe("bad-group");
    const twofaced = new LogFixture();
    twofaced.append({ object: { type: "tool", id: "tool--1" }, kind: "withdrawn", saidKind: "released" });
    expect(outcome(twofaced.receipt(1, "MY"))).toBe("bad-group");
  });
});

describe("the witnesses", () => {
  const signedBy = (...members: string[]) => outcome(log.receipt(2, "MY", log.checkpoint(20, members)));

  it("must be seven members, China and three of ASEAN among them", () => {
    expect(signedBy("CN", "BN", "ID", "KH", "LA", "MM", "MY")).toBe("ok");
    expect(signedBy("CN", "BN", "ID", "KH", "LA", "MM")).toBe("too-few-witnesses");
    expect(signedBy("SG", "BN", "ID", "KH", "LA", "MM", "MY", "PH", "TH", "TL", "VN")).toBe(
      "too-few-witnesses",
    );
    expect(signedBy()).toBe("too-few-witnesses");
    const twoOfAsean = policyOf(log.policy({ threshold: 3 }));
    const receipt = log.receipt(2, "MY", log.checkpoint(20, ["CN", "SG", "MY"]));
    expect(outcome(receipt, { policy: twoOfAsean })).toBe("too-few-witnesses");
    expect(lackingQuorum(twoOfAsean, ["CN", "SG", "MY"])).toContain("2 of");
    expect(lackingQuorum(twoOfAsean, ["CN", "SG", "MY", "TH"])).toBeUndefined();
  });

  it("count once however many keys a member has", () => {
    const second = signerKey("witness.example/CN-2", 4);
    const given = JSON.parse(log.policy({ threshold: 2, required: [], atLeast: [] }));
    given.witnesses.CN.push(formatVerifierKey(second.verifier));
    const twoKeys = policyOf(JSON.stringify(given));
    const cosigned = new LogFixture();
    cosigned.append({ object: { type: "tool", id: "tool--1" } });
    (cosigned.witnesses as Map<string, typeof second>).set("CN-2", second);
    const receipt = cosigned.receipt(1, "MY", cosigned.checkpoint(1, ["CN", "CN-2"]));
    expect(outcome(receipt, { policy: twoKeys })).toBe("too-few-witnesses");
    expect(
      outcome(cosigned.receipt(1, "MY", cosigned.checkpoint(1, ["CN-2", "MY"])), { policy: twoKeys }),
    ).toBe("ok");
  });

  it("do not count where they cosigned in the future", () => {
    const receipt = log.receipt(2, "MY", log.checkpoint(20, MEMBERS, 1_800_000_000));
    expect(outcome(receipt, { now: 1_800_000_000 - 299 })).toBe("ok");
    expect(outcome(receipt, { now: 1_800_000_000 - 301 })).toBe("too-few-witnesses");
  });

  it("one key cannot be two parties'", () => {
    const given = JSON.parse(log.policy());
    for (const key of [given.witnesses.CN[0], given.logs[0].keys[0]]) {
      const read = parseWitnessPolicy(
        JSON.stringify({ ...given, witnesses: { ...given.witnesses, XX: [key] } }),
      );
      expect(read).toMatchObject({ ok: false, at: "/witnesses" });
    }
  });

  it("of an earlier epoch's entries are those of the log that goes on with its tree", () => {
    const next = new LogFixture("suar.example/live-2");
    next.append({ object: { type: "tool", id: "tool--1" } });
    next.leaves[0] = log.leaves[0]!;
    const receipt = { ...log.receipt(1, "MY"), proof: next.receipt(1, "MY").proof };
    const [one] = JSON.parse(next.policy()).logs;
    const chain = policyOf(next.policy({ logs: [{ ...one, continues: log.origin }] }));
    expect(outcome(receipt, { policy: chain })).toBe("ok");
    const apart = JSON.parse(log.policy()).logs;
    expect(outcome(receipt, { policy: policyOf(next.policy({ logs: [one, ...apart] })) })).toBe(
      "unknown-log",
    );
    const circle = policyOf(
      next.policy({
        logs: [
          { ...one, continues: "a" },
          { origin: "a", keys: [], continues: one.origin },
        ],
      }),
    );
    expect(outcome(receipt, { policy: circle })).toBe("unknown-log");
  });
});

describe("documents", () => {
  it("are refused with a field too many, missing, or of another kind, and never with an exception", () => {
    const receipt = log.receipt(5, "MY") as unknown as Record<string, unknown>;
    for (const value of [
      null,
      [],
      5,
      "",
      {},
      { ...receipt, more: 1 },
      { ...receipt, groups: { ...(receipt.groups as object), more: {} } },
    ])
      expect(outcome(value)).toMatch(/^malformed/);
    for (const [path] of places(receipt))
      for (const value of [null, [], {}, -1, 1e300, "", "\ud800", "x".repeat(300_000), [[[]]]]) {
        const copy = structuredClone(receipt);
        put(copy, path, value);
        expect(outcome(copy), `${path.join("/")} = ${JSON.stringify(value).slice(0, 20)}`).not.toBe("ok");
      }
    expect(parseReceipt("{").ok).toBe(false);
    expect(parseReceipt("[".repeat(500_000)).ok).toBe(false);
    expect(parseReceipt(" ".repeat(2 * 1024 * 1024 + 1)).ok).toBe(false);
  });

  it("policies, too", () => {
    const given = JSON.parse(
      log.policy({ threshold: 1, required: ["CN"], atLeast: [{ members: ["SG"], count: 1 }] }),
    );
    expect(parseWitnessPolicy(JSON.stringify(given)).ok).toBe(true);
    const bad = [
      null,
      { ...given, schema: "x" },
      { ...given, logs: {} },
      { ...given, threshold: -1 },
      { ...given, more: 1 },
      { ...given, required: "CN" },
      { ...given, atLeast: [{ members: ["SG"] }] },
      { ...given, witnesses: { CN: ["x"] } },
      { ...given, logs: [...given.logs, ...given.logs] },
      { ...given, logs: [{ origin: "a\nb", keys: [] }] },
    ];
    for (const each of bad)
      expect(parseWitnessPolicy(JSON.stringify(each)).ok, JSON.stringify(each).slice(0, 60)).toBe(false);
  });

  it("are read from tlog-proofs that other tools read as well", () => {
    expect(parseTlogProof(log.receipt(5, "MY").proof)).toMatchObject({ index: 4 });
  });
});

type Path = (string | number)[];

/** Each text and number of a document, by its path. */
function places(value: unknown, path: Path = []): [Path, unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, one]) => places(one, [...path, name]));
}

function put(document: Record<string, unknown>, path: Path, value: unknown): void {
  const parent = path.slice(0, -1).reduce((one, name) => one[name] as Record<string, unknown>, document);
  parent[path.at(-1)!] = value;
}

/** Another text of the same length: a letter is exchanged for another. */
function flipped(text: string): string {
  const at = Math.floor(text.length / 2);
  return `${text.slice(0, at)}${text[at] === "B" ? "C" : "B"}${text.slice(at + 1)}`;
}
