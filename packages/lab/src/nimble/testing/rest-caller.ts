import { HttpsClient, systemClock } from '@leeward/platform';
import { isObject, type JsonObject } from '../../json.ts';
import type { SimulatorAddresses } from '../simulator.ts';

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A caller of the REST interface for tests: no driver, just requests. */
export class RestCaller {
  readonly #client: HttpsClient;
  token = '';
  tokenId = '';

  constructor(to: SimulatorAddresses) {
    this.#client = new HttpsClient({
      origin: `https://${to.restAddress}:${to.restPort}`,
      trust: { kind: 'fingerprint', sha256: to.certificateSha256 },
    });
  }

  async login(account: { readonly name: string; readonly password: string }): Promise<Answer> {
    const data = { username: account.name, password: account.password, app_name: 'test' };
    const answer = await this.call('POST', 'tokens', data);
    const session = answer.body['data'];
    if (isObject(session)) {
      this.token = String(session['session_token']);
      this.tokenId = String(session['id']);
    }
    return answer;
  }

  /** `path` behind `/v1/`; `data` goes into the envelope. */
  call(method: Method, path: string, data?: JsonObject): Promise<Answer> {
    return this.raw(method, `/v1/${path}`, data && JSON.stringify({ data }));
  }

  async raw(method: Method, path: string, body?: string): Promise<Answer> {
    const response = await this.#client.request({
      method,
      path,
      headers: this.token === '' ? {} : { 'x-auth-token': this.token },
      ...(body === undefined ? {} : { body }),
    });
    const parsed: unknown = JSON.parse(await response.body.text());
    if (typeof parsed !== 'object' || parsed === null) throw new Error('not an object');
    return { status: response.statusCode, body: { ...parsed } };
  }

  /** Rows of a list, or one object as the only row. */
  async rows(path: string): Promise<JsonObject[]> {
    const { data } = (await this.call('GET', path)).body;
    if (Array.isArray(data)) return data.filter(isObject);
    return isObject(data) ? [data] : [];
  }

  async one(path: string): Promise<JsonObject> {
    const [row] = await this.rows(path);
    if (!row) throw new Error(`nothing at ${path}`);
    return row;
  }

  async create(set: string, data: JsonObject): Promise<JsonObject> {
    const { status, body } = await this.call('POST', set, data);
    if (status !== 201 || !isObject(body['data'])) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body['data'];
  }

  /** Polls until a row looks as wanted. */
  async until(path: string, wanted: (row: JsonObject) => boolean): Promise<JsonObject> {
    for (let turn = 0; turn < 500; turn++) {
      const [row] = await this.rows(path);
      if (row && wanted(row)) return row;
      await systemClock.sleep(20);
    }
    throw new Error(`${path} never came to the wanted state`);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/** Status and the most specific code of a refusal. */
export function refusalOf({ status, body }: Answer): string {
  const { messages } = body;
  const last = Array.isArray(messages) ? messages.at(-1) : undefined;
  return `${status} ${isObject(last) ? String(last['code']) : 'none'}`;
}
