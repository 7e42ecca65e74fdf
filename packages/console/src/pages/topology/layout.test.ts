import { LeewardError, reportOf } from '@leeward/core';
import type { TopologyPath } from '@leeward/core/words/topology';
import { describe, expect, it } from 'vitest';
import { nodePx, topologyPicture } from './layout.ts';

const relation = {
  ...{ kind: 'transfer', policy: 'vault', policyName: 'Vault', state: 'active', healthy: true, lagMs: 5_000 },
};
const primary = { array: 'a', tenant: 'svm', volume: 'vol1' };
const secondary = { array: 'b', tenant: 'svm', volume: 'vol1_dst' };
const usable = (vm: string): TopologyPath => ({
  ...{ vm, vmPath: `/DC/vm/${vm}`, datastore: 'ds1', primary, relation, secondary, proxies: ['local'] },
});
const problem = reportOf(new LeewardError('L-SRC-101', {}));

const edgesOf = (paths: readonly TopologyPath[]) =>
  topologyPicture(paths, () => ['backups']).edges.map(({ from, to }) => `${from.title} > ${to.title}`);

describe('the picture of the topology', () => {
  it('has each thing once, and the whole way from VM to repository', () => {
    expect(edgesOf([usable('web'), usable('db')])).toEqual([
      'web > ds1',
      'ds1 > vol1',
      'vol1 > vol1_dst',
      'vol1_dst > local',
      'local > backups',
      'db > ds1',
    ]);
  });

  it('tells on the edge why a VM cannot be read from a secondary', () => {
    const lost: TopologyPath = {
      vm: 'x',
      vmPath: '/DC/vm/x',
      datastore: 'ds2',
      primary,
      proxies: [],
      problem,
    };
    const edge = topologyPicture([lost], () => []).edges.at(-1);
    expect([edge?.from.title, edge?.to.title, edge?.problem?.code]).toEqual([
      'vol1',
      'not from a secondary',
      'L-SRC-101',
    ]);
  });

  it('draws a way as usable when one path over it is, and goes by way of a cascade', () => {
    const bad = { ...usable('db'), problem };
    const [, , edge] = topologyPicture([bad, usable('web')], () => []).edges;
    expect(edge?.problem).toBeUndefined();
    const cascade = { ...usable('web'), via: [{ ...secondary, volume: 'middle' }] };
    expect(edgesOf([cascade])).toContain('middle > vol1_dst');
  });

  it('lets no two nodes lie on each other, and all within the picture', () => {
    const paths = Array.from({ length: 30 }, (_, at) => ({
      ...usable(`vm-${at}`),
      datastore: `ds${at % 7}`,
    }));
    const { nodes, width, height } = topologyPicture(paths, () => ['backups']);
    expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(nodes.length);
    for (const { x, y } of nodes) {
      expect(x + nodePx.width).toBeLessThanOrEqual(width);
      expect(y + nodePx.height).toBeLessThanOrEqual(height);
    }
  });
});
