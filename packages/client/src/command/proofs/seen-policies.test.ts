import type { ProposalDocument } from "@suar/contract";
import { expect, test } from "vitest";
import type { ToldPolicy } from "./check-policies.ts";
import { checkSeen, nowSeen, type Seen } from "./seen-policies.ts";

const hashOf = (digit: number) => String(digit).repeat(64);

/** Version 2 has the hash 2…, and names 1… as the one before it; and so on. */
const version = (number: number, previous = hashOf(number - 1), hash = hashOf(number)) =>
  ({ pair: "SG-MY", version: number, hash, policy: { previous } }) as ToldPolicy & ProposalDocument;

const check = async (told: ToldPolicy, seen: Seen, ...between: ProposalDocument[]) =>
  (
    await checkSeen(told, seen, async (pair, wanted) =>
      between.find((one) => one.pair === pair && one.version === wanted),
    )
  )?.why;
const seen = (number: number): Seen => ({ "SG-MY": { version: number, hash: hashOf(number) } });

test("the same version, the next one, and a later one that follows it hold", async () => {
  expect(await check(version(2), {})).toBeUndefined();
  expect(await check(version(2), seen(2))).toBeUndefined();
  expect(await check(version(3), seen(2), version(2))).toBeUndefined();
  expect(await check(version(5), seen(2), version(4), version(3), version(2))).toBeUndefined();
});

test("what ships may be another text with another release: nobody signs it", async () => {
  const before = { "SG-MY": { version: 1, hash: hashOf(9) } };
  expect(await check(version(1), before)).toBeUndefined();
  expect(await check(version(2), before)).toBeUndefined();
});

test("an older version, and another text of the same, are found", async () => {
  expect(await check(version(2), seen(3))).toContain("version 3 was when you looked last");
  expect(await check(version(3, hashOf(2), hashOf(7)), seen(3))).toContain("another text");
});

test("a later version that does not follow what was seen is found", async () => {
  expect(await check(version(3, hashOf(7)), seen(2), version(2))).toContain("does not follow");
  expect(await check(version(4), seen(2), version(2))).toContain("does not follow");
  const other = version(2, hashOf(1), hashOf(7));
  expect(await check(version(3, hashOf(7)), seen(2), other)).toContain("another text");
});

test("what is doubted is not kept in the place of what was seen", () => {
  const told = [version(2), { ...version(9), pair: "SG-CN" }];
  expect(nowSeen(seen(3), told, [{ pair: "SG-MY", why: "older" }])).toEqual({
    ...seen(3),
    "SG-CN": { version: 9, hash: hashOf(9) },
  });
});
