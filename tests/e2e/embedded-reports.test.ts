import { describe } from "vitest";
import { startPlatform } from "../support/platform.ts";
import { endToEndSuite } from "./suite.ts";

describe("embedded: one process, its own PostgreSQL", () => {
  endToEndSuite("reports", startPlatform);
});
