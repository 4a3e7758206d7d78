import { describe, expect, it } from "vitest";
import { acceptsTaxii } from "./media-type.ts";

describe("acceptsTaxii", () => {
  it.each([
    undefined,
    "",
    "*/*",
    "application/*;q=0.5",
    "application/taxii+json",
    "application/taxii+json;version=2.1",
    'Application/TAXII+JSON; version="2.1"',
    "text/html, application/taxii+json;version=2.1",
  ])("takes %j", (accept) => {
    expect(acceptsTaxii(accept)).toBe(true);
  });

  it.each([
    "text/html",
    "application/json",
    "application/taxii+json;version=2.0",
    "application/taxii+json;version=2.1;q=0",
  ])("refuses %j", (accept) => {
    expect(acceptsTaxii(accept)).toBe(false);
  });
});
