/** Where STIX 2.0 keeps in `labels` what 2.1 has a property of its own for (2.1 §4, and its appendix on changes). */
export const TYPES_OF_LABELS: Readonly<Record<string, string>> = {
  indicator: "indicator_types",
  malware: "malware_types",
  report: "report_types",
  "threat-actor": "threat_actor_types",
  tool: "tool_types",
  identity: "roles",
};

/** Properties of observables that 2.1 has renamed, by type. */
export const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  directory: { created: "ctime", modified: "mtime", accessed: "atime" },
  file: { created: "ctime", modified: "mtime", accessed: "atime" },
  process: { created: "created_time", binary_ref: "image_ref" },
  "user-account": { password_last_changed: "credential_last_changed" },
  "windows-registry-key": { modified: "modified_time" },
};

/** Properties of observables that 2.1 has no more, by type. */
export const REMOVED: Readonly<Record<string, readonly string[]>> = {
  file: ["is_encrypted", "encryption_algorithm", "decryption_key"],
  process: ["name", "arguments"],
};

/** Properties of predefined extensions that 2.1 has no more. */
export const REMOVED_OF_EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  "archive-ext": ["version"],
  "raster-image-ext": ["image_compression_algorithm"],
  "socket-ext": ["protocol_family"],
};

/** Hash names that 2.0's vocabulary writes otherwise than 2.1's (§10.7). */
export const HASHES: Readonly<Record<string, string>> = { ssdeep: "SSDEEP" };
