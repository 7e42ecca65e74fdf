import type { z } from 'zod';
import { type PeerAddress as LinkAddress, LinkClient } from '../../link/link-client.ts';
import { RestError } from '../rest/rest-error.ts';
import { type Hello, helloSchema, type InterclusterRequest } from './protocol.ts';

export { PeerUnreachable } from '../../link/link-client.ts';

export interface PeerAddress extends LinkAddress {
  readonly token: string;
}

/** One connection to the peer cluster, made when needed and made again after a cut. */
export class InterclusterClient {
  readonly #link: LinkClient;
  /** As the peer last introduced itself. */
  peer: Hello | undefined;
  onHello: (hello: Hello) => void = () => undefined;

  constructor(address: PeerAddress) {
    this.#link = new LinkClient({
      address,
      hello: () => ({ method: 'hello', token: address.token }),
      greeted: (result) => {
        this.peer = helloSchema.parse(result);
        this.onHello(this.peer);
      },
      failure: (code, message) => new RestError(400, Number(code), message),
    });
  }

  /** The peer listens on this port from now on. */
  redirect(port: number): void {
    this.#link.redirect(port);
  }

  get connected(): boolean {
    return this.#link.connected;
  }

  /** Connects, so that the peer is known. */
  introduce(): Promise<void> {
    return this.#link.introduce();
  }

  async call<T>(request: InterclusterRequest, schema: z.ZodType<T>): Promise<{ result: T; body: Buffer }> {
    const { result, body } = await this.#link.ask(request);
    return { result: schema.parse(result), body };
  }

  /** Drops the connection; calls in flight fail. */
  cut(): void {
    this.#link.cut();
  }
}
