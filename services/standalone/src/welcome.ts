import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** What the first screen says: where Suar is, where its API is described, how to get a key. */
export function welcome(url: string, bootstrap: string | undefined): string {
  const keys =
    bootstrap !== undefined && existsSync(bootstrap)
      ? `${bootstrap} (one of each role for every member)\n           ${loginWith(bootstrap)}`
      : "npm run operator-key makes the operator's, who makes each member's first officer's";
  return `
Suar is serving.

Address    ${url}
API docs   ${url}/docs
Keys       ${keys}

Ctrl-C stops it; nothing is lost.
`;
}

/** `suar login` looks in the project's own folder by itself. */
function loginWith(bootstrap: string): string {
  const login = "npx suar login --as SG:analyst";
  const file = resolve(bootstrap);
  return file === resolve(".suar", "bootstrap.json") ? login : `${login} --bootstrap '${file}'`;
}
