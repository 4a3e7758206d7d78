import { describe, expect, it } from "vitest";
import { FormatError, WHOLE } from "./format-error.ts";

describe("FormatError", () => {
  it("tells people the place of a fault that has one of its own", () => {
    expect(new FormatError("malformed-json", "No value", "/objects/3").detail).toBe("No value (/objects/3)");
  });

  it("names no place for a fault of the whole", () => {
    expect(new FormatError("too-large", "Larger than 2 MiB", WHOLE).detail).toBe("Larger than 2 MiB");
  });
});
