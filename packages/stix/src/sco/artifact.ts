import { z } from "zod";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { Binary, Hashes, Text, Url } from "../type/property-types.ts";
import { exactlyOne, needs } from "../type/rules.ts";

/** encryption-algorithm-enum */
const EncryptionAlgorithm = z.enum(["AES-256-GCM", "ChaCha20-Poly1305", "mime-type-indicated"]);

/** §6.1 Bytes, here or at a URL. */
export const StixArtifact = z.looseObject({
  ...observableProperties("artifact"), // 3.2
  mime_type: Text.optional(), // 6.1.1
  payload_bin: Binary.optional(), // 6.1.1, 2.1
  url: Url.optional(), // 6.1.1
  hashes: Hashes.optional(), // 6.1.1, 2.7
  encryption_algorithm: EncryptionAlgorithm.optional(), // 6.1.1
  decryption_key: Text.optional(), // 6.1.1
});
export type StixArtifact = z.infer<typeof StixArtifact>;

export const artifact = defineType({
  type: "artifact",
  section: "6.1",
  family: "sco",
  schema: StixArtifact,
  rules: [
    exactlyOne("payload_bin", "url"),
    needs("url", "hashes"),
    needs("decryption_key", "encryption_algorithm"),
  ], // 6.1.1
});
