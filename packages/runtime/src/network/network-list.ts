import ipaddr from "ipaddr.js";
import { z } from "zod";

/** Whether an address is in one of the networks; one that carries an IPv4 address is that one. */
export function isWithin(networks: readonly string[], text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return networks.some((cidr) => {
    const [network, bits] = ipaddr.parseCIDR(cidr);
    return network.kind() === address.kind() && address.match(network, bits);
  });
}

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
