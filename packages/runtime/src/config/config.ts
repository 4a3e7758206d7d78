import { z } from "zod";
import { SHORTEST_SECRET } from "../keys/secrets.ts";
import { networkList } from "../network/network-list.ts";

const optionalText = z
  .string()
  .transform((text) => (text.trim() === "" ? undefined : text.trim()))
  .optional();

const addressOf = (...protocols: readonly string[]) =>
  optionalText.refine(
    (text) => text === undefined || (URL.canParse(text) && protocols.includes(new URL(text).protocol)),
    `Has to be an address that begins with ${protocols.join("// or ")}//`,
  );

/**
 * What every process of the platform is told by its environment. A service adds its own fields in its
 * `config.ts`, the only file of it that reads `process.env`.
 */
export const PlatformConfig = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe("HTTP port; 0 picks a free one"),
  HOST: z.string().default("127.0.0.1").describe("Address to bind"),
  PUBLIC_URL: optionalText.describe("Address under which clients reach the platform"),
  SUAR_DATA_DIR: z
    .string()
    .default(".suar")
    .describe("Folder of the embedded platform's data, and of the first keys"),
  DATABASE_URL: addressOf("postgres:", "postgresql:").describe(
    "PostgreSQL; absent: the embedded one is started",
  ),
  DATABASE_ADMIN_URL: addressOf("postgres:", "postgresql:").describe(
    "PostgreSQL with the right to create roles and schemas",
  ),
  REDIS_URL: addressOf("redis:", "rediss:").describe(
    "Redis for queue and signals; absent: PostgreSQL does both",
  ),
  SUAR_SECRET: optionalText
    .refine(
      (text) => text === undefined || text.length >= SHORTEST_SECRET,
      `Has to have ${SHORTEST_SECRET} characters or more`,
    )
    .describe("At least 32 characters; roles' passwords, key HMACs and sealing derive from it"),
  SUAR_BOOTSTRAP: z
    .enum(["file", "none"])
    .default("file")
    .describe("Whether the first start writes bootstrap.json"),
  SUAR_METRICS_ALLOW: networkList(
    "Networks from where /metrics is read, and what is wrong in /readyz; this machine always may",
  ),
  SUAR_TRUST_PROXY: z
    .string()
    .default("loopback")
    .describe("Addresses whose X-Forwarded-For is believed: CIDRs with commas, or loopback"),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("What is logged: this, and whatever is graver"),
});
export type PlatformConfig = z.infer<typeof PlatformConfig>;

/** Configuration that does not fit; the message names each variable and what is wrong with it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Parses an environment; throws {@link ConfigError} naming every variable that does not fit. */
export function parseConfig<T extends z.ZodType>(
  schema: T,
  environment: Record<string, string | undefined>,
): z.infer<T> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new ConfigError(`These settings do not fit:\n${lines.join("\n")}`);
}
