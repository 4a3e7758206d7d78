import { z } from "zod";
import { defineRoute } from "./define.ts";

/** What whoever changes something is told beside it. */
export const Closing = z
  .boolean()
  .describe(
    "True: something that the change takes away may be read yet, since not all of it is closed. GET /v1/closing tells when it is",
  );
export type Closing = z.infer<typeof Closing>;

export const readClosing = defineRoute({
  method: "GET",
  path: "/v1/closing",
  tag: "policies",
  summary: "Whether something is open yet that a change took away",
  description:
    "Policies, agreements and members change, and what was released is closed to whoever may not have it any more, before anybody is told. Officers of members' CERTs and the operator may ask. It is of all changes, and does not say whose: `false` after your change is answered says that what it takes away is closed.",
  roles: ["officer", "operator"],
  status: 200,
  reply: z.object({ closing: Closing }),
  problems: [],
});

export const closingRoutes = { readClosing };
