import type { Clock, Randomness } from '@leeward/core';
import { z } from 'zod';
import type { ArrayDriver } from './contract/array-driver.ts';
import type { OtherArray } from './contract/other-array.ts';
import { NimbleDriver } from './nimble/nimble-driver.ts';
import { nimbleSettingsSchema } from './nimble/settings.ts';
import { OntapDriver } from './ontap/ontap-driver.ts';
import { ontapSettingsSchema } from './ontap/settings.ts';
import type { RestObserver } from './rest/exchange.ts';

/** How to reach one array, by family. */
export const arraySettingsSchema = z.discriminatedUnion('family', [
  ontapSettingsSchema,
  nimbleSettingsSchema,
]);

export type ArraySettings = z.infer<typeof arraySettingsSchema>;

/** Port of the management interface of a family, where none is told. */
export function managementPort(family: string): number {
  return (
    arraySettingsSchema.options
      .filter((option) => option.shape.family.value === family)
      .map((option) => option.shape.port.parse(undefined))[0] ?? 443
  );
}

/** The same before defaults are filled in. */
export type ArraySettingsInput = z.input<typeof arraySettingsSchema>;

export interface DriverDeps {
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Addresses of a host name as the array would see them. */
  readonly resolveHost?: (name: string, signal?: AbortSignal) => Promise<readonly string[]>;
  readonly otherArray?: OtherArray;
  /** Receives every request and answer, without credentials. */
  readonly observer?: RestObserver;
}

/** The driver for an array. Nothing is sent before its first call; the caller closes it. */
export function createDriver(settings: ArraySettings, deps: DriverDeps): ArrayDriver {
  switch (settings.family) {
    case 'ontap':
      return new OntapDriver(settings, deps);
    case 'nimble':
      return new NimbleDriver(settings, deps);
  }
}
