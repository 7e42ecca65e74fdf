import { execFileSync } from 'node:child_process';
import { isDeclared } from '@leeward/arrays/nimble/permissions';
import type { RestExchange } from '@leeward/arrays/rest/exchange';
import { describeArrayDriver } from '@leeward/arrays/testing/array-driver-contract';
import { describeSyncSnapshots } from '@leeward/arrays/testing/contract-sync';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeNimbleWorld } from './nimble-driver-world.ts';
import { makeNimbleSyncWorld } from './nimble-sync-world.ts';

/** Prints, for each set of the vendor's SDK, the attributes that it documents and the operations that it refuses. */
const askSdk = `
import importlib, inspect, json, pkgutil, re
import nimbleclient, nimbleclient.v1.api as api
from nimbleclient.resource import Collection, Resource
from nimbleclient.exceptions import NimOSAPIOperationUnsupported
sets = {}
for module in pkgutil.iter_modules(api.__path__):
    found = importlib.import_module('nimbleclient.v1.api.' + module.name)
    for _, each in inspect.getmembers(found, inspect.isclass):
        if not issubclass(each, Collection) or not isinstance(each.resource_type, str): continue
        text = inspect.getdoc(each.resource) or ''
        names = re.findall(r'^(\\w+)\\s*: ', text, re.M)
        refused = [name for name in ('create', 'update', 'delete')
                   if 'NimOSAPIOperationUnsupported' in inspect.getsource(getattr(each, name))]
        sets[each.resource_type] = {'attributes': names, 'refused': refused}
print(json.dumps({'version': nimbleclient.__version__, 'sets': sets}))
`;

const sdkSchema = z.object({
  version: z.string(),
  sets: z.record(z.string(), z.object({ attributes: z.array(z.string()), refused: z.array(z.string()) })),
});
type Sdk = z.infer<typeof sdkSchema>;

function readSdk(): Sdk | undefined {
  try {
    const told = execFileSync('python3', ['-c', askSdk], { stdio: ['ignore', 'pipe', 'ignore'] });
    return sdkSchema.parse(JSON.parse(told.toString()));
  } catch {
    return undefined;
  }
}

const sdk = readSdk();
console.log(`judge: nimble-sdk ${sdk?.version ?? ''} ${sdk ? 'ran' : 'absent'}`);

const operations: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', DELETE: 'delete' };
const paging = new Set(['startRow', 'endRow', 'pageSize', 'fields', 'sortBy']);

/** What the vendor's SDK does not know of a request. */
function problemsOf({ sets }: Sdk, { method, path, requestBody }: RestExchange): string[] {
  const url = new URL(path, 'https://array');
  const [, , name = ''] = url.pathname.split('/');
  const set = sets[name];
  if (!set) return [`no set ${name}`];
  const known = new Set(set.attributes);
  const operation = operations[method];
  const data = z.object({ data: z.record(z.string(), z.unknown()) }).safeParse(requestBody).data?.data ?? {};
  const asked = [...url.searchParams.keys()].filter((key) => !paging.has(key));
  return [
    ...(operation !== undefined && set.refused.includes(operation) ? [`${name} have no ${operation}`] : []),
    ...Object.keys(data).flatMap((key) => (known.has(key) ? [] : [`${method} ${name}: unknown key ${key}`])),
    ...asked.flatMap((key) => (known.has(key) ? [] : [`${name}: unknown filter ${key}`])),
  ];
}

describe.skipIf(!sdk)('all that the driver says, judged by the vendor’s SDK', () => {
  const seen: (readonly RestExchange[])[] = [];
  describeArrayDriver('NimbleOS under the judge', async () => {
    const world = await makeNimbleWorld();
    seen.push(world.exchanges);
    return world;
  }, ['NFS']);
  describeSyncSnapshots('NimbleOS under the judge', async () => {
    const world = await makeNimbleSyncWorld();
    seen.push(world.exchanges);
    return world;
  });

  it('uses sets, operations, keys and filters that exist', () => {
    expect(seen.map((exchanges) => exchanges.length > 500)).toEqual([true, true]);
    const problems = seen.flat().flatMap((exchange) => (sdk ? problemsOf(sdk, exchange) : []));
    expect([...new Set(problems)]).toEqual([]);
  });

  it('asks for nothing outside of what it declares', () => {
    const undeclared = seen.flat().filter(({ method, path }) => !isDeclared(method, path));
    expect(undeclared.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it.each([
    ['an unknown set', { method: 'GET', path: '/v1/nothing' }],
    ['an unknown filter', { method: 'GET', path: '/v1/volumes/detail?nmae=x' }],
    ['an unknown key', { method: 'POST', path: '/v1/volumes', requestBody: { data: { nmae: 'x' } } }],
    ['an operation that is not there', { method: 'PUT', path: '/v1/access_control_records/1' }],
  ])('sees %s', (_, exchange) => {
    expect(sdk ? problemsOf(sdk, exchange) : []).toHaveLength(1);
  });
});
