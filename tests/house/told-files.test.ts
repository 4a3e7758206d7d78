import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../support/compose-stack.ts";

/** A source file that is named in a string, as reasons name the file of their rule: nothing else would miss it if it moved. */
const NAMED = /["'`]((?:packages|services)\/[\w/.-]+\.ts)["'`]/g;

test("every source file that a reply names is where it says", () => {
  const sources = globSync(["packages/*/src/**/*.ts", "services/*/src/**/*.ts"], { cwd: ROOT });
  const named = sources.flatMap((source) => {
    const text = readFileSync(join(ROOT, source), "utf8");
    return [...text.matchAll(NAMED)].map(([, file = ""]) => ({ source, file }));
  });
  expect(named.map(({ file }) => file)).toContain("packages/gate/src/copies/make-copy.ts");
  for (const { source, file } of named) expect(existsSync(join(ROOT, file)), `${source}: ${file}`).toBe(true);
});
