import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { PlatformConfig, parseConfig } from "../config.ts";
import { createLogger } from "../logger.ts";
import { openPlatform } from "../platform.ts";
import { runServices } from "../service.ts";

/** What a browser is told by a server whose clients reach it at `publicUrl`; its database is away. */
async function headersUnder(publicUrl: string): Promise<Headers> {
  const nowhere = "postgres://127.0.0.1:9/none";
  const platform = openPlatform({
    config: parseConfig(PlatformConfig, { PORT: "0", PUBLIC_URL: publicUrl }),
    log: createLogger("silent", "test"),
    databaseUrl: nowhere,
    adminUrl: nowhere,
    secret: "s".repeat(32),
  });
  const { app, stop } = await runServices([], platform);
  const { port } = app.server.address() as AddressInfo;
  const { headers } = await fetch(`http://127.0.0.1:${port}/healthz`);
  await stop();
  return headers;
}

it.each(["", "http://suar.example.org:8080"])(
  "leaves browsers on plain HTTP where clients reach it so (PUBLIC_URL=%s)",
  async (publicUrl) => {
    const headers = await headersUnder(publicUrl);
    expect(headers.get("content-security-policy")).toContain("style-src 'self'");
    expect(headers.get("content-security-policy")).not.toContain("upgrade-insecure-requests");
    expect(headers.get("strict-transport-security")).toBeNull();
  },
);

it("keeps browsers on TLS where clients reach it so", async () => {
  const headers = await headersUnder("https://suar.example.org");
  expect(headers.get("content-security-policy")).toContain("upgrade-insecure-requests");
  expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
});
