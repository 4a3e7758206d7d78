import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { list, Text, Timestamp } from "../type/property-types.ts";
import { notBefore } from "../type/rules.ts";

/** §4.2 Malicious activities against a set of targets over a period of time. */
export const StixCampaign = z.looseObject({
  ...domainProperties("campaign"), // 3.2
  name: Text, // 4.2.1
  description: Text.optional(), // 4.2.1
  aliases: list(Text).optional(), // 4.2.1
  first_seen: Timestamp.optional(), // 4.2.1
  last_seen: Timestamp.optional(), // 4.2.1
  objective: Text.optional(), // 4.2.1
});
export type StixCampaign = z.infer<typeof StixCampaign>;

export const campaign = defineType({
  type: "campaign",
  section: "4.2",
  family: "sdo",
  schema: StixCampaign,
  rules: [notBefore("last_seen", "first_seen")], // 4.2.1
});
