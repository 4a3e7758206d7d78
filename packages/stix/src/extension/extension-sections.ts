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
]);
