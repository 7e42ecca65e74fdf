import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '@leeward/core';
import type { SelfSignedCertificate } from '../../tls/self-signed.ts';
import type { FaultAction } from '../control/fault-board.ts';
import type { World } from '../world.ts';
import { dispatch } from './dispatcher.ts';
import { RestError } from './rest-error.ts';

const longestBody = 4 * 1024 * 1024;

/** The REST interface on its port: TLS, bodies, and the faults that act on the connection. */
export class RestServer {
  readonly #world: World;
  readonly #clock: Clock;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** False: connections are cut at once. */
  reachable = true;
  /** Latest calls, oldest first; thousands at most. */
  readonly calls: { method: string; path: string; status: number }[] = [];

  constructor(world: World, certificate: SelfSignedCertificate) {
    this.#world = world;
    this.#clock = world.cluster.clock;
    const { keyPem, certificatePem } = certificate;
    this.#server = createServer({ key: keyPem, cert: certificatePem }, (request, response) => {
      void this.#serve(request, response);
    });
    this.#server.on('connection', (socket: Socket) => {
      if (!this.reachable) {
        socket.destroy();
        return;
      }
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  async listen(address: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, address, resolve);
    });
    const bound = this.#server.address();
    return typeof bound === 'object' && bound ? bound.port : port;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const body = await readAll(request).catch(() => undefined);
    if (body === undefined) return void request.socket.destroy();
    const path = url.split('?')[0] ?? url;
    const fault = this.#world.faults.rest(method, path);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'delay') await this.#clock.sleep(fault.delayMs);
    if (fault?.kind === 'cut' && fault.when === 'before') return void request.socket.destroy();
    const reply = refused(fault) ?? (await dispatch(this.#world, { method, url, headers, body }));
    this.#record(method, path, reply.status);
    if (fault?.kind === 'cut') return void request.socket.destroy();
    response.writeHead(reply.status, reply.headers);
    response.end(reply.body);
  }

  #record(method: string, path: string, status: number): void {
    this.calls.push({ method, path, status });
    if (this.calls.length > 10_000) this.calls.splice(0, 5000);
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

function refused(fault: FaultAction | undefined) {
  if (fault?.kind !== 'refuse') return undefined;
  const { status, code, message } = fault;
  const headers = { Server: 'libzapid-httpd', 'Content-Type': 'application/json' };
  return { status, headers, body: JSON.stringify(new RestError(status, code, message).envelope()) };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > longestBody) throw new Error('body too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
