import { describe } from "vitest";
import { startCompose } from "../support/compose.ts";
import { programOrSkip } from "../support/needed.ts";
import { endToEndSuite } from "./suite.ts";

describe.skipIf(programOrSkip("redis-server") === undefined)("distributed: PostgreSQL and Redis", () => {
  endToEndSuite("reports", startCompose);
});
