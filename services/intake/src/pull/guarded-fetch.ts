import { AddressRefused } from "@suar/runtime";
import type { TaxiiFetch } from "@suar/taxii";
import { type Dispatcher, fetch } from "undici";

/** Every connection is one that the agent's guard lets through, a redirect's as well. */
export function fetchBy(dispatcher: Dispatcher): TaxiiFetch {
  return async (url, init) => await fetch(url, { ...init, dispatcher });
}

/** The guard's refusal, where that is what an error comes from. */
export function addressRefusal(error: unknown): AddressRefused | undefined {
  for (let one = error; one instanceof Error; one = one.cause) if (one instanceof AddressRefused) return one;
  return undefined;
}
