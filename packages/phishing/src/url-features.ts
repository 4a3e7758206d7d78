import { parse } from "tldts";

/** What a URL's spelling alone shows, without network access: named, so that a score can be explained in words. */
export type UrlFeatures = {
  /** The part that somebody registered; null for addresses and bare suffixes. */
  registeredDomain: string | null;
  isAddress: boolean;
  /** Under a suffix whose names anybody can get: hosting platforms, dynamic DNS (the PSL's private part). */
  onSharedSuffix: boolean;
  hasPunycode: boolean;
  /** Labels left of the registered domain. */
  subdomains: number;
  hyphens: number;
  /** Share of digits among the host's characters, 0 to 1. */
  digitShare: number;
  pathDepth: number;
  hasUserInfo: boolean;
};

/** Features of an absolute http(s) URL; undefined when it is not one. */
export function urlFeatures(text: string): UrlFeatures | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  const host = url.hostname;
  const parsed = parse(host, { allowPrivateDomains: true });
  const digits = [...host].filter((character) => character >= "0" && character <= "9").length;
  return {
    registeredDomain: parsed.domain,
    isAddress: parsed.isIp ?? false,
    onSharedSuffix: parsed.isPrivate ?? false,
    hasPunycode: host.split(".").some((label) => label.startsWith("xn--")),
    subdomains: parsed.subdomain === null || parsed.subdomain === "" ? 0 : parsed.subdomain.split(".").length,
    hyphens: host.split("-").length - 1,
    digitShare: digits / host.length,
    pathDepth: url.pathname.split("/").filter((part) => part !== "").length,
    hasUserInfo: url.username !== "" || url.password !== "",
  };
}
