import { registerProxy, type SecretKeySource } from '@leeward/engine';
import { systemClock, systemRandomness } from '@leeward/platform';
import type { Logger } from 'pino';
import { localAddresses } from './local-addresses.ts';
import { ProxySupervisor } from './proxy-supervisor.ts';

export interface JoinedProxySettings {
  /** Of its own in the installation. */
  readonly name: string;
  readonly slots: number;
  /** From which it connects to data ports, as arrays see them; default: those of this host. */
  readonly addresses?: readonly string[] | undefined;
  /** Of the server. May hold a password. */
  readonly databaseUrl: string;
  /** For checkpoints of reads. */
  readonly dataFolder: string;
  /** Of the server: stored passwords are sealed with it. */
  readonly secretKey: SecretKeySource;
  readonly logger: Logger;
}

export interface JoinedProxy {
  readonly pid: number | undefined;
  readonly addresses: readonly string[];
  /** Unfinished reads go on at the next start. */
  stop(): Promise<void>;
}

/** A proxy on a host of its own, for the server whose database it is given. Errors: those of `registerProxy`. */
export async function startJoinedProxy(
  settings: JoinedProxySettings,
  signal: AbortSignal,
): Promise<JoinedProxy> {
  const { name, slots, databaseUrl, dataFolder, secretKey, logger } = settings;
  const addresses = settings.addresses ?? localAddresses();
  const tools = { clock: systemClock, randomness: systemRandomness };
  const store = { url: databaseUrl, dataFolder, secretKey, ...tools };
  await registerProxy(store, { id: name, name, addresses, slots }, signal);
  const supervisor = new ProxySupervisor(
    { id: name, slots, databaseUrl, dataFolder, secretKey },
    systemClock,
    logger,
  );
  supervisor.start();
  return {
    get pid() {
      return supervisor.pid;
    },
    addresses,
    stop: () => supervisor.stop(),
  };
}
