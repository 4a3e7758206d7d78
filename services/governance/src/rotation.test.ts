import { expect, test } from "vitest";
import { Rotation } from "./rotation.ts";

test("gives each who waits a turn before anybody has a second, though the first is always given first", () => {
  const rotation = new Rotation<string>();
  const had = Array.from({ length: 6 }, () => {
    const [next = ""] = rotation.order(["a", "b", "c"]);
    rotation.hadTurn(next);
    return next;
  });
  expect(had).toEqual(["a", "b", "c", "a", "b", "c"]);
});

test("puts who comes back behind who waited meanwhile, and who never had a turn before both", () => {
  const rotation = new Rotation<string>();
  for (const one of ["b", "a"]) rotation.hadTurn(one);
  expect(rotation.order(["b"])).toEqual(["b"]);
  expect(rotation.order(["a", "b", "new"])).toEqual(["new", "b", "a"]);
});
