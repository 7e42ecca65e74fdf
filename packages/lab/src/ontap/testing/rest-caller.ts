import type { Clock } from '@leeward/core';
import { HttpsClient } from '@leeward/platform';
import { isObject, type JsonObject, textAt } from '../../json.ts';
import type { SimulatorAddresses } from '../simulator.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: JsonObject;
}

export interface CallOptions {
  readonly body?: JsonObject | string;
  readonly headers?: Record<string, string>;
}

type RestDoor = Pick<SimulatorAddresses, 'restAddress' | 'restPort' | 'certificateSha256'>;

/** A caller of the REST interface for tests: no driver, just requests. `onAnswer` sees every answer. */
export class RestCaller {
  readonly #client: HttpsClient;
  readonly #authorization: string;
  onAnswer: (method: string, path: string, answer: Answer) => void = () => undefined;

  constructor(to: RestDoor, account: { readonly name: string; readonly password: string }) {
    this.#client = new HttpsClient({
      origin: `https://${to.restAddress}:${to.restPort}`,
      trust: { kind: 'fingerprint', sha256: to.certificateSha256 },
    });
    this.#authorization = `Basic ${Buffer.from(`${account.name}:${account.password}`).toString('base64')}`;
  }

  /** `path` without `/api`. */
  async call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    options: CallOptions = {},
  ): Promise<Answer> {
    const { body, headers = {} } = options;
    const response = await this.#client.request({
      method,
      path: path.startsWith('/api') || path.startsWith('/servlets') ? path : `/api${path}`,
      headers: { authorization: this.#authorization, accept: 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.body.text();
    const parsed: unknown = JSON.parse(text);
    const answer = { status: response.statusCode, headers: response.headers, body: toObject(parsed) };
    this.onAnswer(method, path, answer);
    return answer;
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  async records(path: string): Promise<JsonObject[]> {
    const { body } = await this.get(path);
    return Array.isArray(body['records']) ? body['records'].filter(isObject) : [];
  }

  /** Waits for the job of an answer, if it has one; answers the job's end state. */
  async finish(clock: Clock, answer: Answer): Promise<JsonObject> {
    const uuid = textAt(answer.body, 'job.uuid');
    if (uuid === undefined) return answer.body;
    for (let turn = 0; turn < 500; turn++) {
      const { body } = await this.get(`/cluster/jobs/${uuid}?fields=*`);
      if (body['state'] !== 'running' && body['state'] !== 'queued') return body;
      await clock.sleep(20);
    }
    throw new Error(`job ${uuid} does not end`);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

function toObject(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object');
  return { ...value };
}
