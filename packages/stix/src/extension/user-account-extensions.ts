import { Integer, list, Text } from "../type/property-types.ts";
import { extensionsOf, withOneOf } from "./extensions-of.ts";

/** §6.16.2 */
const UnixAccountExt = withOneOf({
  gid: Integer.optional(), // 6.16.2.1
  groups: list(Text).optional(), // 6.16.2.1
  home_dir: Text.optional(), // 6.16.2.1
  shell: Text.optional(), // 6.16.2.1
});

/** The one extension predefined for a user account. */
export const UserAccountExtensions = extensionsOf({ "unix-account-ext": UnixAccountExt });
