// The server of bench/api.ts, in a process of its own: says by message where it is reached.
import { createLogger, startServer } from '@leeward/server';

const [dataFolder = ''] = process.argv.slice(2);
const server = await startServer({
  dataFolder,
  version: 'bench',
  logger: createLogger('server', 'error'),
  proxy: false,
  https: { listen: { host: '127.0.0.1', port: 0 } },
  onFatal: (error) => {
    throw error;
  },
});
const { token } = await server.services.tokens.create(
  { kind: 'local', name: 'local', role: 'administrator', readOnly: false },
  { name: `bench ${process.pid} ${process.hrtime.bigint()}` },
);
process.send?.({ url: server.https?.url, fingerprint: server.https?.fingerprint, token });
process.once('disconnect', () => void server.close().then(() => process.exit(0)));
