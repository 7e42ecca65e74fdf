import type { IncomingHttpHeaders, IncomingMessage, request, ServerResponse } from 'node:http';
import { Agent, createServer, request as requestTls, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock } from '@leeward/platform';

export interface Message {
  readonly path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What is changed in the traffic of a system, as if the system itself had changed. */
export interface Disguise {
  readonly request?: (message: Message) => void;
  readonly answer?: (message: Message) => void;
}

/**
 * Stands before a simulated system, at an address and with a certificate of its own, and can make it look changed
 * since it was registered. What it does not change the real simulator answers.
 */
export class FrontDoor {
  readonly host = '127.0.0.1';
  readonly fingerprint: string;
  readonly port: number;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #server: Server;
  readonly #certificate: Certificate;
  readonly #agent = new Agent({ rejectUnauthorized: false, keepAlive: true });
  #disguise: Disguise = {};

  private constructor(target: { host: string; port: number }, server: Server, certificate: Certificate) {
    this.#target = target;
    this.#server = server;
    this.#certificate = certificate;
    this.fingerprint = certificate.sha256;
    this.port = (server.address() as AddressInfo).port;
    server.on('request', (question, reply) => {
      this.#pass(question, reply).catch(() => reply.destroy());
    });
  }

  static async before(target: { host: string; port: number }): Promise<FrontDoor> {
    const certificate = await newCertificate();
    const server = createServer(asOptions(certificate));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FrontDoor(target, server, certificate);
  }

  /** From now on the system looks like that; open connections end, as after a restart of it. */
  disguise(disguise: Disguise): void {
    this.#disguise = disguise;
    this.#server.closeAllConnections();
  }

  async changeCertificate(): Promise<void> {
    this.#server.setSecureContext(asOptions(await newCertificate()));
    this.#server.closeAllConnections();
  }

  /** Nobody answers at its address any more. */
  async goAway(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** As it was when it was registered. */
  async asBefore(): Promise<void> {
    if (!this.#server.listening)
      await new Promise<void>((resolve) => this.#server.listen(this.port, this.host, resolve));
    this.#server.setSecureContext(asOptions(this.#certificate));
    this.disguise({});
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(question: IncomingMessage, reply: ServerResponse): Promise<void> {
    const path = question.url ?? '/';
    const asked: Message = { path, headers: { ...question.headers }, body: await bodyOf(question) };
    this.#disguise.request?.(asked);
    const answer = await this.#ask(question.method ?? 'GET', asked);
    const message: Message = { path, headers: { ...answer.headers }, body: await bodyOf(answer) };
    this.#disguise.answer?.(message);
    const { 'transfer-encoding': _, ...headers } = message.headers;
    reply.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': message.body.length });
    reply.end(question.method === 'HEAD' ? undefined : message.body);
  }

  #ask(method: string, { path, headers, body }: Message): Promise<IncomingMessage> {
    const { host, port } = this.#target;
    return new Promise((resolve, reject) => {
      const { 'transfer-encoding': _, 'accept-encoding': _plain, ...others } = headers;
      const sent = { ...others, 'content-length': body.length };
      const options = { method, host, port, path, headers: sent, agent: this.#agent };
      const question: ReturnType<typeof request> = requestTls(options, resolve);
      question.once('error', reject);
      question.end(body);
    });
  }
}

type Certificate = Awaited<ReturnType<typeof newCertificate>>;

function newCertificate() {
  return createSelfSignedCertificate({ commonName: 'front', altNames: ['127.0.0.1'], clock: systemClock });
}

function asOptions({ keyPem, certificatePem }: Certificate) {
  return { key: keyPem, cert: certificatePem };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
