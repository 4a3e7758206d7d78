import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { lettersOf } from "./marker.ts";
import { pseudonymOf } from "./pseudonym.ts";

const keysOf = (key: string) => {
  const asked: string[] = [];
  const hmac = (text: string) => {
    asked.push(text);
    return createHmac("sha256", key).update(text).digest("hex");
  };
  return { hmac, cryptopan: () => undefined, asked };
};

it("is the same for the same person, however it is spelled and however many were named since", () => {
  const keys = keysOf("one");
  const due = (name: string) => lettersOf(createHmac("sha256", "one").update(name).digest("hex"));
  const names = Array.from({ length: 1_200 }, (_, n) => `person.${n}@example.com`);
  for (const name of [...names, ...names]) expect(pseudonymOf(name, keys)).toBe(due(name));
  expect(pseudonymOf("Person.7@Example.com", keys)).toBe(due("person.7@example.com"));
  expect(pseudonymOf("ｐerson.7@example.com", keys)).toBe(due("person.7@example.com"));
  expect(pseudonymOf("x".repeat(10_000), keys)).toBe(due("x".repeat(10_000)));
});

it("is worked out once of who is named again, and never taken from another key's", () => {
  const [one, other] = [keysOf("one"), keysOf("other")];
  expect(pseudonymOf("a@example.com", one)).toBe(pseudonymOf("a@example.com", one));
  expect(one.asked).toEqual(["a@example.com"]);
  expect(pseudonymOf("a@example.com", other)).not.toBe(pseudonymOf("a@example.com", one));
});
