import { connect, createServer, type Socket } from 'node:net';
import { crc32c } from '../pdu/crc32c.ts';
import { encodePdu, noDigests } from '../pdu/pdu-encoder.ts';
import { PduReceiver } from '../pdu/pdu-receiver.ts';

export interface WirePdu {
  readonly header: Buffer;
  readonly data: Buffer;
}

export interface ManglingProxy {
  readonly port: number;
  /** What becomes of each PDU of the target: any number of others. May be set at any time. */
  mangle: (pdu: WirePdu) => readonly WirePdu[];
  close(): Promise<void>;
}

/** Stands between an initiator and a target and changes what the target says. No digests. */
export async function startManglingProxy(targetPort: number): Promise<ManglingProxy> {
  const sockets = new Set<Socket>();
  const proxy: { mangle: ManglingProxy['mangle'] } = { mangle: (pdu) => [pdu] };
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => far.write(bytes));
    const receiver = new PduReceiver(
      {
        place: () => 'collect',
        received: (header, data) => {
          const pdu = { header: Buffer.from(header), data: Buffer.from(data) };
          for (const other of proxy.mangle(pdu))
            near.write(Buffer.concat(encodePdu(other.header, other.data, noDigests, crc32c)));
        },
      },
      16 * 1024 * 1024,
    );
    far.on('data', (bytes) => receiver.accept(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return Object.assign(proxy, {
    port: address && typeof address === 'object' ? address.port : 0,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}
