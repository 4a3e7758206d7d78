import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const SCRIPT = resolve(import.meta.dirname, "testing/write-long.ts");
const write = (format: string, megabytes: number): { entries: number; megabytes: number } =>
  JSON.parse(
    execFileSync(
      process.execPath,
      ["--max-old-space-size=96", "--max-semi-space-size=8", SCRIPT, format, String(megabytes)],
      { encoding: "utf8" },
    ),
  );

describe("a long export", () => {
  // Lines of lists are short, and many.
  it.each([
    ["stix", 3, 9],
    ["csv", 3, 9],
    ["list-domain", 0.5, 1.5],
    ["rpz", 0.5, 1.5],
    ["suricata", 1, 3],
  ])(
    "in %s is written in the memory of a shorter one",
    (format, less, more) => {
      const [short, long] = [write(format, less), write(format, more)];
      expect(long.entries).toBeGreaterThan(2 * short.entries);
      expect(long.megabytes - short.megabytes).toBeLessThan(24);
    },
    120_000,
  );
});
