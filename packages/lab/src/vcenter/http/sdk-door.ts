import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Call, Services } from '../api/call.ts';
import { dispatch } from '../api/dispatch.ts';
import type { Session } from '../api/sessions.ts';
import { vmNames } from '../api/vm-task.ts';
import type { FaultAction } from '../control/fault-rule.ts';
import { methodNamed } from '../schema/methods.ts';
import { isVersion, rankOf, type VersionRank } from '../schema/versions.ts';
import type { EncodeOptions } from '../soap/encode.ts';
import { answerEnvelope, faultEnvelope, readEnvelope, type SoapCall } from '../soap/envelope.ts';
import { VimFault } from '../soap/fault.ts';
import { clientOf, cookieOf, setCookie } from './cookies.ts';
import type { Counters } from './counters.ts';
import { applyAction } from './injected.ts';

const maxBodyBytes = 8 << 20;
const compress = promisify(gzip);

/** `POST /sdk`: one SOAP call. */
export async function answerSdk(
  services: Services,
  counters: Counters,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const document = await readBody(request);
  if (document === undefined) {
    response.writeHead(413).end();
    return;
  }
  const options = encodeOptions(services, request);
  const gone = new AbortController();
  response.on('close', () => gone.abort(new Error('the client went away')));
  const answer: Call['answer'] = {};
  let body: string;
  let status = 200;
  try {
    const soap = readEnvelope(document);
    counters.count(soap.method);
    if (soap.method === 'Login') counters.logins += 1;
    const occasion = { method: soap.method, vmNames: concerned(services, soap) };
    const inject = async (actions: readonly FaultAction[]) => {
      for (const action of actions) if (await applyAction(services, response, action)) return true;
      return false;
    };
    const { early, late } = services.faults.arriving(occasion);
    if (await inject(early)) return;
    const session = services.sessions.touch(cookieOf(request));
    const call = { soap, version: options.version, session, client: clientOf(request), signal: gone.signal };
    const value = await keptAlive(services, session, () => dispatch(services, call, answer));
    if (await inject([...late, ...services.faults.actions('after', occasion)])) return;
    body = answerEnvelope(soap.method, methodNamed(soap.method)?.result, value, options);
  } catch (error) {
    if (gone.signal.aborted) return;
    status = 500;
    body = faultEnvelope(asFault(error), options);
  }
  if (answer.status !== undefined) {
    response.writeHead(answer.status).end();
    return;
  }
  const headers: Record<string, string> = {
    'content-type': 'text/xml; charset=utf-8',
    'cache-control': 'no-cache',
  };
  if (answer.session) headers['set-cookie'] = setCookie(answer.session.cookie);
  let bytes: Buffer = Buffer.from(body);
  if (bytes.length > 1024 && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    bytes = await compress(bytes);
    headers['content-encoding'] = 'gzip';
  }
  response.writeHead(status, { ...headers, 'content-length': String(bytes.length) }).end(bytes);
}

/** A session is not idle while one of its calls waits, and idles from its end on. */
async function keptAlive<T>(
  services: Services,
  session: Session | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (!session) return work();
  session.activeCalls += 1;
  try {
    return await work();
  } finally {
    session.activeCalls -= 1;
    session.lastActiveMs = services.world.clock.now();
  }
}

/** What the client asks for in SOAPAction, at most what this server speaks. */
function encodeOptions(services: Services, request: IncomingMessage): EncodeOptions {
  const { apiVersion, unusualPrefix } = services.world.config;
  const asked = /urn:vim25\/([\w.]+)/.exec(String(request.headers.soapaction ?? ''))?.[1];
  const own = rankOf(apiVersion);
  const version: VersionRank = asked !== undefined && isVersion(asked) ? Math.min(own, rankOf(asked)) : own;
  return { version, unusualPrefix };
}

function concerned(services: Services, soap: SoapCall): string[] {
  const { world } = services;
  const vm = world.vm(soap.target) ?? world.vmOfSnapshot(soap.target);
  return vm ? vmNames(vm) : [];
}

/** Defects of the simulator itself show as SystemError with their text, so that they are found. */
function asFault(error: unknown): VimFault {
  if (error instanceof VimFault) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new VimFault('SystemError', { reason }, `A general system error occurred: ${reason}`);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes: Buffer = Buffer.from(part);
    size += bytes.length;
    if (size > maxBodyBytes) return undefined;
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}
