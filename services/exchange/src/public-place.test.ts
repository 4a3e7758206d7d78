import { createSecrets } from "@suar/runtime";
import { expect, it } from "vitest";
import { openPlace, sealPlace } from "./public-place.ts";

const secrets = createSecrets("s".repeat(32));
const PLACES = ["0a1b2c3d.0", "0a1b2c3d.1", "0a1b2c3d.1000000", `0a1b2c3d.${Number.MAX_SAFE_INTEGER}`];

it("is as long for the first place of a log as for the millionth", () => {
  const lengths = PLACES.map((place) => sealPlace(secrets, "public", place).length);
  expect(new Set(lengths).size).toBe(1);
});

it("opens what it sealed, and what was sealed before all were of one length", () => {
  for (const place of PLACES) {
    expect(openPlace(secrets, "public", sealPlace(secrets, "public", place))).toBe(place);
    expect(openPlace(secrets, "public", secrets.seal("public", place))).toBe(place);
  }
});

it("refuses what is no place, and what was sealed for another purpose", () => {
  for (const sealed of ["", "x", sealPlace(secrets, "another", "0a1b2c3d.1")])
    expect(() => openPlace(secrets, "public", sealed)).toThrow(
      expect.objectContaining({ code: "bad-cursor" }),
    );
});
