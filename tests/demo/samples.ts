import { fileURLToPath } from "node:url";

/** One of the sample reports that come with the platform. */
export function sample(name: string): { file: string } {
  return { file: fileURLToPath(new URL(`../../seeds/reports/${name}`, import.meta.url)) };
}
