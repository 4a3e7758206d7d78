import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../support/compose-stack.ts";

const SOURCES = ["packages/*/src/**/*.ts", "services/*/src/**/*.ts"];
const forTests = (file: string) => file.endsWith(".test.ts") || /^[^/]+\/[^/]+\/src\/testing\//.test(file);
const built = globSync(SOURCES, { cwd: ROOT }).filter((file) => !forTests(file));

// The builds leave `src/testing` and tests out (tsconfig.base.json): what needs them would start nowhere but here.
test("nothing that is built imports what is for tests", () => {
  expect(built.length).toBeGreaterThan(500);
  const wrong = built.filter((file) =>
    /(?:from|import\()\s*"[^"]*(?:\/testing\/|\.test\.ts")/.test(readFileSync(join(ROOT, file), "utf8")),
  );
  expect(wrong).toEqual([]);
});

test("what stands in for something real lies in a package's testing folder", () => {
  const stray = built.filter((file) => /(?:^|[-/])(?:fixtures?|fake|mock|oracle)(?:[-./]|$)/.test(file));
  expect(stray).toEqual([]);
});
