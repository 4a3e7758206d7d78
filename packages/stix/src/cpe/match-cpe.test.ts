import { describe, expect, it } from "vitest";
import { cpesMeet, formatCpe, readCpe } from "./match-cpe.ts";

const ROUTER = "cpe:2.3:o:example:router_os:10.3:*:*:*:*:*:*:*";

function meet(one: string, other: string): boolean {
  const [a, b] = [readCpe(one), readCpe(other)];
  if (a === undefined || b === undefined) throw new Error("not a CPE name");
  return cpesMeet(a, b) && cpesMeet(b, a);
}

describe("readCpe", () => {
  it.each([
    [ROUTER, ROUTER],
    ["cpe:2.3:a:Example:C\\+\\+:1\\.0:*:*:*:*:*:*:*", "cpe:2.3:a:example:c\\+\\+:1.0:*:*:*:*:*:*:*"],
    ["cpe:2.3:a:example:kit:\\-:-:*:*:*:*:*:*", "cpe:2.3:a:example:kit:\\-:-:*:*:*:*:*:*"],
    ["cpe:2.3:a:example:kit:8.??:*:*:*:*:*:*:*", "cpe:2.3:a:example:kit:8.??:*:*:*:*:*:*:*"],
    ["cpe:2.3:a:example:a\\:b\\*:*:*:*:*:*:*:*:*", "cpe:2.3:a:example:a\\:b\\*:*:*:*:*:*:*:*:*"],
  ])("writes %s as %s", (text, written) => {
    const name = readCpe(text);
    expect(name && formatCpe(name)).toBe(written);
  });

  it.each([
    "cpe:2.3:o:example:router_os",
    `${ROUTER}:*`,
    "cpe:/o:example:router_os",
    "cpe:2.3:o:example:ro*ter:1:*:*:*:*:*:*:*",
    `cpe:2.3:o:example:${"x".repeat(3_000)}:1:*:*:*:*:*:*:*`,
    "router os",
  ])("refuses %s", (text) => expect(readCpe(text)).toBeUndefined());
});

/** NIST IR 7696, table 6-2: superset, subset and equal meet, disjoint does not. */
describe("cpesMeet", () => {
  it.each([
    [ROUTER, true],
    ["cpe:2.3:o:EXAMPLE:Router_OS:10.3:*:*:*:*:*:*:*", true],
    ["cpe:2.3:o:example:router_os:*:*:*:*:*:*:*:*", true],
    ["cpe:2.3:o:example:router_os:10.*:*:*:*:*:*:*:*", true],
    ["cpe:2.3:o:example:router_os:10.?:*:*:*:*:*:*:*", true],
    ["cpe:2.3:o:example:router_os:10.3:sp1:*:*:*:*:*:*", true],
    ["cpe:2.3:*:example:*:*:*:*:*:*:*:*:*", true],
    ["cpe:2.3:o:example:router_os:10.30:*:*:*:*:*:*:*", false],
    ["cpe:2.3:o:example:router_os:1?:*:*:*:*:*:*:*", false],
    ["cpe:2.3:o:example:router_os:-:*:*:*:*:*:*:*", false],
    ["cpe:2.3:a:example:router_os:10.3:*:*:*:*:*:*:*", false],
    ["cpe:2.3:o:example:router:10.3:*:*:*:*:*:*:*", false],
    ["cpe:2.3:o:example:router_os_light:10.3:*:*:*:*:*:*:*", false],
    ["cpe:2.3:o:other:router_os:10.3:*:*:*:*:*:*:*", false],
  ])("of 10.3 and %s gives %s", (other, expected) => expect(meet(ROUTER, other)).toBe(expected));

  it("tells what has no version from what has any", () => {
    const none = "cpe:2.3:o:example:router_os:-:*:*:*:*:*:*:*";
    expect(meet(none, none)).toBe(true);
    expect(meet(none, "cpe:2.3:o:example:router_os:*:*:*:*:*:*:*:*")).toBe(true);
    expect(meet(none, "cpe:2.3:o:example:router_os:\\-:*:*:*:*:*:*:*")).toBe(false);
  });
});
