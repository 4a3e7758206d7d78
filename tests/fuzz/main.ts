import { parseArgs } from "node:util";
import { runTarget } from "./run-target.ts";
import { TARGETS } from "./targets.ts";

/**
 * `npm run fuzz -- [--seconds 60] [--only objects] [--seed 7]`: gives the parsers of what strangers send hostile
 * input for so long each. Ends with 1 and the input where one breaks; `--seed` with `--seconds 0` runs it again.
 */
const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    only: { type: "string", short: "o", multiple: true },
    seed: { type: "string" },
  },
});

const seconds = Number(options.seconds);
const seed = Number(options.seed ?? Date.now() % 1_000_000_000);
const wanted = TARGETS.filter(({ name }) => options.only?.includes(name) ?? true);
if (wanted.length === 0 || !(seconds >= 0) || !Number.isInteger(seed)) {
  process.stderr.write(
    `there are ${TARGETS.map(({ name }) => name).join(", ")}; seconds and seed are numbers\n`,
  );
  process.exit(2);
}

for (const target of wanted) {
  const end = performance.now() + seconds * 1_000;
  try {
    const { cases, slowestMs } = await runTarget(
      target,
      seed,
      (done) => done > 0 && performance.now() >= end,
    );
    process.stdout.write(
      `${target.name.padEnd(16)} ${cases.toLocaleString("en-US")} cases held, the slowest ${slowestMs.toFixed(1)} ms, from seed ${seed}\n`,
    );
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
