import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { DataPorts } from '../nfs/data-ports.ts';
import type { World } from '../world.ts';
import {
  act,
  NoSuchObject,
  type Settings,
  settingsSchema,
  summary,
  volumeActionSchema,
} from './control-actions.ts';
import { faultSchema } from './fault-board.ts';

export interface ControlDeps {
  readonly world: World;
  readonly dataPorts: DataPorts;
  readonly token: string;
  /** How far the relations of the config are. */
  readonly setup: () => string;
  readonly calls: () => readonly { method: string; path: string; status: number }[];
  apply(settings: Settings): Promise<void>;
}

/**
 * The lab's own door, on loopback with a bearer token:
 * `GET /state` `GET /counters` `DELETE /counters` `GET /calls` `POST /settings` `POST /actions`
 * `GET|POST|DELETE /faults` `DELETE /faults/{id}`.
 */
export class ControlServer {
  readonly #deps: ControlDeps;
  readonly #server: Server;

  constructor(deps: ControlDeps) {
    this.#deps = deps;
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const bound = this.#server.address();
    return typeof bound === 'object' && bound ? bound.port : port;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.#reply(request);
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  }

  async #reply(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    if (!this.#known(request.headers.authorization)) return { status: 401, body: { error: 'wrong token' } };
    try {
      const body = await this.#answer(`${request.method} ${request.url ?? '/'}`, await readJson(request));
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

  async #answer(call: string, body: unknown): Promise<unknown> {
    const { world, dataPorts } = this.#deps;
    switch (call) {
      case 'GET /state':
        return { ...summary(world), setup: this.#deps.setup() };
      case 'GET /counters':
        return { ports: dataPorts.counters() };
      case 'DELETE /counters':
        dataPorts.reset();
        return {};
      case 'GET /calls':
        return { calls: this.#deps.calls() };
      case 'POST /settings':
        await this.#deps.apply(settingsSchema.parse(body));
        return {};
      case 'POST /actions':
        act(world, volumeActionSchema.parse(body));
        return {};
      case 'GET /faults':
        return { faults: world.faults.list() };
      case 'POST /faults':
        return { id: world.faults.add(faultSchema.parse(body)) };
      case 'DELETE /faults':
        world.faults.clear();
        return {};
    }
    const one = /^DELETE \/faults\/(\d+)$/.exec(call);
    if (one && !world.faults.remove(Number(one[1]))) throw new NoSuchObject(`no fault ${one[1]}`);
    return one ? {} : undefined;
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
