import { describe, expect, it } from "vitest";
import { ConfigError, PlatformConfig, parseConfig } from "./config.ts";
import { createLogger } from "./logger.ts";
import { startLoop } from "./loop.ts";
import { createSecrets } from "./secrets.ts";

describe("configuration", () => {
  it("names each variable that does not fit", () => {
    expect(() => parseConfig(PlatformConfig, { PORT: "many", LOG_LEVEL: "loud" })).toThrow(ConfigError);
    expect(() => parseConfig(PlatformConfig, { PORT: "many", LOG_LEVEL: "loud" })).toThrow(
      /PORT[\s\S]*LOG_LEVEL/,
    );
  });

  it("takes an empty variable for an absent one", () => {
    expect(parseConfig(PlatformConfig, { DATABASE_URL: " " }).DATABASE_URL).toBeUndefined();
  });
});

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

describe("loop", () => {
  const log = createLogger("silent", "test");

  it("goes on after an error, and stops only between steps", async () => {
    let steps = 0;
    const loop = startLoop({
      name: "test",
      log,
      busyMs: 1,
      idleMs: 1,
      step: async () => {
        steps += 1;
        if (steps === 1) throw new Error("once");
        return false;
      },
    });
    while (steps < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await loop.stop();
    const after = steps;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(steps).toBe(after);
  });

  it("looks at once when it is woken, also while it is stepping", async () => {
    const seen: number[] = [];
    let release: (() => void) | undefined;
    const loop = startLoop({
      name: "test",
      log,
      busyMs: 60_000,
      idleMs: 60_000,
      step: async () => {
        seen.push(seen.length);
        if (seen.length === 1) await new Promise<void>((resolve) => (release = resolve));
        return false;
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    loop.wake();
    release?.();
    while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await loop.stop();
    expect(seen).toHaveLength(2);
  });
});
