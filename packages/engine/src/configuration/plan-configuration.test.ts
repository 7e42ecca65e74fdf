import { describe, expect, it } from 'vitest';
import type { ConfigurationDocument, SystemEntry } from './document.ts';
import { planConfiguration } from './plan-configuration.ts';

const from = { env: 'PW' };
const empty: Required<ConfigurationDocument> = {
  ...{ apiVersion: 'leeward/v1', vcenters: [], arrays: [], repositories: [], jobs: [], channels: [] },
  settings: {},
};
const current: Required<ConfigurationDocument> = {
  apiVersion: 'leeward/v1',
  vcenters: [{ name: 'vc', host: 'a', port: 443, username: 'u', fingerprint: 'ab12' }],
  arrays: [{ name: 'site-b', family: 'x', host: 'b', port: 443, username: 'u', chap: { username: 'c' } }],
  repositories: [{ name: 'backups', path: '/b' }],
  jobs: [{ name: 'nightly', vms: ['v'], repository: 'backups', snapshotOnly: false, keepPoints: 3 }],
  channels: [
    {
      name: 'mail',
      enabled: true,
      rules: { topics: ['x'] },
      target: { kind: 'email', host: 'm', username: 'u' },
    },
    { name: 'hook', enabled: true, rules: {}, target: { kind: 'webhook', signed: true } },
  ],
  settings: { limits: { a: 1, b: 2 }, serverBackup: { repository: null } },
};

const plan = (wanted: Omit<ConfigurationDocument, 'apiVersion'>, known = current) =>
  planConfiguration({ apiVersion: 'leeward/v1', ...wanted }, known).steps;

describe('the plan of a configuration', () => {
  it('of what is so already is to do nothing', () => {
    const steps = plan(current);
    expect(steps.map(({ action }) => action)).toEqual(Array.from({ length: 7 }, () => 'unchanged'));
    expect(plan({ vcenters: [{ name: 'vc', fingerprint: 'AB:12' }] })[0]?.action).toBe('unchanged');
    expect(plan({})).toEqual([]);
  });

  it('makes what is not there, in the order in which it is needed, and names the secrets by their places', () => {
    const steps = plan(
      {
        vcenters: [{ name: 'vc', host: 'a', username: 'u', passwordFrom: from }],
        arrays: [
          {
            ...{ name: 's', family: 'x', host: 'b', username: 'u', passwordFrom: from },
            chap: { username: 'c', passwordFrom: { file: '/c' } },
          },
        ],
        repositories: [{ name: 'r', path: '/r', init: true, passwordFrom: from }],
        jobs: [{ name: 'j', vms: ['v'], repository: 'r', preScript: null }],
        settings: { serverBackup: { repository: 'r' } },
      },
      empty,
    );
    expect(steps.map(({ kind, action }) => `${action} ${kind}`)).toEqual([
      'create vcenter',
      'create array',
      'create repository',
      'create job',
      'change settings',
    ]);
    const [, array, repository, job] = steps;
    expect(array?.secrets).toEqual([
      { field: 'password', from },
      { field: 'chap.password', from: { file: '/c' } },
    ]);
    expect(array?.request?.body).toMatchObject({ name: 's', chap: { username: 'c' } });
    expect(repository?.request).toEqual({
      ...{ method: 'POST', path: '/repositories', body: { name: 'r', path: '/r', init: true } },
    });
    expect(job?.request?.body).toEqual({ name: 'j', vms: ['v'], repository: 'r' });
  });

  it('changes only what is other, and takes out what is null', () => {
    const jobs = [{ name: 'nightly', vms: ['v', 'w'], repository: 'backups', keepPoints: null }];
    const [job, settings] = plan({ jobs, settings: { limits: { a: 1, b: 3 } } });
    expect(job).toMatchObject({
      action: 'change',
      changes: [
        { field: 'vms', from: ['v'], to: ['v', 'w'] },
        { field: 'keepPoints', from: 3, to: null },
      ],
      request: { method: 'PATCH', path: '/jobs/nightly', body: { vms: ['v', 'w'], keepPoints: null } },
    });
    expect(settings?.request?.body).toEqual({ limits: { b: 3 } });
    expect(plan({ arrays: [{ name: 'site-b', chap: null }] })[0]?.request?.body).toEqual({ chap: null });
  });

  it('says all of CHAP: mutual CHAP comes, stays and goes with the document', () => {
    const fixed = { name: 'site-b', family: 'x', host: 'b', username: 'u' };
    const mutual = { username: 'm', passwordFrom: from };
    const chap = { username: 'c', passwordFrom: from, mutual };
    const [made] = plan({ arrays: [{ ...fixed, passwordFrom: from, chap }] }, empty);
    expect(made?.request?.body).toMatchObject({ chap: { username: 'c', mutual: { username: 'm' } } });
    expect(made?.secrets.map(({ field }) => field)).toEqual([
      ...['password', 'chap.password', 'chap.mutual.password'],
    ]);
    expect(() =>
      plan(
        { arrays: [{ ...fixed, passwordFrom: from, chap: { ...chap, mutual: { username: 'm' } } }] },
        empty,
      ),
    ).toThrow('chap.mutual of the array site-b is new and has no passwordFrom');
    const bodyOf = (wanted: SystemEntry['chap'], known: SystemEntry['chap']) => {
      const arrays = current.arrays.map((each) => ({ ...each, chap: known }));
      const [step] = plan({ arrays: [{ name: 'site-b', chap: wanted }] }, { ...current, arrays });
      return step?.action === 'unchanged' ? 'unchanged' : step?.request?.body;
    };
    const both = { username: 'c', mutual: { username: 'm' } };
    expect(bodyOf(chap, { username: 'c' })).toEqual({ chap: both });
    expect(bodyOf(chap, both)).toBe('unchanged');
    expect(bodyOf({ username: 'c' }, both)).toEqual({ chap: { username: 'c', mutual: null } });
  });

  it('knows channels, with the secrets of their targets', () => {
    const [mail, hook, fresh, ...gone] = plan({
      channels: [
        {
          name: 'mail',
          rules: { topics: ['x', 'y'] },
          target: { kind: 'email', host: 'n', passwordFrom: from },
        },
        { name: 'hook', target: { kind: 'webhook', urlFrom: from } },
        { name: 'chat', target: { kind: 'chat', style: 'slack', urlFrom: from } },
      ],
    });
    expect(mail?.request).toEqual({
      ...{ method: 'PATCH', path: '/notification-channels/mail' },
      body: { rules: { topics: ['x', 'y'] }, target: { kind: 'email', host: 'n' } },
    });
    expect(hook).toMatchObject({ action: 'unchanged', secrets: [{ field: 'target.url', from }] });
    expect(hook?.request?.body).toEqual({ target: { kind: 'webhook' } });
    expect(fresh?.request?.body).toEqual({ name: 'chat', target: { kind: 'chat', style: 'slack' } });
    expect(gone).toEqual([]);
    expect(plan({ channels: [] }).map(({ action, name }) => `${action} ${name}`)).toEqual([
      'surplus mail',
      'surplus hook',
    ]);
    expect(() => plan({ channels: [{ name: 'c', target: { kind: 'chat', style: 'teams' } }] })).toThrow(
      /urlFrom/,
    );
    expect(() => plan({ channels: [{ name: 'mail', target: { kind: 'syslog', host: 'x' } }] })).toThrow(
      /email/,
    );
  });

  it('names what is not in the document last, of kinds that it speaks of; jobs before what they need', () => {
    const steps = plan({ vcenters: [], arrays: [], repositories: [], jobs: [] });
    expect(
      steps.map(({ kind, name, action, request }) => [action, `${kind}/${name}`, request?.method]),
    ).toEqual([
      ['surplus', 'job/nightly', 'DELETE'],
      ['surplus', 'repository/backups', undefined],
      ['surplus', 'array/site-b', 'DELETE'],
      ['surplus', 'vcenter/vc', 'DELETE'],
    ]);
  });

  it('is refused with everything that is wrong', () => {
    const wrong = () =>
      plan({
        vcenters: [{ name: 'new', host: 'h', username: 'u' }],
        arrays: [{ name: 'site-b', family: 'y' }],
        jobs: [
          { name: 'nightly', vms: ['v'], repository: 'nowhere' },
          { name: 'nightly', vms: ['v'] },
        ],
      });
    const all = [
      'several entries for the job nightly',
      'job nightly names the repository nowhere',
      'vcenter new is new and has no passwordFrom',
      'family of the array site-b is "x" and cannot become "y"',
      'repository of the job nightly is "backups" and cannot become "nowhere"',
    ];
    for (const part of all)
      expect(wrong).toThrow(
        expect.objectContaining({ code: 'L-OPS-101', message: expect.stringContaining(part) }),
      );
  });
});
