import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readers } from "./readers.ts";
import { LONG } from "./testing/long-inputs.ts";

const SCRIPT = resolve(import.meta.dirname, "testing/read-long.ts");
const read = (format: string, megabytes: number): { drafts: number; rejects: number; megabytes: number } =>
  JSON.parse(
    execFileSync(
      process.execPath,
      ["--max-old-space-size=96", "--max-semi-space-size=8", SCRIPT, format, String(megabytes)],
      { encoding: "utf8" },
    ),
  );

/** Text is searched, and not only split. */
const MEGABYTES: Readonly<Record<string, readonly [number, number]>> = { text: [1, 3] };

describe("a long input", () => {
  it.each(Object.keys(LONG))(
    "of %s is read in the memory of a shorter one",
    (format) => {
      const [less, more] = MEGABYTES[format] ?? [4, 12];
      const [short, long] = [read(format, less), read(format, more)];
      expect([short.rejects, long.rejects]).toEqual([0, 0]);
      expect(long.drafts).toBeGreaterThan(2 * short.drafts);
      expect(long.megabytes - short.megabytes).toBeLessThan(24);
    },
    120_000,
  );

  it("is promised by those that say so, and by tables", () => {
    const names = (which: "streaming" | "flat"): string[] =>
      Object.values(readers).flatMap((reader) => (reader[which] === true ? [reader.name] : []));
    expect(names("streaming").sort()).toEqual(["csv", "misp", "shadowserver", "text"]);
    expect(names("flat").sort()).toEqual(["csv", "text"]);
  });
});
