import { classifyHost } from "./host.ts";
import { accepted, type Canonical, type ObservableKind, refused } from "./observable-kind.ts";

/** A host and a path, without a scheme: how people write URLs in reports. */
const BARE = /^[^\s/:?#@\\]+\.[^\s/:?#@\\]+(?::\d{1,5})?\/\S*$/u;

/**
 * The normal form of the WHATWG URL Standard: lower-case scheme and host, A-labels, default port gone, dots
 * of the path resolved; the host without its trailing dot.
 *
 * The fragment stays. It never reaches the server, but phishing pages route by it, and normalizing must not
 * lose what a member reported. `host/path` without a scheme is read as http. URLs without a host
 * (`mailto:`, `data:`) are refused: nothing could be looked up by them.
 */
export function canonicalUrl(text: string): Canonical {
  const url = parseUrl(BARE.test(text) ? `http://${text}` : text);
  if (url === undefined) return refused("not-url", "not an absolute URL");
  if (url.hostname === "") return refused("no-host", "a URL without a host");
  const host = url.hostname.toLowerCase().replace(/\.$/, "");
  // Schemes that the URL Standard does not know keep their host as it is, so it is set only when it differs.
  if (host !== url.hostname) return canonicalUrl(url.href.replace(url.hostname, () => host));
  return accepted(url.href);
}

/** The host of a canonical URL, as an observable of its own. */
export function hostOfUrl(url: string): { kind: ObservableKind; value: string } | undefined {
  const parsed = parseUrl(url);
  return parsed === undefined ? undefined : classifyHost(parsed.hostname);
}

function parseUrl(text: string): URL | undefined {
  if (/\s/.test(text) || !/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text)) return undefined;
  return URL.parse(text) ?? undefined;
}
