import { connect } from 'node:net';
import { encodeSysCredential } from '../../rpc/auth-sys.ts';
import { singleFragmentMark } from '../../rpc/record-mark.ts';
import type { OpaqueAuth } from '../../rpc/rpc-message.ts';
import { writeCallHeader } from '../../rpc/rpc-message.ts';
import { XdrWriter } from '../../xdr/xdr-writer.ts';

export const rootCredential: OpaqueAuth = encodeSysCredential(
  { machineName: 'test', uid: 0, gid: 0, gids: [] },
  0,
);

/** A call as it goes over the wire, mark included. */
export function rawCall(
  header: { readonly program: number; readonly version: number; readonly procedure: number },
  writeArguments: (writer: XdrWriter) => void = () => undefined,
  credential: OpaqueAuth = rootCredential,
): Uint8Array {
  const writer = new XdrWriter(Buffer.allocUnsafe(256), 4);
  writeCallHeader(writer, { xid: 77, credential, ...header });
  writeArguments(writer);
  return writer.patch(0, singleFragmentMark(writer.position - 4)).bytes();
}

/** Sends bytes and returns all that comes back until `replyBytes` are there or the server closes. */
export function exchange(port: number, bytes: Uint8Array, replyBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    let count = 0;
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      count += chunk.length;
      if (count >= replyBytes) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(received)));
  });
}
