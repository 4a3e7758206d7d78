import { expect } from "vitest";
import { caller } from "../support/api.ts";
import type { PlatformProcess } from "../support/platform.ts";

/** Some members have a watch list each, of a name that is theirs alone. */
export async function watchSomething(platform: PlatformProcess): Promise<void> {
  for (const code of ["SG", "MY", "CN"]) {
    const values = [`${code}-rls.example.com`];
    const one = caller(platform.url, platform.key(code));
    expect((await one.send("PUT", "/v1/watch", { values }, { "if-match": '"0"' })).status).toBe(200);
  }
}
