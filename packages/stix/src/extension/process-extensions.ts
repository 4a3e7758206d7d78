import { z } from "zod";
import { dictionary, Flag, list, Text } from "../type/property-types.ts";
import { refTo } from "../type/reference-types.ts";
import { extensionsOf, withOneOf } from "./extensions-of.ts";

/** windows-integrity-level-enum */
const IntegrityLevel = z.enum(["low", "medium", "high", "system"]);

/** §6.13.2 */
const WindowsProcessExt = withOneOf({
  aslr_enabled: Flag.optional(), // 6.13.2.1
  dep_enabled: Flag.optional(), // 6.13.2.1
  priority: Text.optional(), // 6.13.2.1
  owner_sid: Text.optional(), // 6.13.2.1
  window_title: Text.optional(), // 6.13.2.1
  startup_info: dictionary(z.unknown()).optional(), // 6.13.2.1
  integrity_level: IntegrityLevel.optional(), // 6.13.2.1
});

/** windows-service-start-type-enum */
const StartType = z.enum([
  "SERVICE_AUTO_START",
  "SERVICE_BOOT_START",
  "SERVICE_DEMAND_START",
  "SERVICE_DISABLED",
  "SERVICE_SYSTEM_ALERT",
]);

/** windows-service-type-enum */
const ServiceType = z.enum([
  "SERVICE_KERNEL_DRIVER",
  "SERVICE_FILE_SYSTEM_DRIVER",
  "SERVICE_WIN32_OWN_PROCESS",
  "SERVICE_WIN32_SHARE_PROCESS",
]);

/** windows-service-status-enum */
const ServiceStatus = z.enum([
  "SERVICE_CONTINUE_PENDING",
  "SERVICE_PAUSE_PENDING",
  "SERVICE_PAUSED",
  "SERVICE_RUNNING",
  "SERVICE_START_PENDING",
  "SERVICE_STOP_PENDING",
  "SERVICE_STOPPED",
]);

/** §6.13.3 */
const WindowsServiceExt = withOneOf({
  service_name: Text.optional(), // 6.13.3.1
  descriptions: list(Text).optional(), // 6.13.3.1
  display_name: Text.optional(), // 6.13.3.1
  group_name: Text.optional(), // 6.13.3.1
  start_type: StartType.optional(), // 6.13.3.1
  service_dll_refs: list(refTo("file")).optional(), // 6.13.3.1
  service_type: ServiceType.optional(), // 6.13.3.1
  service_status: ServiceStatus.optional(), // 6.13.3.1
});

/** The two extensions predefined for a process. */
export const ProcessExtensions = extensionsOf({
  "windows-process-ext": WindowsProcessExt,
  "windows-service-ext": WindowsServiceExt,
});
