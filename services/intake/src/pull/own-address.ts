import type { PlatformConfig } from "@suar/runtime";

/** Whether an address is this platform's own: what is there was said here, and pulling it would say it again. */
export function isOwnAddress(url: URL, { PUBLIC_URL, HOST, PORT }: PlatformConfig): boolean {
  const base = PUBLIC_URL ?? `http://${HOST}:${PORT}`;
  return URL.canParse(base) && new URL(base).host === url.host;
}
