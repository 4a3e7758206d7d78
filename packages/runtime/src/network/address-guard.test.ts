import { AppError } from "@suar/contract";
import { describe, expect, it } from "vitest";
import { createAddressGuard } from "./address-guard.ts";

const guard = createAddressGuard([], "SUAR_WEBHOOK_ALLOW");

function refusalOf(url: string): string {
  try {
    guard.checkUrl(url);
  } catch (error) {
    return error instanceof AppError ? error.code : "not-a-url";
  }
  return "allowed";
}

describe("address guard", () => {
  it.each([
    "http://127.0.0.1/",
    "http://127.1/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://100.64.0.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://localhost/",
    "http://localhost./",
    "http://LOCALHOST/",
    "http://a.localhost/",
    "http://printer.local/",
    "http://metadata.google.internal/",
    "http://intranet/",
    "http://user:pass@example.com/",
    "ftp://example.com/",
  ])("refuses %s", (url) => {
    expect(refusalOf(url)).toBe("address-refused");
  });

  it.each(["https://hooks.example.com/a", "http://8.8.8.8/", "http://[2606:4700:4700::1111]/"])(
    "allows %s",
    (url) => {
      expect(refusalOf(url)).toBe("allowed");
    },
  );

  it("allows what the operator named, and only that", () => {
    const opened = createAddressGuard(["127.0.0.0/8"], "SUAR_WEBHOOK_ALLOW");
    expect(opened.allows("127.0.0.1")).toBe(true);
    expect(opened.allows("::ffff:127.0.0.1")).toBe(true);
    expect(opened.allows("10.0.0.1")).toBe(false);
    expect(opened.allows("::1")).toBe(false);
  });

  it("refuses a name that resolves to the inside, at the moment of connecting", async () => {
    const error = await new Promise((resolve) =>
      guard.lookup("localhost", {}, (failure) => resolve(failure)),
    );
    expect(error).toMatchObject({ name: "AddressRefused" });
  });
});
