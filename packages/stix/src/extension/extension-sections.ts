import { INCIDENT_CORE } from "../incident/incident-core.ts";

/** Where each extension that we know is specified. */
export const EXTENSION_SECTIONS: ReadonlyMap<string, string> = new Map([
  ["archive-ext", "6.7.2"],
  ["ntfs-ext", "6.7.3"],
  ["pdf-ext", "6.7.4"],
  ["raster-image-ext", "6.7.5"],
  ["windows-pebinary-ext", "6.7.6"],
  ["http-request-ext", "6.12.2"],
  ["icmp-ext", "6.12.3"],
  ["socket-ext", "6.12.4"],
  ["tcp-ext", "6.12.5"],
  ["windows-process-ext", "6.13.2"],
  ["windows-service-ext", "6.13.3"],
  ["unix-account-ext", "6.16.2"],
  [INCIDENT_CORE, "incident-core 2.1"],
  ["availability", "incident-core 2.3.2.1"],
  ["confidentiality", "incident-core 2.3.2.2"],
  ["external", "incident-core 2.3.2.3"],
  ["integrity", "incident-core 2.3.2.4"],
  ["monetary", "incident-core 2.3.2.5"],
  ["physical", "incident-core 2.3.2.6"],
  ["traceability", "incident-core 2.3.2.7"],
]);
