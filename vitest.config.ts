import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./tests/reporter/longest-first.ts";

// Most of the time that starting a platform takes is compiling its sources: kept from one start to the next.
const env = { NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/node", import.meta.url)) };

/** What says how long something may take, or stops the machine's own Redis: anything beside it would be measured, too. */
const ALONE = [
  "tests/faults/{graceful-stop,guessed-keys,kill-process,npm-start,redis-away,slow-database}.test.ts",
  "tests/fuzz/*.test.ts",
  "tests/gate/passes.test.ts",
];

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    reporters: ["default", "./tests/reporter/closing-line.ts"],
    projects: [
      {
        test: {
          name: "rooms",
          include: ["packages/**/*.test.ts", "services/**/*.test.ts"],
          testTimeout: 30_000,
          env,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole platforms, driven from outside and killed: they mostly wait, so that four of them fit on two cores.
        test: {
          name: "platform",
          include: ["tests/**/*.test.ts"],
          exclude: ALONE,
          testTimeout: 180_000,
          hookTimeout: 300_000,
          maxWorkers: 4,
          env,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "alone",
          include: ALONE,
          testTimeout: 180_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          env,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
