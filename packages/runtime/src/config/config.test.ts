import { describe, expect, it } from "vitest";
import { ConfigError, PlatformConfig, parseConfig } from "./config.ts";

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
