import { expect, test } from "vitest";
import { Waiting } from "./waiting.ts";

function order(waiting: Waiting): string[] {
  const taken: string[] = [];
  for (let [id] = waiting.take(1); id !== undefined; [id] = waiting.take(1)) taken.push(id);
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
  expect(waiting.take(1)).toEqual(["a"]);
  expect(waiting.add(["a"])).toEqual(["a"]);
  expect(order(waiting)).toEqual(["b", "a"]);
});

test("those go together of which none names another that waits", () => {
  const waiting = new Waiting(["report", "tool", "tie", "malware", "opinion"]);
  waiting.learn([
    { name: "tool", stix_id: "tie" },
    { name: "malware", stix_id: "tie" },
    { name: "tie", stix_id: "report" },
  ]);
  expect(waiting.take(2)).toEqual(["tool", "malware"]);
  expect(waiting.take(9)).toEqual(["tie", "opinion"]);
  expect(waiting.take(9)).toEqual(["report"]);
  expect(waiting.take(9)).toEqual([]);
});
