import { setImmediate as turn } from "node:timers/promises";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createOwnHands } from "./own-hands.ts";

function work() {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const task = (name: string) => async () => {
    begun.push(name);
    await new Promise<void>((resolve, reject) =>
      ends.set(name, (error) => (error === undefined ? resolve() : reject(error))),
    );
  };
  const end = async (name: string, error?: Error) => {
    ends.get(name)?.(error);
    await turn();
  };
  return { begun, task, end };
}

test("runs so many at once, in order, each key once, and goes on after a failure", async () => {
  const { begun, task, end } = work();
  const warnings: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void warnings.push(line) });
  const hands = createOwnHands(2, log);
  for (const name of ["a", "b", "c", "c", "a", "d"]) hands.take(name, task(name));
  expect(begun).toEqual(["a", "b"]);
  await end("a", new Error("broken"));
  expect(begun).toEqual(["a", "b", "c"]);
  expect(warnings).toHaveLength(1);
  hands.take("a", task("a"));
  await end("b");
  await end("c");
  expect(begun).toEqual(["a", "b", "c", "d", "a"]);
});

test("lets no more than a thousand wait, and forgets them when told", async () => {
  const { begun, task, end } = work();
  const hands = createOwnHands(1, pino({ level: "silent" }));
  for (let n = 0; n < 1_500; n++) hands.take(`n${n}`, task(`n${n}`));
  for (let n = 0; n < 1_001; n++) await end(`n${n}`);
  expect(begun).toHaveLength(1_001);
  hands.take("x", task("x"));
  hands.take("y", task("y"));
  hands.drop();
  await end("x");
  expect(begun.slice(-1)).toEqual(["x"]);
});
