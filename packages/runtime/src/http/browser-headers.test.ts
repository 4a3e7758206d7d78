import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { PlatformConfig, parseConfig } from "../config/config.ts";
import { createLogger } from "../process/logger.ts";
import { openPlatform, type Platform } from "../process/platform.ts";
import { runServices } from "../process/service.ts";

/** A platform whose database is away. */
function awayPlatform(publicUrl: string, settings: Record<string, string> = {}): Platform {
  const nowhere = "postgres://127.0.0.1:9/none";
  return openPlatform({
    config: parseConfig(PlatformConfig, { PORT: "0", PUBLIC_URL: publicUrl, ...settings }),
    log: createLogger("silent", "test"),
    databaseUrl: nowhere,
    adminUrl: nowhere,
    secret: "s".repeat(32),
  });
}

/** What a browser is told by a server whose clients reach it at `publicUrl`. */
async function headersUnder(publicUrl: string): Promise<Headers> {
  const { app, stop } = await runServices([], awayPlatform(publicUrl));
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

it("tells metrics to the machine itself and to the networks given, and to nobody else", async () => {
  const { app, stop } = await runServices([], awayPlatform("", { SUAR_METRICS_ALLOW: "10.9.0.0/16" }));
  const { port } = app.server.address() as AddressInfo;
  const from = async (address?: string): Promise<number> => {
    const headers: Record<string, string> = address === undefined ? {} : { "x-forwarded-for": address };
    const { status, body } = await fetch(`http://127.0.0.1:${port}/metrics`, { headers });
    await body?.cancel();
    return status;
  };
  expect([await from(), await from("10.9.1.1"), await from("10.8.1.1"), await from("198.51.100.1")]).toEqual([
    200, 200, 404, 404,
  ]);
  await stop();
});

it("tells who runs it what is wrong, and others that it is ready", async () => {
  const away = awayPlatform("", { SUAR_METRICS_ALLOW: "10.9.0.0/16" });
  away.troubles.set("witnesses:d0123456789", "too few cosign");
  const { app, stop } = await runServices([], { ...away, ready: async () => undefined });
  const { port } = app.server.address() as AddressInfo;
  const from = async (address?: string): Promise<unknown> => {
    const headers: Record<string, string> = address === undefined ? {} : { "x-forwarded-for": address };
    return await (await fetch(`http://127.0.0.1:${port}/readyz`, { headers })).json();
  };
  const whole = { status: "ready", troubles: { "witnesses:d0123456789": "too few cosign" } };
  expect([await from(), await from("10.9.1.1")]).toEqual([whole, whole]);
  for (const address of ["10.8.1.1", "198.51.100.1", "0.0.0.0"])
    expect(await from(address), address).toEqual({ status: "ready" });
  await stop();
});
