import type { Service } from "@suar/runtime";
import { registerAgencies } from "./routes/agencies.ts";
import { registerContacts } from "./routes/contacts.ts";
import { registerGroups } from "./routes/groups.ts";
import { registerKeys } from "./routes/keys.ts";
import { registerMemberDomains } from "./routes/member-domains.ts";
import { registerMembers } from "./routes/members.ts";
import { registerPeople } from "./routes/people.ts";
import { registerSignIn } from "./routes/sign-in.ts";
import { registerWitnesses } from "./routes/witnesses.ts";

/** Identity: who there is, and who may do what. */
export function identityService(): Service {
  return {
    name: "identity",
    routes: async (app, platform) => {
      registerMembers(app, platform);
      registerMemberDomains(app, platform);
      registerGroups(app, platform);
      registerAgencies(app, platform);
      registerKeys(app, platform);
      registerPeople(app, platform);
      registerContacts(app, platform);
      registerSignIn(app, platform);
      registerWitnesses(app, platform);
      return undefined;
    },
  };
}
