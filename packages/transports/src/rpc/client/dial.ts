import { connect, type Socket } from 'node:net';
import { bounded, type Clock, LeewardError, type Randomness } from '@leeward/core';

/** Whether to come from a port below 1024, which some servers demand and which needs a privilege here. */
export type PrivilegedPort = 'never' | 'try' | 'require';

export interface DialOptions {
  readonly host: string;
  readonly port: number;
  readonly localAddress?: string | undefined;
  readonly privilegedPort: PrivilegedPort;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly signal?: AbortSignal | undefined;
  /** Gets views of reused buffers: what is kept MUST be copied before returning. */
  onBytes(bytes: Uint8Array): void;
  /** Asked before each receive: a buffer for the next bytes instead of the connection's own. */
  nextTarget?(): Uint8Array | undefined;
}

export interface Dialled {
  readonly socket: Socket;
  readonly privileged: boolean;
}

const receiveBufferBytes = 64 * 1024;
const firstReservedPort = 665;
const lastReservedPort = 1023;
const maxPortTries = 32;

/**
 * Opens a TCP connection, from a privileged port as far as asked for and allowed. Throws `L-NET-101` when the
 * server cannot be reached and `L-NET-108` when a privileged port is required and cannot be had.
 */
export async function dial(options: DialOptions): Promise<Dialled> {
  if (options.privilegedPort !== 'never') {
    const socket = await dialPrivileged(options);
    if (socket) return { socket, privileged: true };
    if (options.privilegedPort === 'require') throw new LeewardError('L-NET-108', { host: options.host });
  }
  return { socket: await dialFrom(options, undefined), privileged: false };
}

async function dialPrivileged(options: DialOptions): Promise<Socket | undefined> {
  const count = lastReservedPort - firstReservedPort + 1;
  const start = Math.floor(options.randomness.fraction() * count);
  for (let turn = 0; turn < maxPortTries; turn++) {
    try {
      return await dialFrom(options, firstReservedPort + ((start + turn * 11) % count));
    } catch (error) {
      const reason = error instanceof LeewardError ? systemCode(error.cause) : undefined;
      if (reason === 'EACCES' || reason === 'EPERM') return undefined;
      if (reason !== 'EADDRINUSE' && reason !== 'EADDRNOTAVAIL') throw error;
    }
  }
  return undefined;
}

async function dialFrom(options: DialOptions, localPort: number | undefined): Promise<Socket> {
  const { host, port, timeoutMs, signal } = options;
  try {
    return await bounded(
      options.clock,
      { name: `the connection to ${host} port ${port}`, timeoutMs, signal },
      (ending) => openSocket(options, localPort, ending),
    );
  } catch (error) {
    if (signal?.aborted) throw error;
    const reason = systemCode(error) ?? `no answer within ${timeoutMs} ms`;
    throw new LeewardError('L-NET-101', { host, port, reason }, error);
  }
}

function openSocket(
  options: DialOptions,
  localPort: number | undefined,
  ending: AbortSignal,
): Promise<Socket> {
  let ownBuffer: Uint8Array | undefined;
  const own = () => (ownBuffer ??= Buffer.allocUnsafeSlow(receiveBufferBytes));
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: options.host,
      port: options.port,
      noDelay: true,
      keepAlive: true,
      ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
      ...(localPort === undefined ? {} : { localPort }),
      onread: {
        buffer: () => options.nextTarget?.() ?? own(),
        callback: (length, buffer) => {
          options.onBytes(length === buffer.length ? buffer : buffer.subarray(0, length));
          return true;
        },
      },
    });
    const onEnding = () => socket.destroy();
    const onError = (error: Error) => {
      ending.removeEventListener('abort', onEnding);
      reject(error);
    };
    ending.addEventListener('abort', onEnding, { once: true });
    socket.once('error', onError);
    socket.once('connect', () => {
      ending.removeEventListener('abort', onEnding);
      socket.off('error', onError);
      resolve(socket);
    });
  });
}

function systemCode(error: unknown): string | undefined {
  if (error instanceof AggregateError) return systemCode(error.errors[0]) ?? undefined;
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return error instanceof LeewardError ? undefined : String(error.code);
}
