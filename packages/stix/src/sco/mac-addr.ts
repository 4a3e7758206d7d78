import { z } from "zod";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";

/** §6.10 A media access control address, lower-case and with colons. */
export const StixMacAddr = z.looseObject({
  ...observableProperties("mac-addr"), // 3.2
  value: z.string().regex(/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/, "not a lower-case MAC address with colons"), // 6.10.1
});
export type StixMacAddr = z.infer<typeof StixMacAddr>;

export const macAddr = defineType({ type: "mac-addr", section: "6.10", family: "sco", schema: StixMacAddr });
