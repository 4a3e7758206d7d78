import { existsSync } from "node:fs";

/** What the first screen says: where Suar is, where its API is described, how to get a key. */
export function welcome(url: string, bootstrap: string | undefined): string {
  const keys =
    bootstrap !== undefined && existsSync(bootstrap)
      ? `Keys       ${bootstrap} (one of each role for every member)\n           npx suar login --as SG:analyst`
      : "Keys       npm run operator-key makes the operator's, who makes each member's first officer's";
  return `
Suar is serving.

Address    ${url}
API docs   ${url}/docs
${keys}

Ctrl-C stops it; nothing is lost.
`;
}
