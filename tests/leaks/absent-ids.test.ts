import { expect, test } from "vitest";
import { absentId, type Kind } from "./swaps/kinds.ts";
import { neutral } from "./swaps/swap.ts";

const RANDOM: [Kind, string][] = [
  ["ticket", "-N_B3FSOVGPazzT9x1i05HDrNSe-qbzk"],
  ["signInToken", "VBAcMZQ6Wh4xLrrJJsz7zEPzGwgvYOk9l8Xr8VBKylg"],
  ["key", "164365809973"],
  ["exportLink", "7af7ac653e9b"],
  ["exportKey", "suar_56885b0237c8_p3rMzP9Rsf0xqwQRzAI0wX9pqSoLd37lAtY-YujUKt8"],
];

test.each(RANDOM)("an id of a %s that never was is read as the one that there is", (kind, id) => {
  const formOf = (text: string): string =>
    text.replace(/[a-z]/g, "a").replace(/[A-Z]/g, "A").replace(/\d/g, "0");
  const absent = absentId(kind, id);
  expect(absent).not.toBe(id);
  expect(formOf(absent)).toBe(formOf(id));
  if (kind === "exportLink") expect(absent).toMatch(/^[0-9a-f]{12}$/);
  if (kind === "exportKey") expect(absent).toMatch(/^suar_[0-9a-f]{12}_[\w-]{43}$/);
});

test.each(RANDOM)(
  "an answer that says a %s back, as it is, in small letters or cut, says nothing by it",
  (_kind, id) => {
    for (const said of [id, id.toLowerCase(), id.slice(0, 40), id.slice(0, 40).toLowerCase()])
      expect(neutral(`member=${said}: there is no such member`, id)).toBe(
        "member=<id>: there is no such member",
      );
  },
);

test("a number stands in much that does not speak of the thing", () => {
  expect(neutral("/v1/tlog/receipts/12 of 12 entries", "12")).toBe("/v1/tlog/receipts/<id> of 12 entries");
});
