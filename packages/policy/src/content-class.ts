import { z } from "zod";

/**
 * What an object tells, in the words that policies of pairs speak of: the closed list that `allow` draws from.
 * `classify` gives an object's; whatever it does not know is `other`, which no policy that ships allows.
 */
export const ContentClass = z.enum([
  "indicator.infrastructure",
  "malware.hash",
  "ttp",
  "vuln.public",
  "vuln.undisclosed",
  "advisory",
  "incident",
  "victim.notification",
  "identity",
  "marking",
  "other",
]);
export type ContentClass = z.infer<typeof ContentClass>;
