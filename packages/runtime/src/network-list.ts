import ipaddr from "ipaddr.js";
import { z } from "zod";

/** A setting that names networks. */
export function networkList(description: string) {
  return z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    )
    .refine((networks) => networks.every((network) => ipaddr.isValidCIDR(network)), {
      message: "Has to be CIDRs with commas between them, as 127.0.0.0/8",
    })
    .describe(description);
}
