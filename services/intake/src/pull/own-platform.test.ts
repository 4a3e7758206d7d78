import { PlatformConfig } from "@suar/runtime";
import { expect, it } from "vitest";
import { isOwnAddress, refuseOwn } from "./own-platform.ts";

it.each([
  [{ PUBLIC_URL: "https://suar.example/" }, "https://SUAR.example/v1/export/csv?tlp=green", true],
  [{ PUBLIC_URL: "https://suar.example/" }, "http://suar.example/x", true],
  [{ PUBLIC_URL: "https://suar.example/" }, "https://suar.example.org/v1/export/csv", false],
  [{ PUBLIC_URL: "https://suar.example:8443" }, "https://suar.example/x", false],
  [{ PORT: "8080" }, "http://127.0.0.1:8080/x", true],
  [{ PORT: "8080" }, "http://127.0.0.1:9090/x", false],
])("knows this platform by %o: %s", (settings, url, is) => {
  expect(isOwnAddress(new URL(url), PlatformConfig.parse(settings))).toBe(is);
});

const own = {
  instance: "a".repeat(32),
  config: PlatformConfig.parse({ PUBLIC_URL: "https://suar.example" }),
};

it.each([
  ["its own name", "https://proxy.example/x", "a".repeat(32), true],
  ["its own name among others", "https://proxy.example/x", `${"b".repeat(32)}, ${"a".repeat(32)}`, true],
  ["its own address, where a proxy took the name off", "https://suar.example/x", undefined, true],
  ["another platform's name", "https://proxy.example/x", "b".repeat(32), false],
  ["no name", "https://proxy.example/x", undefined, false],
])("refuses an answer with %s as it should", (_what, from, name, isRefused) => {
  const headers = new Headers(name === undefined ? {} : { "suar-platform": name });
  const ask = (): void => refuseOwn(own, new URL(from), headers);
  if (isRefused) expect(ask).toThrow(expect.objectContaining({ code: "own-platform" }));
  else expect(ask).not.toThrow();
});
