import { createServer, type Socket } from 'node:net';
import { systemClock, systemRandomness } from '@leeward/platform';
import { noAuth } from '../../auth-sys.ts';
import { RpcConnection } from '../rpc-connection.ts';

/** The bounds of the connection. */
export interface ScriptedBounds {
  readonly callTimeoutMs: number;
  readonly maxRecordBytes: number;
}

/** A connection to a server that does what `script` does with each socket. It ends when the connection is closed. */
export async function connectToScript(
  bounds: ScriptedBounds,
  script: (socket: Socket) => void,
): Promise<RpcConnection> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    // One connection is all there is, so that nobody has to close the server.
    server.close();
    script(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return RpcConnection.open({
    ...bounds,
    host: '127.0.0.1',
    port: typeof address === 'object' && address ? address.port : 0,
    privilegedPort: 'never',
    timeoutMs: 2_000,
    credential: noAuth,
    clock: systemClock,
    randomness: systemRandomness,
  });
}
