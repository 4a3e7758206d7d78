/**
 * Names in every answer the platform that gives it: the same of all its processes, for as long as its secret is, and of no
 * other. By it who pulls knows its own answers, whatever name or detour they came by.
 */
export const PLATFORM_HEADER = "suar-platform";
