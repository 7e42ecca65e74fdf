import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { gzipSync } from 'node:zlib';
import type { XmlElement } from '../codec/xml-element.ts';
import { childOf } from '../codec/xml-element.ts';
import { parseXml } from '../codec/xml-parser.ts';
import { FakeObjects } from './fake-objects.ts';

export interface FakeCall {
  readonly method: string;
  readonly body: XmlElement;
  readonly cookie: string;
  readonly soapAction: string;
  readonly text: string;
}

/** What a handler answers: the content of the response element, a fault, or trouble below SOAP. */
export type FakeReply =
  | string
  | { readonly fault: string; readonly inside?: string }
  | { readonly status: number }
  | { readonly cut: 'before' | 'after' };

export type FakeHandler = (call: FakeCall) => FakeReply | Promise<FakeReply>;

const about = [
  '<name>Fake vCenter</name><fullName>Fake vCenter 8.0.3</fullName><vendor>nobody</vendor>',
  '<version>8.0.3</version><build>1</build><osType>linux</osType><productLineId>vpx</productLineId>',
].join('');

/**
 * A scripted vCenter for the client's own tests: sessions, the property collector, and whatever a test lets
 * its handlers answer. Judges nothing; the real checks are the independent simulators under tests/interop.
 */
export class FakeVcenter {
  readonly calls: FakeCall[] = [];
  readonly objects = new FakeObjects();
  readonly handlers = new Map<string, FakeHandler>();
  /** Asked before each call; an answer other than undefined replaces it. */
  intercept: (call: FakeCall) => FakeReply | undefined = () => undefined;
  /** Plain HTTP below /folder. */
  onFile: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => {
    response.writeHead(404).end();
  };
  password = 'right';
  apiType = 'VirtualCenter';
  apiVersion = '8.0.3.0';
  instanceUuid = 'uuid-1';
  versions: string | undefined =
    '<namespaces version="1.0"><namespace><name>urn:vim25</name><version>8.0.3.0</version><priorVersions><version>7.0.0.0</version></priorVersions></namespace></namespaces>';
  /** How a dead session shows when properties are read. */
  hiddenLogout = false;
  gzip = false;
  readonly #sessions = new Set<string>();
  readonly #server: Server;
  #count = 0;

  constructor(tls: { readonly keyPem: string; readonly certificatePem: string }) {
    this.#server = createServer({ key: tls.keyPem, cert: tls.certificatePem }, (request, response) => {
      void this.#serve(request, response);
    });
    this.handlers.set('RetrieveServiceContent', () => this.#content());
    this.handlers.set('Login', (call) => this.#login(call));
    this.handlers.set('Logout', ({ cookie }) => {
      this.#sessions.delete(cookie);
      return '';
    });
    this.handlers.set('CurrentTime', () => '<returnval>2026-01-01T00:00:00Z</returnval>');
    this.handlers.set('CreateContainerView', () => '<returnval type="ContainerView">view-1</returnval>');
    this.handlers.set('DestroyView', () => '');
    this.handlers.set('RetrievePropertiesEx', ({ body }) => this.objects.retrieve(body));
    this.handlers.set('ContinueRetrievePropertiesEx', ({ body }) => this.objects.more(body));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get openSessions(): number {
    return this.#sessions.size;
  }

  endSessions(): void {
    this.#sessions.clear();
  }

  isLoggedIn(request: IncomingMessage): boolean {
    return this.#sessions.has(request.headers.cookie ?? '');
  }

  countOf(method: string): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith('/folder')) return this.onFile(request, response);
    if (request.method === 'GET') {
      if (this.versions === undefined) return void response.writeHead(404).end();
      return void response.writeHead(200).end(this.versions);
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const body = childOf(parseXml(text), 'Body')?.children[0];
    if (!body) return void response.writeHead(400).end();
    const { cookie = '', soapaction = '' } = request.headers;
    const call = { method: body.name, body, cookie, soapAction: String(soapaction), text };
    this.calls.push(call);
    const replaced = this.intercept(call);
    if (typeof replaced === 'object' && 'cut' in replaced && replaced.cut === 'after')
      await this.#answer(call);
    this.#send(response, call, replaced ?? (await this.#answer(call)));
  }

  async #answer(call: FakeCall): Promise<FakeReply> {
    const open = ['RetrieveServiceContent', 'Login'].includes(call.method);
    if (!open && !this.#sessions.has(call.cookie))
      return this.hiddenLogout && call.method === 'RetrievePropertiesEx'
        ? hiddenNotAuthenticated
        : { fault: 'NotAuthenticated', inside: '<privilegeId>System.View</privilegeId>' };
    return this.handlers.get(call.method)?.(call) ?? { fault: 'MethodNotFound' };
  }

  #send(response: ServerResponse, { method }: FakeCall, reply: FakeReply): void {
    if (typeof reply === 'object' && 'cut' in reply) return void response.socket?.destroy();
    if (typeof reply === 'object' && 'status' in reply)
      return void response.writeHead(reply.status).end('<html>');
    const failed = typeof reply === 'object';
    const content = failed
      ? `<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>text of ${reply.fault}</faultstring><detail><${reply.fault}Fault xmlns="urn:vim25" xsi:type="${reply.fault}">${reply.inside ?? ''}</${reply.fault}Fault></detail></soapenv:Fault>`
      : `<${method}Response xmlns="urn:vim25">${reply}</${method}Response>`;
    const xml = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`;
    const headers: Record<string, string> = { 'content-type': 'text/xml' };
    if (method === 'Login' && !failed)
      headers['set-cookie'] = `${[...this.#sessions].at(-1)}; Path=/; HttpOnly; Secure;`;
    if (this.gzip) headers['content-encoding'] = 'gzip';
    response.writeHead(failed ? 500 : 200, headers).end(this.gzip ? gzipSync(xml) : xml);
  }

  #content(): string {
    const { apiType, apiVersion, instanceUuid } = this;
    const refs = ['PropertyCollector', 'ViewManager', 'SessionManager', 'AuthorizationManager'].map(
      (type) => {
        const name = type[0]?.toLowerCase() + type.slice(1);
        return `<${name} type="${type}">${type}</${name}>`;
      },
    );
    return `<returnval><rootFolder type="Folder">group-d1</rootFolder>${refs.join('')}<about>${about}<apiType>${apiType}</apiType><apiVersion>${apiVersion}</apiVersion><instanceUuid>${instanceUuid}</instanceUuid></about></returnval>`;
  }

  #login({ body }: FakeCall): FakeReply {
    if (childOf(body, 'password')?.text !== this.password) return { fault: 'InvalidLogin' };
    this.#sessions.add(`vmware_soap_session="fake-${++this.#count}"`);
    return `<returnval><key>key-${this.#count}</key><userName>somebody</userName></returnval>`;
  }
}

const hiddenNotAuthenticated = [
  '<returnval><objects><obj type="VirtualMachine">vm-1</obj><missingSet><path>name</path><fault>',
  '<fault xsi:type="NotAuthenticated"><privilegeId>System.View</privilegeId></fault>',
  '<localizedMessage>The session is not authenticated.</localizedMessage></fault></missingSet></objects></returnval>',
].join('');
