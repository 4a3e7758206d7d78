import { AppError } from "@suar/contract";
import { expect, test } from "vitest";
import { UnderWay } from "./under-way.ts";

const codeOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return undefined;
};

const [cert, port, power] = [
  { id: 1, member: "MY" },
  { id: 2, member: "MY" },
  { id: 3, member: "MY" },
];

test("an organisation has four at once, a member eight with its agencies, and what has ended leaves room once", () => {
  const underWay = new UnderWay();
  const own = Array.from({ length: 4 }, () => underWay.begin(cert));
  expect(codeOf(() => underWay.begin(cert))).toBe("too-many-at-once");
  for (let n = 0; n < 4; n++) underWay.begin(port);
  expect(codeOf(() => underWay.begin(power))).toBe("too-many-at-once");
  own[0]?.();
  own[0]?.();
  const again = underWay.begin(power);
  expect(codeOf(() => underWay.begin(cert))).toBe("too-many-at-once");
  again();
  underWay.begin(cert);
});

test("no member takes another's place, whatever its agencies ask for", () => {
  const underWay = new UnderWay();
  for (let member = 0; member < 12; member++)
    for (let n = 0; n < 40; n++) {
      const organisation = { id: member * 100 + n, member: `M${member}` };
      expect(codeOf(() => underWay.begin(organisation))).toBe(n < 8 ? undefined : "too-many-at-once");
    }
  expect(codeOf(() => underWay.begin({ id: 9_999, member: "M12" }))).toBe("too-many-at-once");
});
