import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { FormatName } from "./format-name.ts";
import { readers } from "./readers.ts";
import { HOSTILE } from "./testing/hostile-inputs.ts";
import { mayBeRead, variantsOf } from "./testing/malformed-variants.ts";

const SCRIPT = resolve(import.meta.dirname, "testing/read-hostile.ts");

type Told = { name: string; code: string; at: string; ms: number; megabytes: number };

describe("hostile inputs", () => {
  it.each(Object.keys(readers) as FormatName[])(
    "%s ends within a second of work and 100 MB, with a problem that says where",
    (format) => {
      const output = execFileSync(process.execPath, ["--expose-gc", SCRIPT, format], { encoding: "utf8" });
      const told: Told[] = JSON.parse(output);
      const isFine = (code: string, name: string): boolean => code === "read" && mayBeRead(format, name);
      const inputs = { ...variantsOf(format), ...HOSTILE[format] };
      expect(told.map(({ name }) => name)).toEqual(Object.keys(inputs));
      expect(
        told.filter(({ code, at, name }) => code === "crashed" || !(at !== undefined || isFine(code, name))),
      ).toEqual([]);
      // Of the processor, not of the clock: the machine may be busy.
      expect(told.filter(({ ms }) => ms >= 1000)).toEqual([]);
      expect(told.filter(({ megabytes }) => megabytes >= 100)).toEqual([]);
    },
    120_000,
  );
});
