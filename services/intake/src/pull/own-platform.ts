import { PLATFORM_HEADER } from "@suar/contract";
import type { Platform, PlatformConfig } from "@suar/runtime";
import { SourceFault } from "./source-fault.ts";

/** Whether an address is this platform's own: what is there was said here, and pulling it would say it again. */
export function isOwnAddress(url: URL, { PUBLIC_URL, HOST, PORT }: PlatformConfig): boolean {
  const base = PUBLIC_URL ?? `http://${HOST}:${PORT}`;
  return URL.canParse(base) && new URL(base).host === url.host;
}

/**
 * Throws `own-platform` for an answer that this platform gave itself, by whatever name or detour it came: it says so, or,
 * where somebody on the way took that off, it came from the address by which it is known.
 */
export function refuseOwn(
  { config, instance }: Pick<Platform, "config" | "instance">,
  from: URL,
  headers: { get(name: string): string | null },
): void {
  // One that several added is a list of them (RFC 9110 §5.3).
  const named = headers.get(PLATFORM_HEADER)?.split(",") ?? [];
  if (named.some((one) => one.trim() === instance) || isOwnAddress(from, config))
    throw new SourceFault(
      "own-platform",
      "It leads back to this platform: what it says is here already. Delete it, or give another's address",
    );
}
