import { AppError, type Principal } from "@suar/contract";
import { isConnectionLost, type Pool } from "../database/pool.ts";
import { channels, type Signals } from "../wake/signals.ts";
import { currentPrincipals, type KeyPurpose, principalOfKey } from "./credentials.ts";
import { FailedLooks } from "./failed-looks.ts";
import type { Secrets } from "./secrets.ts";

/** Turns a bearer key into a principal, remembering for a moment; a revocation empties the memory at once. */
export type Authenticator = {
  /**
   * `address` is where it comes from: whoever sends many that are nobody's is answered without asking the database.
   * Throws `unauthenticated`, `rate-limited`, or why the key may not be used.
   */
  principal(authorization: string | undefined, address: string): Promise<Principal>;
  /** The same of a key that stands in an address, and opens what it is for alone. */
  principalOfLink(key: string, purpose: KeyPurpose, address: string): Promise<Principal>;
  /** Those of the key ids that may still be used, asked afresh. */
  current(keyIds: readonly string[]): Promise<Map<string, Principal>>;
  /** Called whenever keys, people or members changed. */
  onChange(changed: () => void): () => void;
};

const GUESSED = "Too many keys from your address are nobody's; try again in a minute";
const REMEMBERED_MS = 2_000;
const MOST_REMEMBERED = 5_000;

export function createAuthenticator(core: Pool, secrets: Secrets, signals: Signals): Authenticator {
  const memory = new Map<string, { until: number; principal: Principal }>();
  signals.listen(channels.credentials, () => memory.clear());
  const failed = new FailedLooks();
  /** Keys that were somebody's lately; a revocation does not empty it. */
  const good = new Set<string>();
  const look = async (key: string, address: string, purpose: KeyPurpose | null): Promise<Principal> => {
    // What is remembered of a key is remembered of what it was shown for.
    const place = `${purpose ?? ""} ${key}`;
    const known = memory.get(place);
    if (known !== undefined && known.until > Date.now() && known.principal.expiresAt.getTime() > Date.now())
      return known.principal;
    // Who was somebody a moment ago is looked up also where others at that address guess.
    if (!good.has(place) && !failed.mayLook(address)) throw new AppError("rate-limited", GUESSED);
    const principal = await principalOfKey(core, secrets, key, purpose).catch((error: unknown) => {
      if (error instanceof AppError && error.code === "unauthenticated") failed.note(address);
      return refuseWhileAway(error);
    });
    if (memory.size >= MOST_REMEMBERED) memory.clear();
    if (good.size >= MOST_REMEMBERED) good.clear();
    good.add(place);
    memory.set(place, { until: Date.now() + REMEMBERED_MS, principal });
    return principal;
  };
  return {
    principal: async (authorization, address) => {
      const match = /^Bearer ([!-~]{1,200})$/i.exec(authorization ?? "");
      if (match?.[1] === undefined) throw new AppError("unauthenticated", "Send Authorization: Bearer <key>");
      return await look(match[1], address, null);
    },
    principalOfLink: async (key, purpose, address) => await look(key, address, purpose),
    current: async (keyIds) => await currentPrincipals(core, keyIds),
    onChange: (changed) => signals.listen(channels.credentials, changed),
  };
}

// While the database is away nobody is let in on an old answer: 503, never stale-authorised.
function refuseWhileAway(error: unknown): never {
  if (isConnectionLost(error))
    throw new AppError("unavailable", "The database is away; try again", { cause: error });
  throw error;
}
