import { expect, test } from "vitest";
import { Waiting } from "./waiting.ts";

function order(waiting: Waiting): string[] {
  const taken: string[] = [];
  for (let id = waiting.take(); id !== undefined; id = waiting.take()) taken.push(id);
  return taken;
}

test("what is named comes before what names it, whenever it came", () => {
  const waiting = new Waiting(["report"]);
  expect(waiting.add(["tool", "report", "tie"])).toEqual(["tool", "tie"]);
  waiting.learn([
    { name: "tool", stix_id: "report" },
    { name: "tie", stix_id: "report" },
    { name: "tool", stix_id: "tie" },
    { name: "tool", stix_id: "tool" },
  ]);
  expect(order(waiting)).toEqual(["tool", "tie", "report"]);
});

test("of a circle the first goes first, and one that was taken may wait again", () => {
  const waiting = new Waiting(["a", "b"]);
  waiting.learn([
    { name: "a", stix_id: "b" },
    { name: "b", stix_id: "a" },
  ]);
  expect(waiting.take()).toBe("a");
  expect(waiting.add(["a"])).toEqual(["a"]);
  expect(order(waiting)).toEqual(["b", "a"]);
});
