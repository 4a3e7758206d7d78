import { existsSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "./install-dependencies.js";

const NEEDED = 24;

/**
 * A Node that runs the TypeScript sources: ours if it is new enough, else the one that came with the
 * dependencies (an optional package for each system).
 */
export function findNode(root) {
  if (isNewEnough()) return process.execPath;
  const bundled =
    process.platform === "win32"
      ? join(root, "node_modules", `node-win-${process.arch}`, "bin", "node.exe")
      : join(root, "node_modules", ".bin", "node");
  if (existsSync(bundled)) return bundled;
  throw new SetupError(
    `Node ${NEEDED} is needed and no package of it fits ${process.platform}-${process.arch}. Install Node ${NEEDED} or later (this is ${process.version}) and try again.`,
  );
}

/** Whether the Node that runs this can run the sources itself. */
export function isNewEnough() {
  return Number.parseInt(process.versions.node, 10) >= NEEDED;
}
