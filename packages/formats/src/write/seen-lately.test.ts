import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { SeenLately } from "./seen-lately.ts";

test("a value is new once, and none hides another", () => {
  const seen = new SeenLately();
  const values = Array.from({ length: 200_000 }, (_, n) => `${n}.example`);
  expect(values.every((value) => seen.isNew(value))).toBe(true);
  expect(seen.isNew("199999.example")).toBe(false);
});

test("values of any length cost the same memory", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const used = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const seen = new SeenLately();
  const before = used();
  for (let n = 0; n < 4_000; n++) seen.isNew(`${n}`.padEnd(8_000, "x"));
  // Their texts have 32 MB.
  expect(used() - before).toBeLessThan(8_000_000);
  expect(seen.isNew("3999".padEnd(8_000, "x"))).toBe(false);
});
