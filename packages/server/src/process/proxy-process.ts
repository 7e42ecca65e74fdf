// By their own names: a proxy starts sooner and is smaller without what only the server needs.
import { openProxyApplication } from '@leeward/engine/application/proxy-application';
import { secretKeySourceOf } from '@leeward/engine/secrets/secret-key-source';
import { systemClock, systemRandomness } from '@leeward/platform';
import { z } from 'zod';
import { createLogger, flowLog } from './logger.ts';

/** How the server starts a proxy; by environment, since a URL may hold a password and arguments are public. */
export const proxyEnvironmentSchema = z.object({
  LEEWARD_PROXY_ID: z.string().min(1),
  LEEWARD_PROXY_SLOTS: z.coerce.number().int().min(1),
  LEEWARD_PROXY_DATABASE: z.string().min(1),
  LEEWARD_DATA: z.string().min(1),
});

/**
 * The proxy as a process of its own. It ends when asked to, and when the server that started it is gone: then
 * the database may be gone too, and the next server starts it again.
 */
export async function runProxy(environment: NodeJS.ProcessEnv): Promise<void> {
  const settings = proxyEnvironmentSchema.parse(environment);
  const logger = createLogger(`proxy-${settings.LEEWARD_PROXY_ID}`);
  const proxy = await openProxyApplication({
    proxyId: settings.LEEWARD_PROXY_ID,
    slots: settings.LEEWARD_PROXY_SLOTS,
    databaseUrl: settings.LEEWARD_PROXY_DATABASE,
    dataFolder: settings.LEEWARD_DATA,
    secretKey: secretKeySourceOf(environment),
    clock: systemClock,
    randomness: systemRandomness,
    log: flowLog(logger),
  });
  logger.info('proxy is ready');
  const end = async () => {
    await proxy.close();
    process.exit(0);
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  process.once('disconnect', () => process.exit(1));
}
