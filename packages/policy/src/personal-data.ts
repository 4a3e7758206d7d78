import { z } from "zod";

/** Kinds of personal data, as the operations of policies name them. `unlisted` is a field that no allow-list knows. */
export const PiiClass = z.enum([
  "person",
  "email",
  "phone",
  "nationalId",
  "passport",
  "victimIp",
  "account",
  "unlisted",
]);
export type PiiClass = z.infer<typeof PiiClass>;

/** Personal data that was found in an object: where (a JSON pointer, RFC 6901), of which kind, of how many people. */
export const PiiFinding = z.object({
  path: z.string(),
  class: PiiClass,
  individuals: z.int().nonnegative(),
});
export type PiiFinding = z.infer<typeof PiiFinding>;
