import type { KnipConfig } from "knip";

const config: KnipConfig = {
  workspaces: {
    // What starts as a process of its own: named in package.json, the compose file or by another process.
    ".": { entry: ["scripts/*.js", "docker/*.js"] },
    "packages/client": { entry: ["src/command/main.ts"] },
    "packages/formats": { entry: ["src/testing/{read-hostile,read-long,write-long}.ts"] },
    "services/*": { entry: ["src/{main,prepare}.ts"] },
    tests: {
      entry: ["**/*.test.ts", "reporter/*.ts", "load/*.ts", "e2e/tampering/serve-anything.ts"],
    },
  },
  ignoreBinaries: ["redis-server"],
};

export default config;
