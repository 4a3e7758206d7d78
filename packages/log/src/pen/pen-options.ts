import type { Logger, Realm, Secrets, Signals } from "@suar/runtime";

/** What a pen is given to write with. */
export type PenOptions = {
  realm: Realm;
  signals: Signals;
  log: Logger;
  secrets: Secrets;
  /** What the platform is called in the names of its logs. */
  publicName: string;
  /** Where the last checkpoint is kept outside of the database. */
  keepIn: string;
  /** What the operator has to know, by subject: it stands in /readyz. */
  troubles: Map<string, string>;
};
