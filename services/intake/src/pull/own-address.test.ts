import { PlatformConfig } from "@suar/runtime";
import { expect, it } from "vitest";
import { isOwnAddress } from "./own-address.ts";

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
