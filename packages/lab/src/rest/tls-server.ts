import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '@leeward/core';
import type { FaultAction } from '../control/fault-board.ts';
import type { SelfSignedCertificate } from '../tls/self-signed.ts';
import { listenOn } from './listen.ts';

const longestBody = 4 * 1024 * 1024;

export interface RawRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly sourceAddress: string;
}

export interface RawReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface TlsServerDeps<Code> {
  /** That of real connections. */
  readonly clock: Clock;
  /** What the array takes the time to be, which the lab may set; answers are dated by it. */
  readonly arrayClock: Pick<Clock, 'now'>;
  readonly certificate: SelfSignedCertificate;
  /** The fault that the lab planted for a call, if any. */
  fault(method: string, path: string): FaultAction<Code> | undefined;
  /** How the interface words a planted refusal. */
  refused(fault: { status: number; code: Code; message: string }): RawReply;
  /** Answers every request, refusals included; MUST not throw. */
  dispatch(request: RawRequest): Promise<RawReply>;
}

/** A REST interface on its port: TLS, bodies, and the faults that act on the connection. */
export class TlsServer<Code> {
  readonly #deps: TlsServerDeps<Code>;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** False: connections are cut at once. */
  reachable = true;
  /** Latest calls, oldest first; thousands at most. */
  readonly calls: { method: string; path: string; status: number }[] = [];

  constructor(deps: TlsServerDeps<Code>) {
    this.#deps = deps;
    const { keyPem, certificatePem } = deps.certificate;
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

  /** Answers the port. */
  listen(address: string, port: number): Promise<number> {
    return listenOn(this.#server, address, port);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const sourceAddress = request.socket.remoteAddress ?? '';
    const body = await readAll(request).catch(() => undefined);
    if (body === undefined) return void request.socket.destroy();
    const path = url.split('?')[0] ?? url;
    const fault = this.#deps.fault(method, path);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'delay') await this.#deps.clock.sleep(fault.delayMs);
    if (fault?.kind === 'cut' && fault.when === 'before') {
      fault.begin?.();
      return void request.socket.destroy();
    }
    const reply =
      fault?.kind === 'refuse'
        ? this.#deps.refused(fault)
        : await this.#deps.dispatch({ method, url, headers, body, sourceAddress });
    this.#record(method, path, reply.status);
    if (fault?.kind === 'cut') {
      fault.begin?.();
      return void request.socket.destroy();
    }
    const date = new Date(this.#deps.arrayClock.now()).toUTCString();
    response.writeHead(reply.status, { date, ...reply.headers });
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
