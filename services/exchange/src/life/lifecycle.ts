import { seedLifecycle } from "@suar/runtime";

/** Read once, where the process begins: a file that does not fit stops it. */
export const lifecycle = seedLifecycle();
