import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { MerkleError, type MerkleErrorCode } from "../error.ts";
import {
  commitGroups,
  committer,
  GROUP_NAMES,
  type GroupName,
  groupCommitment,
  type Opening,
} from "./commitment.ts";
import { entryLeaf } from "./entry-leaf.ts";
import { type Recipient, recipientProof, recipientsRoot, verifyRecipient } from "./recipients.ts";

const groups = Object.fromEntries(
  GROUP_NAMES.map((name) => [name, { value: `{"é":"${name}"}`, salt: randomBytes(32) }]),
) as unknown as Record<GroupName, Opening>;
const hash = (...parts: (Uint8Array | string)[]) =>
  createHash("sha256")
    .update(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
    .digest();
const code = (act: () => unknown): MerkleErrorCode | unknown => {
  try {
    return act();
  } catch (error) {
    return error instanceof MerkleError && error.code;
  }
};

const sealedOf = (all: Record<GroupName, Opening>) =>
  Object.fromEntries(GROUP_NAMES.map((name) => [name, groupCommitment(name, all[name])])) as Record<
    GroupName,
    Uint8Array
  >;

describe("a commitment of groups", () => {
  it("has the layout that is written down", () => {
    const commitments = ["by", "from", "rules", "sent", "to", "why"].map((name) => {
      const { value, salt } = groups[name as GroupName];
      const length = Buffer.of(0, name.length);
      return [length, name, hash(Buffer.of(3), salt, length, name, value)];
    });
    expect(Buffer.from(commitGroups(groups))).toEqual(hash(Buffer.of(2), ...commitments.flat()));
  });

  it("is the same out of groups that are opened, sealed, or in another order", () => {
    const whole = commitGroups(groups);
    for (const opened of GROUP_NAMES) {
      const mixed = GROUP_NAMES.toReversed().map((name) => {
        return [name, name === opened ? groups[name] : groupCommitment(name, groups[name])];
      });
      expect(commitGroups(Object.fromEntries(mixed))).toEqual(whole);
    }
  });

  it("is the same of entries that share groups, one after the other and in turn", () => {
    const sharing = (value: string) => {
      const shared = { ...groups, why: { value, salt: groups.by.salt } };
      return { shared, commit: committer(sealedOf(shared)) };
    };
    const [one, other] = [sharing("a"), sharing("b")];
    for (const value of ["x", "y", "x"])
      for (const { shared, commit } of [one, other, one]) {
        const own = { from: { value, salt: randomBytes(32) }, sent: groups.sent };
        expect(commit(own)).toEqual(commitGroups({ ...shared, ...own }));
      }
    expect(code(() => committer({ ...sealedOf(groups), by: new Uint8Array(31) }))).toBe("bad-hash");
  });

  it("is another for another value, salt, or value under another name", () => {
    const whole = commitGroups(groups);
    for (const name of GROUP_NAMES) {
      const { value, salt } = groups[name];
      const other = GROUP_NAMES.find((one) => one !== name)!;
      for (const changed of [
        { value: `${value} `, salt },
        { value, salt: randomBytes(32) },
        groupCommitment(other, groups[name]),
      ])
        expect(commitGroups({ ...groups, [name]: changed })).not.toEqual(whole);
    }
    expect(groupCommitment("by", { value: "tox", salt: groups.by.salt })).not.toEqual(
      groupCommitment("to", { value: "x", salt: groups.by.salt }),
    );
  });

  it("is made of proper salts, hashes and texts", () => {
    const { salt } = groups.by;
    expect(code(() => groupCommitment("by", { value: "", salt: new Uint8Array(16) }))).toBe("bad-salt");
    expect(code(() => groupCommitment("by", { value: "\ud800", salt }))).toBe("bad-field");
    expect(code(() => commitGroups({ ...groups, by: new Uint8Array(31) }))).toBe("bad-hash");
  });
});

describe("the leaf of an entry", () => {
  const head = {
    origin: "suar.example/live",
    seq: 7,
    loggedAt: "2027-01-01T00:00:00.000000Z",
    kind: "released",
  };
  const commitment = randomBytes(32);

  it("is the leaf hash of six lines", () => {
    const text = `suar/entry/1\nsuar.example/live\n7\n2027-01-01T00:00:00.000000Z\nreleased\n${commitment.toString("base64")}\n`;
    expect(Buffer.from(entryLeaf(head, commitment))).toEqual(hash(Buffer.of(0), text));
  });

  it("has a head in which no line can run over into the next", () => {
    const bad = [
      { origin: "a\nb" },
      { origin: "" },
      { seq: 0 },
      { seq: 1.5 },
      { loggedAt: "2027-01-01T00:00:00Z" },
      { loggedAt: "2027-01-01T00:00:00.000000Z\n" },
      { kind: "a\nb" },
      { kind: "" },
    ];
    for (const each of bad)
      expect(
        code(() => entryLeaf({ ...head, ...each }, commitment)),
        JSON.stringify(each),
      ).toBe("bad-field");
    expect(code(() => entryLeaf(head, new Uint8Array(5)))).toBe("bad-hash");
  });
});

describe("recipients", () => {
  const secret = randomBytes(32);
  const some = (count: number): Recipient[] =>
    Array.from({ length: count }, (_, at) => ({ organisation: `ORG-${at}`, salt: randomBytes(32) }));

  it("are each shown to be among them, and nobody else is", () => {
    for (const count of [1, 2, 15, 16, 17, 40]) {
      const recipients = some(count);
      const root = recipientsRoot(recipients, secret);
      for (const { organisation } of recipients) {
        const proof = recipientProof(recipients, secret, organisation)!;
        expect(verifyRecipient(proof, root)).toBe(true);
        expect(verifyRecipient({ ...proof, organisation: "ORG-x" }, root)).toBe(false);
        expect(verifyRecipient({ ...proof, salt: randomBytes(32).toString("base64") }, root)).toBe(false);
        expect(verifyRecipient(proof, recipientsRoot(some(count), secret))).toBe(false);
      }
      expect(recipientProof(recipients, secret, "ORG-99")).toBeUndefined();
    }
  });

  it("tell of one another only the depth, which is the same for one and for sixteen", () => {
    const depths = [1, 12, 16, 17, 32].map(
      (count) => recipientProof(some(count), secret, "ORG-0")!.proof.length,
    );
    expect(depths).toEqual([4, 4, 4, 5, 5]);
    const places = new Set(Array.from({ length: 60 }, () => recipientProof(some(2), secret, "ORG-0")!.index));
    expect(places.size).toBeGreaterThan(8);
  });

  it("have a root that does not depend on their order", () => {
    const recipients = some(9);
    expect(recipientsRoot(recipients.toReversed(), secret)).toEqual(recipientsRoot(recipients, secret));
  });

  it("a proof that is malformed is false, no exception", () => {
    const recipients = some(3);
    const root = recipientsRoot(recipients, secret);
    const proof = recipientProof(recipients, secret, "ORG-1")!;
    const bad = [
      { salt: "" },
      { salt: "!" },
      { index: -1 },
      { index: 16 },
      { index: 1.5 },
      { proof: [] },
      { organisation: "" },
      { proof: Array(17).fill(proof.proof[0]) },
      { proof: ["", ...proof.proof] },
      { organisation: "\ud800" },
    ];
    for (const each of bad)
      expect(verifyRecipient({ ...proof, ...each }, root), JSON.stringify(each)).toBe(false);
    expect(verifyRecipient(proof, new Uint8Array())).toBe(false);
    expect(code(() => recipientsRoot(recipients, new Uint8Array(3)))).toBe("bad-salt");
    expect(code(() => recipientsRoot([{ organisation: "", salt: secret }], secret))).toBe("bad-field");
    expect(code(() => recipientsRoot([{ organisation: "A", salt: new Uint8Array(1) }], secret))).toBe(
      "bad-salt",
    );
  });
});
