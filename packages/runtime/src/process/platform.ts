import type { PlatformConfig } from "../config/config.ts";
import { createPool, type Pool } from "../database/pool.ts";
import { type OpenRealms, openRealms } from "../database/realms.ts";
import { CORE_ROLE, roleUrl } from "../database/roles.ts";
import { type Authenticator, createAuthenticator } from "../keys/authenticator.ts";
import { createSecrets, type Secrets } from "../keys/secrets.ts";
import { createDirectory, type Directory } from "../people/directory.ts";
import { createPolicyTrust, type PolicyTrust } from "../policies/policy-trust.ts";
import { createQueue, type JobQueue } from "../wake/queue.ts";
import { createSignals, type Signals } from "../wake/signals.ts";
import { createWarnings, type Warnings } from "../warnings/warnings.ts";
import type { Logger } from "./logger.ts";

/** What a service is given to work with: connections and secrets, opened once for the process. */
export type Platform = {
  config: PlatformConfig;
  log: Logger;
  secrets: Secrets;
  /** What its answers call it (PLATFORM_HEADER): 32 hexadecimal digits that tell nothing of its secret. */
  instance: string;
  /** Members, keys and realms; never content. */
  core: Pool;
  directory: Directory;
  /** Which policies are in force, by their signatures. */
  trust: PolicyTrust;
  /** The lists of what is no threat. */
  warnings: Warnings;
  realms: OpenRealms;
  queue: JobQueue;
  signals: Signals;
  authenticator: Authenticator;
  /** The right to create roles and schemas: migrations and drills only. */
  adminUrl: string;
  /** What the operator has to know of this process, by subject: it stands in /readyz, for who runs it. */
  troubles: Map<string, string>;
  /** Resolves when the database answers. */
  ready(): Promise<void>;
  close(): Promise<void>;
};

export type PlatformOptions = {
  config: PlatformConfig;
  log: Logger;
  databaseUrl: string;
  adminUrl: string;
  secret: string;
};

/** Opens the platform's connections; they are lazy, so that a database that is away delays and does not fail. */
export function openPlatform(options: PlatformOptions): Platform {
  const { config, log, databaseUrl, adminUrl } = options;
  const secrets = createSecrets(options.secret);
  const troubles = new Map<string, string>();
  const core = createPool({
    url: roleUrl(databaseUrl, CORE_ROLE, secrets),
    max: 6,
    searchPath: "core",
    name: "suar-core",
    log,
  });
  const signals = createSignals({ databaseUrl, redisUrl: config.REDIS_URL, secrets, log });
  const queue = createQueue({ databaseUrl, redisUrl: config.REDIS_URL, secrets, log });
  const realms = openRealms({ core, signals, access: { databaseUrl, secrets, log } });
  return {
    config,
    log,
    secrets,
    instance: secrets.tag("platform-header")(""),
    core,
    directory: createDirectory(core, signals, { secrets, troubles }),
    trust: createPolicyTrust(secrets, { log, troubles }),
    warnings: createWarnings(core, { secrets, troubles }),
    realms,
    queue,
    signals,
    authenticator: createAuthenticator(core, secrets, signals),
    adminUrl,
    troubles,
    ready: async () => {
      await core.query("SELECT 1");
    },
    close: async () => {
      await queue.close();
      await signals.close();
      await realms.close();
      await core.end();
    },
  };
}
