import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { createSecrets } from "../keys/secrets.ts";
import { createLogger } from "../process/logger.ts";
import type { Signals } from "../wake/signals.ts";
import type { Pool } from "./pool.ts";
import { openRealms } from "./realms.ts";

/** Realms over a core that knows `live` alone, and the hint that makes them look. */
function realmsOf() {
  let hint = (): void => undefined;
  const signals: Signals = {
    send: () => undefined,
    listen: (_channel, heard) => {
      hint = () => heard("");
      return () => undefined;
    },
    close: async () => undefined,
  };
  const core = { query: async () => ({ rows: [{ name: "live", kind: "live" }] }) } as unknown as Pool;
  const access = {
    databaseUrl: "postgres://127.0.0.1:9/none",
    secrets: createSecrets("s".repeat(32)),
    log: createLogger("silent", "test"),
  };
  return { realms: openRealms({ core, signals, access }), hint: () => hint() };
}

it("serves a realm once to each follower, also when it is told to look while the follower begins", async () => {
  const { realms, hint } = realmsOf();
  let begun = 0;
  let ended = 0;
  const following = realms.follow(async () => {
    begun += 1;
    await sleep(50);
    return async () => {
      ended += 1;
    };
  });
  await sleep(10);
  hint();
  const stop = await following;
  hint();
  await sleep(100);
  await stop();
  await realms.close();
  expect({ begun, ended }).toEqual({ begun: 1, ended: 1 });
});
