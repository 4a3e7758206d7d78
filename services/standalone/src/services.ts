import { consoleService } from "@suar/console";
import { courierService } from "@suar/courier";
import { drillsService } from "@suar/drills";
import { exchangeService } from "@suar/exchange";
import { feedService } from "@suar/feed";
import { governanceService } from "@suar/governance";
import { identityService } from "@suar/identity";
import { intakeService } from "@suar/intake";
import { responseService } from "@suar/response";
import type { Service } from "@suar/runtime";
import type { StandaloneConfig } from "./config.ts";

/** All services, along the road. */
export function allServices(config: StandaloneConfig): Service[] {
  return [
    identityService(),
    intakeService(config),
    exchangeService(config),
    feedService(),
    courierService(config),
    responseService(),
    governanceService(),
    drillsService(),
    consoleService(),
  ];
}
