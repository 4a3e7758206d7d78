import { expect, test } from "vitest";
import type { Reader } from "./readers.ts";
import { kindsWithoutFirst, SHARE, shareOf, sharesOf, someOf } from "./shares.ts";
import { companiesOf } from "./turns.ts";

const THINGS = Array.from({ length: 200 }, (_, n) => n);

function readersOf(code: string, kind: "cert" | "agency" = "cert"): Reader[] {
  const party = { code, member: code.slice(0, 2), kind };
  return (["analyst", "officer"] as const).map(
    (role) => ({ name: `${code} ${role}`, realm: "live", party, role }) as Reader,
  );
}

const companies = companiesOf(["ID", "BN", "SG", "MY", "KH", "TH"].flatMap((code) => readersOf(code)));
const agencies = companiesOf(
  ["SG:example-bank", "MY:example-port"].flatMap((code) => readersOf(code, "agency")),
);

test("the first of a kind asks for everything, the others for a share, others in each run alike", () => {
  const shares = sharesOf(companies);
  const asked = shares.map((share) => shareOf(share, "GET /v1/objects/:id", THINGS));
  expect(asked.map(({ length }) => length).sort()).toEqual(
    [200, ...companies.slice(1).map(() => SHARE)].sort(),
  );
  expect(shares.map((share) => shareOf(share, "GET /v1/objects/:id", THINGS))).toEqual(asked);
  expect(new Set(asked.map((some) => some.join())).size, "each its own").toBe(companies.length);
  const [share] = shares;
  if (share === undefined) throw new Error("there is no company");
  expect(shareOf(share, "another road", THINGS)).not.toEqual(asked[0]);
});

test("what the first cannot ask for as a stranger is asked for by each of its likes", () => {
  for (const share of sharesOf(companies)) {
    const asked = shareOf(share, "a road", THINGS, { cannot: (n) => n % 50 === 7 });
    expect(asked).toEqual(expect.arrayContaining([7, 57, 107, 157]));
    expect(asked.length).toBeLessThanOrEqual(share.company === share.first ? 200 : SHARE + 4);
  }
});

test("where none of a kind is named all of it ask for everything, and it is told", () => {
  const shares = sharesOf([...companies, ...agencies]);
  expect([...new Set(kindsWithoutFirst(shares))]).toEqual(["live agency keys"]);
  for (const share of shares.filter(({ company }) => agencies.includes(company)))
    expect(shareOf(share, "a road", THINGS)).toEqual(THINGS);
  expect(kindsWithoutFirst(sharesOf(companies))).toEqual([]);
});

test("some of a few are all of them, and none comes twice", () => {
  expect(someOf([1, 2, 3], SHARE, "x").toSorted()).toEqual([1, 2, 3]);
  expect(new Set(someOf(THINGS, SHARE, "x")).size).toBe(SHARE);
});
