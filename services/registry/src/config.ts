import { loadConfig, type ServiceConfig, serviceSchema } from '@schoolbell/service-kit';

export type RegistryConfig = ServiceConfig;

/** Reads the environment; ends the process and names every wrong or missing variable when something is wrong. */
export function loadRegistryConfig(): RegistryConfig {
  return loadConfig(serviceSchema('registry'));
}
