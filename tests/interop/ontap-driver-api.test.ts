import { isDeclared } from '@leeward/arrays/ontap/permissions';
import type { RestExchange } from '@leeward/arrays/rest/exchange';
import { describeArrayDriver } from '@leeward/arrays/testing/array-driver-contract';
import { describe, expect, it } from 'vitest';
import { OntapDescription } from './ontap-driver-description.ts';
import { makeOntapWorld } from './ontap-driver-world.ts';

const fixture =
  process.env['LEEWARD_ONTAP_DESCRIPTION'] ?? new URL('fixtures/ontap-openapi-subset.json', import.meta.url);
const description = new OntapDescription(fixture);
console.log('judge: ONTAP interface description 9.17.1 (subset) ran');

/** The contract on every generation of the interface; then all that was said is judged. */
describe.each(['9.10.1', '9.12.1', '9.14.1', '9.16.1', '9.17.1'])('ONTAP %s', (version) => {
  let exchanges: readonly RestExchange[] = [];
  describeArrayDriver(
    version,
    async () => {
      const world = await makeOntapWorld(version);
      exchanges = world.exchanges;
      return world;
    },
    version === '9.10.1' ? ['consistency groups'] : [],
  );

  it('all requests and answers are as the description says', () => {
    expect(exchanges.length).toBeGreaterThan(500);
    const problems = exchanges.flatMap((exchange) => description.problemsOf(exchange));
    expect([...new Set(problems.map(withoutIds))]).toEqual([]);
  });

  it('no request is outside the declared permissions, and none is ZAPI', () => {
    const undeclared = exchanges.filter(({ method, path }) => !isDeclared(method, path));
    expect(undeclared.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    expect(exchanges.filter(({ path }) => path.includes('/servlets/'))).toEqual([]);
  });
});

describe('the judge itself', () => {
  const get = (path: string, responseBody: unknown = {}) => ({
    method: 'GET',
    path,
    status: 200,
    responseBody,
  });

  it.each([
    ['an unknown path', get('/api/storage/nothing')],
    ['an unknown field', get('/api/storage/volumes?fields=nas.paths')],
    ['an unknown query', get('/api/storage/volumes?nam=x')],
    ['an unknown key in an answer', get('/api/storage/volumes', { records: [{ nmae: 'x' }] })],
    ['a wrong type in an answer', get('/api/storage/volumes', { records: [{ size: 'big' }] })],
    [
      'an unknown key in a request',
      { method: 'POST', path: '/api/storage/volumes', requestBody: { nmae: 'x' } },
    ],
    ['an undescribed status', { method: 'POST', path: '/api/protocols/nfs/export-policies', status: 202 }],
  ])('sees %s', (_, exchange) => {
    expect(description.problemsOf(exchange)).toHaveLength(1);
  });

  it('has nothing against what is right', () => {
    const records = [{ uuid: 'u', name: 'v', nas: { path: '/v' } }];
    expect(
      description.problemsOf(get('/api/storage/volumes?fields=nas.path&svm.name=x', { records })),
    ).toEqual([]);
  });
});

function withoutIds(problem: string): string {
  return problem.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{6,}/g, '*');
}
