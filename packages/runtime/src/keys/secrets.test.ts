import { describe, expect, it } from "vitest";
import { createSecrets } from "./secrets.ts";

describe("secrets", () => {
  const secrets = createSecrets("s".repeat(32));

  it("refuses a short secret", () => {
    expect(() => createSecrets("short")).toThrow();
  });

  it("derives another key for each purpose, and the same one each time", () => {
    expect(secrets.key("a").equals(secrets.key("b"))).toBe(false);
    expect(createSecrets("s".repeat(32)).key("a").equals(secrets.key("a"))).toBe(true);
  });

  it("opens what it sealed, for that purpose and unaltered only", () => {
    const sealed = secrets.seal("webhook", "whsec_x");
    expect(secrets.open("webhook", sealed)).toBe("whsec_x");
    expect(() => secrets.open("other", sealed)).toThrow();
    expect(() => secrets.open("webhook", `${sealed.slice(0, -2)}AA`)).toThrow();
  });
});
