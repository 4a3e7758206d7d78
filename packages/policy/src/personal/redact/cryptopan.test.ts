import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cryptopan } from "./cryptopan.ts";

/** Key and answers of the sample trace that comes with the authors' own Crypto-PAn 1.0. */
const SAMPLE_KEY = Uint8Array.from([
  21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16, 216, 152, 143, 131, 121, 121, 101, 39,
  98, 87, 76, 45, 42, 132, 34, 2,
]);
const SAMPLE = [
  ["128.11.68.132", "135.242.180.132"],
  ["129.118.74.4", "134.136.186.123"],
  ["130.132.252.244", "133.68.164.234"],
  ["141.223.7.43", "141.167.8.160"],
  ["141.233.145.108", "141.129.237.235"],
  ["152.163.225.39", "151.140.114.167"],
  ["156.29.3.236", "147.225.12.42"],
  ["165.247.96.84", "162.9.99.234"],
  ["166.107.77.190", "160.132.178.185"],
  ["192.102.249.13", "252.138.62.131"],
] as const;

const anonymize = cryptopan(SAMPLE_KEY);

describe("Crypto-PAn", () => {
  it.each(SAMPLE)("makes of %s what its authors do: %s", (address, expected) => {
    expect(anonymize(address)).toBe(expected);
  });

  it("keeps of two IPv4 addresses as many common leading bits as they had", () => {
    const address = fc.uint8Array({ minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(address, address, fc.nat(32), (a, b, shared) => {
        const other = joined(a, b, shared);
        const [one, two] = [anonymize(a.join(".")), anonymize(other.join("."))];
        expect(common(bits4(one), bits4(two))).toBe(common(bitsOf(a), bitsOf(other)));
      }),
    );
  });

  it("keeps them of two IPv6 addresses", () => {
    const address = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(address, address, fc.nat(128), (a, b, shared) => {
        const other = joined(a, b, shared);
        const [one, two] = [anonymize(text6(a)), anonymize(text6(other))];
        expect(common(bits6(one), bits6(two))).toBe(common(bitsOf(a), bitsOf(other)));
      }),
    );
  });

  it("reads every spelling of an IPv6 address", () => {
    const spelled = ["2001:db8::c000:201", "2001:DB8:0:0:0:0:192.0.2.1", "2001:db8:0::0:c000:0201"].map(
      anonymize,
    );
    expect(new Set(spelled).size).toBe(1);
    expect(spelled[0]).toMatch(/^[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}$/);
  });

  it.each([
    "",
    "1.2.3",
    "1.2.3.256",
    "1.2.3.4.5",
    "::1::",
    "1:2:3",
    "g::1",
    "1:2:3:4:5:6:7:8:9",
    "x:1.2.3.4",
  ])("says nothing of %j", (text) => {
    expect(anonymize(text)).toBeUndefined();
  });

  it("refuses a key of another length", () => {
    expect(() => cryptopan(new Uint8Array(16))).toThrow(RangeError);
  });
});

function joined(a: Uint8Array, b: Uint8Array, shared: number): Uint8Array {
  return a.map((byte, index) => {
    const kept = Math.max(0, Math.min(8, shared - index * 8));
    const mask = (0xff << (8 - kept)) & 0xff;
    return (byte & mask) | ((b[index] ?? 0) & ~mask & 0xff);
  });
}

function common(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

function bitsOf(bytes: Iterable<number>): string {
  return [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
}

function bits4(text = ""): string {
  return bitsOf(text.split(".").map(Number));
}

function text6(bytes: Uint8Array): string {
  return Array.from({ length: 8 }, (_, n) =>
    (((bytes[n * 2] ?? 0) << 8) | (bytes[n * 2 + 1] ?? 0)).toString(16),
  ).join(":");
}

function bits6(text = ""): string {
  return text
    .split(":")
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0"))
    .join("");
}
