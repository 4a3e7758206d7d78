import { expect, it } from "vitest";
import { isWithin } from "./network-list.ts";

const NETWORKS = ["10.0.0.0/8", "::1/128"];

it.each(["10.1.2.3", "::ffff:10.1.2.3", "::1", "0:0:0:0:0:0:0:1"])(
  "has %s within its networks",
  (address) => {
    expect(isWithin(NETWORKS, address)).toBe(true);
  },
);

it.each(["11.1.2.3", "::ffff:11.1.2.3", "::2", "", "10.1.2.3.4", "localhost"])(
  "has %j in none",
  (address) => {
    expect(isWithin(NETWORKS, address)).toBe(false);
  },
);
