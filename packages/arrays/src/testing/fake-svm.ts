import { z } from 'zod';
import type { FakeAnswer, FakeRequest } from './rest-fake.ts';

export const fakeSerial = '00000000-0000-4000-8000-000000000009';
const serial = fakeSerial;
const svm = { name: 'svm_dr', uuid: '00000000-0000-4000-8000-000000000006' };

type Rule = Record<string, unknown> & { index: number };
const sentSchema = z.looseObject({
  name: z.string().optional(),
  nas: z.object({ path: z.string(), export_policy: z.object({ name: z.string() }).optional() }).optional(),
});

interface FakeVolume {
  uuid: string;
  name: string;
  nas: { path?: string; export_policy: { name: string; id: number } };
  [key: string]: unknown;
}

/** A rule of the administrator that has nothing to do with the proxy. */
export const esxRule: Rule = {
  index: 1,
  clients: [{ match: '198.51.100.0/24' }],
  protocols: ['nfs3'],
  ro_rule: ['sys'],
  rw_rule: ['sys'],
  superuser: ['sys'],
  anonymous_user: '65534',
};

/**
 * One SVM, as far as presentations see it: root volume with an empty policy, `ds1` at `/dc/ds1` below the volume `dc`.
 */
export class FakeSvm {
  readonly policies = new Map<number, { name: string; rules: Rule[] }>([
    [1, { name: 'default', rules: [] }],
    [2, { name: 'vmware', rules: [{ ...esxRule }] }],
  ]);
  readonly volumes: FakeVolume[] = [
    this.#mounted('root', '/', 1),
    this.#mounted('dc', '/dc', 1),
    this.#mounted('ds1', '/dc/ds1', 2),
  ];
  licences = ['nfs', 'flexclone'];
  /** Cuts the connection at the nth changing call, after acting. */
  loseAt = 0;
  #changes = 0;
  #nextPolicy = 100;

  get ds1(): FakeVolume {
    return this.volumes[2] as FakeVolume;
  }

  /** All that the administrator sees. */
  view(): string {
    return JSON.stringify([[...this.policies], this.volumes]);
  }

  answer(request: FakeRequest): FakeAnswer {
    if (request.method === 'GET') return this.#read(request);
    const answer = this.#change(request);
    return ++this.#changes === this.loseAt ? 'cut' : answer;
  }

  resetCounter(loseAt: number): void {
    this.#changes = 0;
    this.loseAt = loseAt;
  }

  #read({ path, query }: FakeRequest): FakeAnswer {
    const list = (records: unknown[]) => ({ status: 200, body: { records } });
    const name = query.get('name');
    const rules = /export-policies\/(\d+)\/rules$/.exec(path);
    if (rules) return list(this.policies.get(Number(rules[1]))?.rules ?? []);
    if (path.endsWith('/snapshots'))
      return list([{ uuid: 's', name: 'leeward_s', create_time: '2026-01-01T00:00:00Z' }]);
    if (path === '/api/cluster')
      return {
        status: 200,
        body: { name: 'sec', uuid: serial, version: { full: '', generation: 9, major: 14, minor: 1 } },
      };
    if (path.startsWith('/api/protocols/nfs/services/')) return { status: 200, body: { svm, enabled: true } };
    if (path === '/api/network/ip/interfaces')
      return list(
        ['203.0.113.1', '192.0.2.31'].map((address) => ({
          uuid: address,
          name: address,
          ip: { address },
          state: 'up',
          services: ['data_nfs'],
          svm,
        })),
      );
    if (path === '/api/cluster/licensing/licenses')
      return list(this.licences.map((licence) => ({ name: licence })));
    if (path === '/api/storage/volumes')
      return list(this.volumes.filter((volume) => name === null || volume.name === name));
    if (path === '/api/protocols/nfs/export-policies')
      return list(
        [...this.policies]
          .filter(([, policy]) => name === null || policy.name === name)
          .map(([id, policy]) => ({ id, name: policy.name, svm })),
      );
    const volume = this.volumes.find(({ uuid }) => path.endsWith(uuid));
    return volume ? { status: 200, body: volume } : { status: 404, body: { error: { code: '4' } } };
  }

  #change({ method, path, body }: FakeRequest): FakeAnswer {
    const sent = sentSchema.parse(body ?? {});
    const rule = /export-policies\/(\d+)\/rules(?:\/(\d+))?$/.exec(path);
    if (rule) {
      const rules = this.policies.get(Number(rule[1]))?.rules ?? [];
      if (method === 'POST')
        rules.push({ ...sent, index: Math.max(0, ...rules.map(({ index }) => index)) + 1 });
      else this.#drop(rules, Number(rule[2]));
      return { status: 201 };
    }
    if (path === '/api/protocols/nfs/export-policies') {
      this.policies.set(this.#nextPolicy++, { name: sent.name ?? '', rules: [] });
      return { status: 201 };
    }
    const policy = /export-policies\/(\d+)$/.exec(path);
    if (policy) {
      if (this.volumes.some(({ nas }) => nas.export_policy.id === Number(policy[1])))
        return { status: 409, body: { error: { code: '1703945', message: 'in use' } } };
      this.policies.delete(Number(policy[1]));
      return { status: 200 };
    }
    if (method === 'POST') {
      const mountedAt = sent.nas?.path ?? '';
      const policyName = sent.nas?.export_policy?.name ?? '';
      const id = [...this.policies].find(([, { name }]) => name === policyName)?.[0] ?? 0;
      const clone = this.#mounted(sent.name ?? '', mountedAt, id);
      this.volumes.push({ ...clone, ...sent, nas: clone.nas });
      return { status: 201 };
    }
    const volume = this.volumes.find(({ uuid }) => path.endsWith(uuid));
    if (!volume) return { status: 404, body: { error: { code: '4' } } };
    if (method === 'PATCH') delete volume.nas.path;
    else this.volumes.splice(this.volumes.indexOf(volume), 1);
    return { status: 200 };
  }

  /** As ONTAP may: the rules behind move up. */
  #drop(rules: Rule[], index: number): void {
    const place = rules.findIndex((rule) => rule.index === index);
    if (place >= 0) rules.splice(place, 1);
    for (const rule of rules.slice(Math.max(0, place))) rule.index--;
  }

  #mounted(name: string, path: string, id: number): FakeVolume {
    const policy = this.policies.get(id)?.name ?? '';
    const uuid = `uuid-${name}`;
    return {
      uuid,
      name,
      svm,
      type: 'dp',
      state: 'online',
      nas: { path, export_policy: { name: policy, id } },
    };
  }
}
