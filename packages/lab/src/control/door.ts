import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { listenOn } from '../rest/listen.ts';

/** What the lab asked about does not exist. */
export class NoSuchObject extends Error {}

export interface ControlDoorDeps {
  readonly token: string;
  /**
   * Answers `METHOD /path` with its body (`{}` when there is none); undefined: no such call. May throw
   * `NoSuchObject` or the error of a schema.
   */
  answer(call: string, body: unknown): Promise<unknown>;
}

/** A simulator's own door for the lab: JSON over HTTP on loopback with a bearer token. */
export class ControlDoor {
  readonly #deps: ControlDoorDeps;
  readonly #server: Server;

  constructor(deps: ControlDoorDeps) {
    this.#deps = deps;
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  /** Answers the port. */
  listen(port: number): Promise<number> {
    return listenOn(this.#server, '127.0.0.1', port);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.#reply(request);
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  }

  async #reply(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    if (!this.#known(request.headers.authorization)) return { status: 401, body: { error: 'wrong token' } };
    try {
      const body = await this.#deps.answer(
        `${request.method} ${request.url ?? '/'}`,
        await readJson(request),
      );
      return body === undefined ? { status: 404, body: { error: 'no such call' } } : { status: 200, body };
    } catch (error) {
      const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      return { status: error instanceof NoSuchObject ? 404 : 400, body: { error: message } };
    }
  }

  #known(header: string | undefined): boolean {
    const given = Buffer.from((header ?? '').replace(/^Bearer\s+/i, ''));
    const wanted = Buffer.from(this.#deps.token);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString();
  return text === '' ? {} : JSON.parse(text);
}
