import { createServer, type Server, type Socket } from 'node:net';
import { z } from 'zod';
import { RestError } from '../rest/rest-error.ts';
import { onFrames, sendFrame } from './frame.ts';
import { type InterclusterRequest, requestSchema } from './protocol.ts';

export interface Answer {
  readonly result: unknown;
  readonly body?: Uint8Array;
}

const envelopeSchema = z.object({ id: z.number(), request: requestSchema });

/** The intercluster door: answers the peer that knows the token, others are cut off. */
export class InterclusterServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #token: string;
  readonly #answer: (request: InterclusterRequest) => Promise<Answer>;
  /** False: connections are cut at once. */
  reachable = true;

  constructor(token: string, answer: (request: InterclusterRequest) => Promise<Answer>) {
    this.#token = token;
    this.#answer = answer;
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  async listen(address: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, address, resolve);
    });
    const bound = this.#server.address();
    return typeof bound === 'object' && bound ? bound.port : port;
  }

  #serve(socket: Socket): void {
    if (!this.reachable) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
    let known = false;
    onFrames(socket, ({ header }) => {
      const parsed = envelopeSchema.safeParse(parseJson(header));
      if (!parsed.success) return void socket.destroy();
      const { id, request } = parsed.data;
      if (request.method === 'hello') known = request.token === this.#token;
      if (!known) return void socket.destroy();
      void this.#reply(socket, id, request);
    });
  }

  async #reply(socket: Socket, id: number, request: InterclusterRequest): Promise<void> {
    try {
      const { result, body } = await this.#answer(request);
      await sendFrame(socket, { id, result }, body);
    } catch (error) {
      const code = error instanceof RestError ? error.code : 65541;
      await sendFrame(socket, {
        id,
        error: { code, message: error instanceof Error ? error.message : 'failed' },
      });
    }
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

function parseJson(header: Buffer): unknown {
  try {
    return JSON.parse(header.toString());
  } catch {
    return undefined;
  }
}
