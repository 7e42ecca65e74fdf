import { createSocket } from 'node:dgram';
import { connect as connectTcp, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { LeewardError } from '@leeward/core';
import { framed } from './syslog-line.ts';

export interface SyslogPlace {
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly caPem?: string | undefined;
}

/**
 * Sends one line. Over TCP and TLS it is delivered when all bytes were sent and the connection ended without an error;
 * over UDP when it left, since nothing ever answers. `L-NTF-101`.
 */
export async function sendSyslog(place: SyslogPlace, line: Buffer, signal: AbortSignal): Promise<void> {
  try {
    await (place.transport === 'udp' ? datagram(place, line) : stream(place, framed(line), signal));
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message || String(error) : String(error);
    throw new LeewardError('L-NTF-101', { target: `${place.host}:${place.port}`, reason }, error);
  }
}

function datagram({ host, port }: SyslogPlace, line: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    const end = (error: Error | null) => {
      socket.close();
      if (error) reject(error);
      else resolve();
    };
    socket.once('error', end);
    socket.send(line, port, host, end);
  });
}

/** How long a receiver that took all bytes may keep the connection open, and one that takes none may be silent. */
const silentMs = 5_000;

function stream(place: SyslogPlace, bytes: Buffer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let isSent = false;
    const socket = opened(place, () => socket.end(bytes));
    const stop = () => socket.destroy(new Error('it did not take the message in time'));
    signal.addEventListener('abort', stop, { once: true });
    socket.once('finish', () => {
      isSent = true;
    });
    socket.setTimeout(silentMs, () => socket.destroy(isSent ? undefined : new Error('it does not answer')));
    socket.once('error', reject);
    socket.once('close', () => {
      signal.removeEventListener('abort', stop);
      if (isSent) resolve();
      else reject(new Error('it closed the connection'));
    });
    // What it sends is of no interest, and would keep the connection open unread.
    socket.resume();
  });
}

function opened({ host, port, transport, caPem }: SyslogPlace, ready: () => void): Socket {
  if (transport === 'tcp') return connectTcp({ host, port }, ready);
  const servername = /^[\d.:]+$/.test(host) ? '' : host;
  return connectTls({ host, port, servername, ...(caPem === undefined ? {} : { ca: caPem }) }, ready);
}
