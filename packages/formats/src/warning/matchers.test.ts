import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileList } from "./compile-list.ts";
import { LookedUp } from "./looked-up.ts";
import { networkOf } from "./network.ts";
import { SubstringSet } from "./substring-set.ts";
import type { WarningList } from "./warning-list.ts";

const listOf = (type: WarningList["type"], list: string[]): WarningList => {
  return { name: "n", version: 1, description: "", type, matching_attributes: [], list };
};

async function compiled(type: WarningList["type"], list: string[]) {
  const { compiled: found, faults } = await compileList(listOf(type, list));
  expect(faults.told).toEqual([]);
  return (kind: LookedUp["value"]["kind"], value: string) => found.holds(new LookedUp({ kind, value }));
}

/** Few letters, so that texts hold one another often. */
const label = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 3 });
const name = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join("."));
const few = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 1, maxLength: 30 });

describe("what was compiled says the same as looking at every entry", () => {
  test("strings", async () => {
    await fc.assert(
      fc.asyncProperty(few(name), few(name), async (list, values) => {
        const holds = await compiled("string", list);
        for (const value of values) expect(holds("domain", value)).toBe(list.includes(value));
      }),
    );
  });

  test("names of hosts", async () => {
    await fc.assert(
      fc.asyncProperty(few(name), few(name), async (list, values) => {
        const holds = await compiled("hostname", list);
        for (const value of values) {
          const naive = list.some((entry) => value === entry || value.endsWith(`.${entry}`));
          expect(holds("domain", value)).toBe(naive);
          expect(holds("url", `http://${value}/a.a`)).toBe(naive);
        }
      }),
    );
  });

  test("substrings", () => {
    fc.assert(
      fc.property(
        few(label),
        fc.string({ unit: fc.constantFrom("a", "b", "c", "d"), maxLength: 12 }),
        (list, text) => {
          expect(new SubstringSet(list).isIn(text)).toBe(list.some((entry) => text.includes(entry)));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("substrings of any text", () => {
    fc.assert(
      fc.property(
        few(fc.string({ unit: "grapheme", minLength: 1 })),
        fc.string({ unit: "grapheme", maxLength: 40 }),
        (list, text) => {
          expect(new SubstringSet(list).isIn(text)).toBe(list.some((entry) => text.includes(entry)));
        },
      ),
    );
  });

  const ipv4 = fc.tuple(fc.nat(3), fc.nat(255), fc.nat(3)).map(([a, b, c]) => `10.${a}.${b}.${c}`);
  const ipv6 = fc.tuple(fc.nat(3), fc.nat(65_535)).map(([a, b]) => `2001:db8:${a}::${b.toString(16)}`);
  const within = (address: fc.Arbitrary<string>, bits: fc.Arbitrary<number>) =>
    fc.tuple(address, bits).map(([start, length]) => `${start}/${length}`);
  const network = fc.oneof(
    ipv4,
    ipv6,
    within(ipv4, fc.integer({ min: 8, max: 32 })),
    within(ipv6, fc.integer({ min: 16, max: 128 })),
  );

  /** The naive one: bits as texts. */
  const bitsOf = (text: string): string => {
    const { start = "", bits = 0 } = networkOf(text) ?? {};
    const all = [...start].map((byte) => byte.charCodeAt(0).toString(2).padStart(8, "0")).join("");
    return `${start.length}:${all.slice(0, bits)}`;
  };

  test("networks", async () => {
    await fc.assert(
      fc.asyncProperty(few(network), few(network), async (list, values) => {
        const holds = await compiled("cidr", list);
        for (const value of values) {
          const [own, others] = [bitsOf(value), list.map(bitsOf)];
          const naive = others.some((other) => own.startsWith(other) || other.startsWith(own));
          expect(holds(value.includes(":") ? "cidr6" : "cidr4", value), `${value} in ${list}`).toBe(naive);
        }
      }),
    );
  });
});

const MANY = 1_000_000;

test("a million entries take megabytes, and a look-up takes no longer for them", async () => {
  const namesOf = (count: number) => Array.from({ length: count }, (_, n) => `host-${n}.example.com`);
  const small = await compiled("hostname", namesOf(1_000));
  const before = process.memoryUsage().arrayBuffers;
  const large = await compiled("hostname", namesOf(MANY));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 * 1024);
  expect([large("domain", "a.host-999999.example.com"), large("domain", "host-1000000.example.com")]).toEqual(
    [true, false],
  );
  const timeOf = (holds: typeof small): number => {
    const began = performance.now();
    for (let n = 0; n < 20_000; n++) holds("domain", `www.host-${n * 7}.example.net`);
    return (performance.now() - began) / 20_000;
  };
  timeOf(small);
  timeOf(large);
  const [ofFew, ofMany] = [timeOf(small), timeOf(large)];
  process.stdout.write(
    `look-up: ${(ofFew * 1_000).toFixed(1)} µs among 1,000, ${(ofMany * 1_000).toFixed(1)} µs among ${MANY}\n`,
  );
  expect(ofMany).toBeLessThan(ofFew * 8);
});
