import { z } from "zod";
import { UserAccountExtensions } from "../extension/user-account-extensions.ts";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { Flag, OpenVocabulary, Text, Timestamp } from "../type/property-types.ts";
import { ownProperty } from "../type/rules.ts";

/** §6.16 An account of any kind: of an operating system, a device, a service. */
export const StixUserAccount = z.looseObject({
  ...observableProperties("user-account"), // 3.2
  extensions: UserAccountExtensions, // 6.16.1
  user_id: Text.optional(), // 6.16.1
  credential: Text.optional(), // 6.16.1
  account_login: Text.optional(), // 6.16.1
  account_type: OpenVocabulary.optional(), // 6.16.1, account-type-ov
  display_name: Text.optional(), // 6.16.1
  is_service_account: Flag.optional(), // 6.16.1
  is_privileged: Flag.optional(), // 6.16.1
  can_escalate_privs: Flag.optional(), // 6.16.1
  is_disabled: Flag.optional(), // 6.16.1
  account_created: Timestamp.optional(), // 6.16.1
  account_expires: Timestamp.optional(), // 6.16.1
  credential_last_changed: Timestamp.optional(), // 6.16.1
  account_first_login: Timestamp.optional(), // 6.16.1
  account_last_login: Timestamp.optional(), // 6.16.1
});
export type StixUserAccount = z.infer<typeof StixUserAccount>;

export const userAccount = defineType({
  type: "user-account",
  section: "6.16",
  family: "sco",
  schema: StixUserAccount,
  rules: [ownProperty], // 6.16.1
});
