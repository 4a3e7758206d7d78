import { describe, expect, it } from "vitest";
import { urlFeatures } from "./url-features.ts";

describe("urlFeatures", () => {
  it("tells the registered domain from what stands before it", () => {
    expect(urlFeatures("https://login.bank.example.com/a/b?x=1")).toMatchObject({
      registeredDomain: "example.com",
      subdomains: 2,
      pathDepth: 2,
    });
  });

  it("sees a name under a suffix where anybody gets one", () => {
    expect(urlFeatures("https://pay-example.github.io/")).toMatchObject({
      onSharedSuffix: true,
      registeredDomain: "pay-example.github.io",
      hyphens: 1,
    });
  });

  it("sees addresses, digits, punycode and user names", () => {
    expect(urlFeatures("http://192.0.2.10/")).toMatchObject({ isAddress: true, registeredDomain: null });
    expect(urlFeatures("http://xn--exmple-cua.com@evil.example/")).toMatchObject({
      hasUserInfo: true,
      hasPunycode: false,
    });
    expect(urlFeatures("https://xn--exmple-cua.com/")).toMatchObject({ hasPunycode: true });
    expect(urlFeatures("https://1234.example/")?.digitShare).toBeCloseTo(4 / 12);
  });

  it.each(["", "bank.example", "ftp://example.com/", "javascript:alert(1)"])("says nothing of %j", (text) => {
    expect(urlFeatures(text)).toBeUndefined();
  });
});
