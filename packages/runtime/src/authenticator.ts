import { AppError, type Principal } from "@suar/contract";
import { currentPrincipals, principalOfKey } from "./credentials.ts";
import { isConnectionLost, type Pool } from "./database/pool.ts";
import type { Secrets } from "./secrets.ts";
import { channels, type Signals } from "./signals.ts";

/** Turns a bearer key into a principal, remembering for a moment; a revocation empties the memory at once. */
export type Authenticator = {
  principal(authorization: string | undefined): Promise<Principal>;
  /** Those of the key ids that may still be used, asked afresh. */
  current(keyIds: readonly string[]): Promise<Map<string, Principal>>;
  /** Called whenever keys, people or members changed. */
  onChange(changed: () => void): () => void;
};

const REMEMBERED_MS = 2_000;
const MOST_REMEMBERED = 5_000;

export function createAuthenticator(core: Pool, secrets: Secrets, signals: Signals): Authenticator {
  const memory = new Map<string, { until: number; principal: Principal }>();
  signals.listen(channels.credentials, () => memory.clear());
  const look = async (key: string): Promise<Principal> => {
    const known = memory.get(key);
    if (known !== undefined && known.until > Date.now() && known.principal.expiresAt.getTime() > Date.now())
      return known.principal;
    const principal = await principalOfKey(core, secrets, key).catch(refuseWhileAway);
    if (memory.size >= MOST_REMEMBERED) memory.clear();
    memory.set(key, { until: Date.now() + REMEMBERED_MS, principal });
    return principal;
  };
  return {
    principal: async (authorization) => {
      const match = /^Bearer ([!-~]{1,200})$/i.exec(authorization ?? "");
      if (match?.[1] === undefined) throw new AppError("unauthenticated", "Send Authorization: Bearer <key>");
      return await look(match[1]);
    },
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
