import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { LongestFirst } from "./tests/reporter/longest-first.ts";

// Most of the time that starting a platform takes is compiling its sources: kept from one start to the next.
const env = { NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/node", import.meta.url)) };

/**
 * Nothing is said here about speed: whatever hangs is ended some day, and whatever is slow, on a machine that others
 * use, too, goes on. Within a test `until` gives up long before.
 */
const IN_THE_END = { testTimeout: 1_800_000, hookTimeout: 1_800_000, teardownTimeout: 120_000 };

/** On two cores vitest takes one worker of itself. What computes keeps both busy, also while one file waits. */
const BUSY = { maxWorkers: 3 };

/** What says how long something may take, or stops the machine's own Redis: anything beside it would be measured, too. */
const ALONE = [
  "tests/faults/{graceful-stop,guessed-keys,npm-start,redis-away,slow-database}.test.ts",
  "tests/gate/passes.test.ts",
];

/** What keeps one core busy for long, and minds one busy neighbour little, but four platforms much: posts have their time. */
const LONG_ROOMS = ["tests/faults/kill-process.test.ts", "tests/fuzz/*.test.ts"];

/** Rooms that are pure: a file of theirs leaves nothing behind, so that the next one finds the modules already read. */
const PURE = "packages/{formats,merkle,phishing,policy,scenario,stix}/**/*.test.ts";

export default defineConfig({
  test: {
    globalSetup: "tests/support/ready-folder.ts",
    sequence: { sequencer: LongestFirst },
    reporters: ["default", "./tests/reporter/closing-line.ts"],
    projects: [
      {
        test: {
          name: "pure",
          include: [PURE],
          isolate: false,
          ...IN_THE_END,
          ...BUSY,
          env,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "rooms",
          include: ["packages/**/*.test.ts", "services/**/*.test.ts"],
          exclude: [...configDefaults.exclude, PURE],
          ...IN_THE_END,
          ...BUSY,
          env,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "long",
          include: LONG_ROOMS,
          ...IN_THE_END,
          ...BUSY,
          env,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole platforms, driven from outside and killed: they mostly wait, so that four of them fit on two cores.
        test: {
          name: "platform",
          include: ["tests/**/*.test.ts"],
          exclude: [...ALONE, ...LONG_ROOMS],
          ...IN_THE_END,
          maxWorkers: 4,
          env,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "alone",
          include: ALONE,
          ...IN_THE_END,
          fileParallelism: false,
          env,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
