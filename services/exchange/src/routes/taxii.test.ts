import { expect, test } from "vitest";
import { bearerOf } from "./taxii.ts";

const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

test.each([
  ["the id and the secret", basic("abc:s3cret"), "Bearer suar_abc_s3cret"],
  ["any user and the whole key", basic("somebody:suar_abc_s3cret"), "Bearer suar_abc_s3cret"],
  ["no user and the whole key", basic(":suar_abc_s3cret"), "Bearer suar_abc_s3cret"],
  ["another case of the scheme", basic("abc:s3cret").replace("Basic", "bASIC"), "Bearer suar_abc_s3cret"],
  ["a bearer", "Bearer suar_abc_s3cret", "Bearer suar_abc_s3cret"],
  ["nothing", undefined, undefined],
  ["no base64", "Basic ???", "Basic ???"],
])("Basic with %s", (_what, header, bearer) => {
  expect(bearerOf(header)).toBe(bearer);
});

test("what has no colon opens nothing", () => {
  expect(bearerOf(basic("suar_abc_s3cret"))).not.toBe("Bearer suar_abc_s3cret");
});
