import { z } from "zod";
import { Integer, list, Text } from "../property-types.ts";
import { EMPTY_EXTENSION, extensionsOf, notEmpty } from "./extensions-of.ts";

/** §6.16.2 */
const UnixAccountExt = z
  .looseObject({
    gid: Integer.optional(), // 6.16.2.1
    groups: list(Text).optional(), // 6.16.2.1
    home_dir: Text.optional(), // 6.16.2.1
    shell: Text.optional(), // 6.16.2.1
  })
  .refine(notEmpty, EMPTY_EXTENSION);

/** The one extension predefined for a user account. */
export const UserAccountExtensions = extensionsOf({ "unix-account-ext": UnixAccountExt });
