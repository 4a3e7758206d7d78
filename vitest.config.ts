import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    reporters: ["default", "./tests/reporter/closing-line.ts"],
    projects: [
      {
        test: {
          name: "rooms",
          include: ["packages/**/*.test.ts", "services/**/*.test.ts"],
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole platforms, started, driven and killed: one at a time, or they would measure one another.
        test: {
          name: "platform",
          include: ["tests/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
