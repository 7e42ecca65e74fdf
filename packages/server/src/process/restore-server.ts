import { type RestoredServer, restoreServer, secretKeySourceOf } from '@leeward/engine';
import { systemClock, systemRandomness } from '@leeward/platform';

export interface RestoreSettings {
  readonly path: string;
  readonly password: string;
  readonly snapshot?: string | undefined;
  readonly dataFolder: string;
  readonly databaseUrl?: string | undefined;
  /** Default: as the environment says. */
  readonly secretKeyFile?: string | undefined;
}

/** A server from its backup; see `restoreServer` of the engine. */
export function restoreFromBackup({
  secretKeyFile: file,
  ...settings
}: RestoreSettings): Promise<RestoredServer> {
  const secretKey = file === undefined ? secretKeySourceOf(process.env) : { file };
  return restoreServer({ ...settings, secretKey, clock: systemClock, randomness: systemRandomness });
}
