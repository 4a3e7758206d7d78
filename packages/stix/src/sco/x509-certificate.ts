import { z } from "zod";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { Flag, Hashes, Integer, Text, Timestamp } from "../type/property-types.ts";
import { ownProperty } from "../type/rules.ts";

/** §6.18.2 */
const X509V3Extensions = z
  .looseObject({
    basic_constraints: Text.optional(), // 6.18.2.1
    name_constraints: Text.optional(), // 6.18.2.1
    policy_constraints: Text.optional(), // 6.18.2.1
    key_usage: Text.optional(), // 6.18.2.1
    extended_key_usage: Text.optional(), // 6.18.2.1
    subject_key_identifier: Text.optional(), // 6.18.2.1
    authority_key_identifier: Text.optional(), // 6.18.2.1
    subject_alternative_name: Text.optional(), // 6.18.2.1
    issuer_alternative_name: Text.optional(), // 6.18.2.1
    subject_directory_attributes: Text.optional(), // 6.18.2.1
    crl_distribution_points: Text.optional(), // 6.18.2.1
    inhibit_any_policy: Text.optional(), // 6.18.2.1
    private_key_usage_period_not_before: Timestamp.optional(), // 6.18.2.1
    private_key_usage_period_not_after: Timestamp.optional(), // 6.18.2.1
    certificate_policies: Text.optional(), // 6.18.2.1
    policy_mappings: Text.optional(), // 6.18.2.1
  })
  .refine((extensions) => Object.keys(extensions).length > 0, "needs at least one extension");

/** §6.18 An X.509 certificate. */
export const StixX509Certificate = z.looseObject({
  ...observableProperties("x509-certificate"), // 3.2
  is_self_signed: Flag.optional(), // 6.18.1
  hashes: Hashes.optional(), // 6.18.1, 2.7
  version: Text.optional(), // 6.18.1
  serial_number: Text.optional(), // 6.18.1
  signature_algorithm: Text.optional(), // 6.18.1
  issuer: Text.optional(), // 6.18.1
  validity_not_before: Timestamp.optional(), // 6.18.1
  validity_not_after: Timestamp.optional(), // 6.18.1
  subject: Text.optional(), // 6.18.1
  subject_public_key_algorithm: Text.optional(), // 6.18.1
  subject_public_key_modulus: Text.optional(), // 6.18.1
  subject_public_key_exponent: Integer.optional(), // 6.18.1
  x509_v3_extensions: X509V3Extensions.optional(), // 6.18.1, 6.18.2
});
export type StixX509Certificate = z.infer<typeof StixX509Certificate>;

export const x509Certificate = defineType({
  type: "x509-certificate",
  section: "6.18",
  family: "sco",
  schema: StixX509Certificate,
  rules: [ownProperty], // 6.18.1
});
