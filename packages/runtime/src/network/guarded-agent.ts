import { isIP } from "node:net";
import { Agent, buildConnector } from "undici";
import { type AddressGuard, AddressRefused } from "./address-guard.ts";

/**
 * Connections that go where the guard lets them, decided at each on the very address that is connected to. One has
 * ten seconds to come about at most; headers and each part of a body have `timeoutMs`.
 */
export function guardedAgent(guard: AddressGuard, timeoutMs: number): Agent {
  const connect = buildConnector({ lookup: guard.lookup, timeout: Math.min(timeoutMs, 10_000) });
  return new Agent({
    connect: (options, callback) => {
      // A literal address is not looked up: it is checked here, like a name by `lookup`, at every connection.
      const host = options.hostname.replace(/^\[|\]$/g, "");
      if (isIP(host) !== 0 && !guard.allows(host))
        callback(new AddressRefused(`${host} may not be connected to`), null);
      else connect(options, callback);
    },
    connections: 32,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 10_000,
  });
}
