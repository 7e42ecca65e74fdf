import { readFile } from 'node:fs/promises';
import { HttpsClient } from '@leeward/platform';
import { z } from 'zod';
import type { Site } from './site.ts';
import { until } from './until.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const rowSchema = z.looseObject({ id: z.string().optional(), name: z.string().optional() });
const nimbleAnswerSchema = z.looseObject({ data: z.unknown().optional() });
const ontapRecordsSchema = z.object({ records: z.array(z.looseObject({ uuid: z.string() })) });
const ontapAnswerSchema = z.looseObject({ job: z.object({ uuid: z.string() }).optional() });

/** What an administrator changes on an array over its own REST interface, beside Leeward. */
export interface Administrator {
  /** Waits for the array to have done it; throws its words when it refuses. */
  change(method: Method, path: string, body?: object): Promise<void>;
  /** Id (of a cluster: UUID) of the object of that name in a set. */
  idOf(set: string, name: string): Promise<string>;
  close(): Promise<void>;
}

export async function administratorOf(site: Site, name: string): Promise<Administrator> {
  const array = site.lab.arrays.find((each) => each.name === name);
  if (!array) throw new Error(`the lab has no array ${name}`);
  const password = (await readFile(array.passwordFile, 'utf8')).trim();
  const trust = { kind: 'fingerprint', sha256: array.fingerprint } as const;
  const client = new HttpsClient({ origin: `https://${array.host}:${array.port}`, trust });
  const send = async (method: Method, path: string, headers: Record<string, string>, body?: object) => {
    const answer = await client.request({
      ...{ method, path, headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text === '' ? '{}' : text) as unknown;
  };
  const { username } = array;
  if (array.family === 'ontap') {
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const headers = { authorization, accept: 'application/json' };
    const change = async (method: Method, path: string, body?: object) => {
      const { job } = ontapAnswerSchema.parse(await send(method, `/api${path}`, headers, body));
      if (!job) return;
      await until(`${method} ${path}`, async () => {
        const seen = await send('GET', `/api/cluster/jobs/${job.uuid}?fields=*`, headers);
        const { state } = z.looseObject({ state: z.string() }).parse(seen);
        if (state === 'failure') throw new Error(`${method} ${path}: ${JSON.stringify(seen)}`);
        return state === 'success';
      });
    };
    const idOf = async (set: string, name: string) => {
      const { records } = ontapRecordsSchema.parse(
        await send('GET', `/api/${set}?name=${encodeURIComponent(name)}`, headers),
      );
      const [found] = records;
      if (!found) throw new Error(`no ${name} in ${set}`);
      return found.uuid;
    };
    return { change, idOf, close: () => client.close() };
  }
  const login = { data: { username, password, app_name: 'test' } };
  const session = z
    .object({ data: z.looseObject({ session_token: z.string() }) })
    .parse(await send('POST', '/v1/tokens', {}, login));
  const headers = { 'x-auth-token': session.data.session_token };
  return {
    change: async (method, path, body) => {
      await send(method, `/v1${path}`, headers, body && { data: body });
    },
    idOf: async (set, name) => {
      const { data } = nimbleAnswerSchema.parse(await send('GET', `/v1/${set}/detail`, headers));
      const found = z
        .array(rowSchema)
        .parse(data)
        .find((row) => row.name === name);
      if (!found?.id) throw new Error(`no ${name} in ${set}`);
      return found.id;
    },
    close: () => client.close(),
  };
}
