import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MerkleError } from "../error.ts";
import { EMPTY_ROOT, leafHash } from "../hash.ts";
import { consistencyProof, verifyConsistency } from "./consistency.ts";
import { appendLeaf, emptyFrontier, parseFrontier, rootOf, serializeFrontier } from "./frontier.ts";
import { inclusionProof, verifyInclusion } from "./inclusion.ts";
import { rootOfLeaves } from "./tree.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const codeOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return error instanceof MerkleError ? error.code : error;
  }
  return "nothing thrown";
};

/** The eight leaves and the roots over them that implementations of RFC 6962 share as known answers. */
const KNOWN_LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map((data) => leafHash(Buffer.from(data, "hex")));
const KNOWN_ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const leavesOf = (count: number) =>
  Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)));
const frontierOf = (leaves: readonly Uint8Array[]) => leaves.reduce(appendLeaf, emptyFrontier());

describe("known answers of RFC 6962", () => {
  it.each(KNOWN_ROOTS.map((root, size) => ({ size, root })))(
    "the root over $size leaves",
    ({ size, root }) => {
      const leaves = KNOWN_LEAVES.slice(0, size);
      expect(hex(rootOfLeaves(leaves))).toBe(root);
      expect(hex(rootOf(frontierOf(leaves)))).toBe(root);
    },
  );

  it("the inclusion of leaf 5 of 8", () => {
    expect(inclusionProof(KNOWN_LEAVES, 5).map(hex)).toEqual([
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
  });

  it("the consistency of 6 with 8", () => {
    expect(consistencyProof(KNOWN_LEAVES, 6, 8).map(hex)).toEqual([
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
  });
});

describe("inclusion", () => {
  it("is verified for every leaf of every log up to 65 leaves, and for no other index", () => {
    for (let size = 1; size <= 65; size++) {
      const leaves = leavesOf(size);
      const root = rootOfLeaves(leaves);
      for (const [index, leaf] of leaves.entries()) {
        const proof = inclusionProof(leaves, index);
        expect(verifyInclusion(leaf, index, size, proof, root)).toBe(true);
        expect(verifyInclusion(leaf, (index + 1) % (size + 1), size, proof, root)).toBe(false);
      }
    }
  });

  it("is refused when any byte, hash or number is another", () => {
    const sizes = fc.integer({ min: 2, max: 200 });
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (size, pick, spot, flip) => {
        const leaves = leavesOf(size);
        const root = rootOfLeaves(leaves);
        const index = pick % size;
        const leaf = leaves[index]!;
        const proof = inclusionProof(leaves, index);
        const hurt = proof.map((hash) => hash.slice());
        const victim = hurt[spot % hurt.length]!;
        victim[spot % victim.length]! ^= flip;
        expect(verifyInclusion(leaf, index, size, hurt, root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, proof.slice(1), root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, [...proof, root], root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, proof, leaf)).toBe(false);
      }),
    );
  });

  it("is false, not an exception, for nonsense", () => {
    const [leaf] = leavesOf(1) as [Uint8Array];
    expect(verifyInclusion(leaf, 0, 1, [], leaf)).toBe(true);
    for (const [index, size] of [
      [-1, 1],
      [0.5, 1],
      [0, 0],
      [1, 1],
      [0, 2 ** 53],
      [Number.NaN, 1],
    ] as const) {
      expect(verifyInclusion(leaf, index, size, [], leaf)).toBe(false);
    }
    expect(verifyInclusion(leaf.slice(1), 0, 1, [], leaf)).toBe(false);
    expect(verifyInclusion(leaf, 0, 2, [leaf.slice(1)], leaf)).toBe(false);
  });

  it("is refused for a proof that is too short or too long for the size", () => {
    const two = leavesOf(2);
    const four = leavesOf(4);
    // Without regard to the size, both would hash up to the given root.
    expect(verifyInclusion(two[0]!, 0, 4, inclusionProof(two, 0), rootOfLeaves(two))).toBe(false);
    expect(verifyInclusion(four[3]!, 1, 2, inclusionProof(four, 3), rootOfLeaves(four))).toBe(false);
  });

  it("is proved for existing leaves only", () => {
    expect(codeOf(() => inclusionProof(leavesOf(3), 3))).toBe("out-of-range");
    expect(codeOf(() => inclusionProof(leavesOf(3), -1))).toBe("out-of-range");
  });
});

describe("consistency", () => {
  it("is verified for every pair of sizes up to 40, and not for a log that changed a leaf", () => {
    const leaves = leavesOf(40);
    const roots = Array.from({ length: 41 }, (_, size) => rootOfLeaves(leaves.slice(0, size)));
    const changed = rootOfLeaves([leafHash(Buffer.from("another")), ...leaves.slice(1)]);
    for (let n = 0; n <= 40; n++) {
      for (let m = 0; m <= n; m++) {
        const proof = consistencyProof(leaves, m, n);
        expect(verifyConsistency(m, n, proof, roots[m]!, roots[n]!)).toBe(true);
        expect(verifyConsistency(m, n, [...proof, changed], roots[m]!, roots[n]!)).toBe(false);
        if (m > 0) expect(verifyConsistency(m, n, proof, changed, roots[n]!)).toBe(false);
        if (m > 0) expect(verifyConsistency(m, n, proof, roots[m]!, changed)).toBe(false);
        if (m > 0 && m < n) expect(verifyConsistency(m, n, proof.slice(1), roots[m]!, roots[n]!)).toBe(false);
      }
    }
  });

  it("is false, not an exception, for nonsense", () => {
    const root = rootOfLeaves(leavesOf(2));
    expect(verifyConsistency(2, 1, [], root, root)).toBe(false);
    expect(verifyConsistency(0, 0, [], root, root)).toBe(false);
    expect(verifyConsistency(0, 2, [], root, root)).toBe(false);
    expect(verifyConsistency(0, 2, [], EMPTY_ROOT, root)).toBe(true);
    expect(verifyConsistency(1, 2, [], root.slice(1), root)).toBe(false);
    expect(verifyConsistency(1.5, 2, [], root, root)).toBe(false);
    expect(codeOf(() => consistencyProof(leavesOf(2), 1, 3))).toBe("out-of-range");
    expect(codeOf(() => consistencyProof(leavesOf(2), 2, 1))).toBe("out-of-range");
  });

  it("is refused for a proof that is too short or too long for the sizes", () => {
    const leaves = leavesOf(8);
    const root = (size: number) => rootOfLeaves(leaves.slice(0, size));
    // Without regard to the sizes, both would hash up to the given roots.
    expect(verifyConsistency(1, 4, consistencyProof(leaves, 1, 2), root(1), root(2))).toBe(false);
    expect(verifyConsistency(3, 4, consistencyProof(leaves, 7, 8), root(7), root(8))).toBe(false);
  });
});

describe("the frontier", () => {
  it("gives the root of the whole tree at every size, and survives being written down", () => {
    const leaves = leavesOf(130);
    let frontier = emptyFrontier();
    for (const [index, leaf] of leaves.entries()) {
      frontier = parseFrontier(serializeFrontier(appendLeaf(frontier, leaf)));
      expect(frontier.size).toBe(index + 1);
      expect(hex(rootOf(frontier))).toBe(hex(rootOfLeaves(leaves.slice(0, index + 1))));
    }
  });

  it("does not change when a leaf is appended to it", () => {
    const frontier = frontierOf(leavesOf(7));
    const before = hex(serializeFrontier(frontier));
    appendLeaf(frontier, leavesOf(1)[0]!);
    expect(hex(serializeFrontier(frontier))).toBe(before);
  });

  it("counts beyond 32 bits", () => {
    const [leaf] = leavesOf(1) as [Uint8Array];
    const large = { size: 2 ** 40 + 1, hashes: [leaf, leaf] };
    const next = parseFrontier(serializeFrontier(appendLeaf(large, leaf)));
    expect(next.size).toBe(2 ** 40 + 2);
    expect(next.hashes).toHaveLength(2);
    const full = { size: Number.MAX_SAFE_INTEGER, hashes: Array.from({ length: 53 }, () => leaf) };
    expect(codeOf(() => appendLeaf(full, leaf))).toBe("log-full");
  });

  it("refuses bytes that are no frontier", () => {
    const bytes = serializeFrontier(frontierOf(leavesOf(3)));
    const huge = Uint8Array.of(1, ...new Array<number>(8).fill(0xff));
    for (const bad of [
      new Uint8Array(),
      bytes.slice(1),
      bytes.slice(0, -1),
      Uint8Array.of(...bytes, 0),
      huge,
    ]) {
      expect(codeOf(() => parseFrontier(bad))).toBe("bad-frontier");
    }
    expect(codeOf(() => appendLeaf(emptyFrontier(), Uint8Array.of(1)))).toBe("bad-hash");
  });

  it("reads a slice of a larger buffer", () => {
    const bytes = serializeFrontier(frontierOf(leavesOf(3)));
    const shifted = Uint8Array.of(9, 9, 9, ...bytes).subarray(3);
    expect(parseFrontier(shifted)).toEqual(frontierOf(leavesOf(3)));
  });
});
