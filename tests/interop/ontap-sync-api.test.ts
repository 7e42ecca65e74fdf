import { isDeclared } from '@leeward/arrays/ontap/permissions';
import type { RestExchange } from '@leeward/arrays/rest/exchange';
import { describeSyncSnapshots } from '@leeward/arrays/testing/contract-sync';
import { describe, expect, it } from 'vitest';
import { OntapDescription } from './ontap-driver-description.ts';
import { makeOntapSyncWorld, type SyncWorldOptions } from './ontap-sync-world.ts';

const fixture =
  process.env['LEEWARD_ONTAP_DESCRIPTION'] ?? new URL('fixtures/ontap-openapi-subset.json', import.meta.url);
const description = new OntapDescription(fixture);
console.log('judge: ONTAP interface description 9.17.1 (subset) ran');

/** Releases, policies, and what is not known of the real system the other way round. */
const variants: readonly (readonly [string, string, SyncWorldOptions])[] = [
  ['Sync and active sync', '9.14.1', {}],
  [
    'strict, and labels needed as before 9.14.1',
    '9.12.1',
    { policies: { alone: 'StrictSync', together: 'afo_labelled' }, label: 'app_consistent' },
  ],
  [
    'symmetric active sync; deletions stay on their side, halves show late, jobs take longer',
    '9.17.1',
    {
      policies: { alone: 'StrictSync', together: 'AutomatedFailOverDuplex' },
      change: (_side, config) => {
        config.behaviour = {
          ...config.behaviour,
          operationMs: 40,
          sync: { pulseMs: 50, deletes: 'source', destinationDelete: 'allowed', replicaDelayMs: 60 },
        };
      },
    },
  ],
];

describe.each(variants)('%s', (name, version, options) => {
  let exchanges: readonly RestExchange[] = [];
  describeSyncSnapshots(`ONTAP ${version}, ${name}`, async () => {
    const world = await makeOntapSyncWorld(version, options);
    exchanges = world.exchanges;
    return world;
  });

  it('all requests and answers are as the description says, and within the declared permissions', () => {
    expect(exchanges.length).toBeGreaterThan(500);
    const problems = exchanges.flatMap((exchange) => description.problemsOf(exchange));
    expect([...new Set(problems.map(withoutIds))]).toEqual([]);
    const undeclared = exchanges.filter(({ method, path }) => !isDeclared(method, path));
    expect(undeclared.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });
});

function withoutIds(problem: string): string {
  return problem.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{6,}/g, '*');
}
