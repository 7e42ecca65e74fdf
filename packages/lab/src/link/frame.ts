import type { Socket } from 'node:net';

export interface Frame {
  readonly header: Buffer;
  readonly body: Buffer;
}

const longestHeader = 16 * 1024 * 1024;
const longestBody = 8 * 1024 * 1024;

/** Sends `[header length][body length][header][body]`; resolves once the socket takes more. */
export function sendFrame(
  socket: Socket,
  header: unknown,
  body: Uint8Array = new Uint8Array(),
): Promise<void> {
  const text = Buffer.from(JSON.stringify(header));
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(text.length, 0);
  lengths.writeUInt32BE(body.length, 4);
  socket.write(Buffer.concat([lengths, text]));
  const free = body.length === 0 || socket.write(body);
  if (free || socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.once('drain', done);
    socket.once('close', done);
  });
}

/** Cuts a stream into frames; a frame that is too long ends the connection. */
export function onFrames(socket: Socket, take: (frame: Frame) => void): void {
  let parts: Buffer[] = [];
  let length = 0;
  let needed = 8;
  socket.on('data', (data) => {
    parts.push(data);
    length += data.length;
    while (length >= needed) {
      const all = parts.length === 1 ? (parts[0] ?? data) : Buffer.concat(parts);
      parts = [all];
      const headerLength = all.readUInt32BE(0);
      const bodyLength = all.readUInt32BE(4);
      if (headerLength > longestHeader || bodyLength > longestBody) {
        socket.destroy();
        return;
      }
      const end = 8 + headerLength + bodyLength;
      needed = end;
      if (all.length < end) return;
      take({ header: all.subarray(8, 8 + headerLength), body: all.subarray(8 + headerLength, end) });
      parts = [all.subarray(end)];
      length = all.length - end;
      needed = 8;
    }
  });
}
