/** Members, agencies, people, keys, sign-in; and the first start's seed. Its tables: those of core that name them. */
export { identityService } from "./app.ts";
export { issueOperatorKey } from "./operator-key.ts";
export { bootstrapPath, preparePlatform, updateBootstrapUrl } from "./prepare-platform.ts";
