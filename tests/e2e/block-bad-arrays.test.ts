import type { ProxyView } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { administratorOf } from './support/administrator.ts';
import { doorTo, registerWithChap, startBlockSite } from './support/block-site.ts';
import { FailingRuns } from './support/failing-runs.ts';
import { proxySessions } from './support/iscsi-sessions.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, compareRestores } from './support/runs.ts';
import { beforeProxyReads, duringReads, shownLun } from './support/shown-luns.ts';
import type { Site } from './support/site.ts';

const chap = { username: 'leeward-proxy', password: 'right-secret-1' };
const clusterVm = 'Büro [alt] Server 01';
const groupVm = 'web-01';

describe('what a run gets from an array that goes wrong over iSCSI', () => {
  let site: Site;
  let runs: FailingRuns;
  let before: Before;

  beforeAll(async () => {
    site = await startBlockSite({ size: 0.05, scenario: 'full' });
    await registerWithChap(site, 'nimble-b', chap);
    before = await lookAround(site);
    runs = new FailingRuns(site, before);
  });
  afterAll(() => site?.stop());

  const cluster = (action: object) => doorTo(site, 'ontap-b').post('/actions', action);

  /** So that no session at the end says something. */
  const isLoggedIn = async (name: 'ontap-b' | 'nimble-b') => {
    const sessions = await proxySessions(site);
    expect(sessions.filter((each) => each.startsWith(`${name}: `))).not.toEqual([]);
  };

  it('LUN not mapped any more when the proxy comes', async () => {
    const meanwhile = () =>
      beforeProxyReads(site, async () => {
        await cluster({ action: 'unmapLun', ...(await shownLun(site, 'ontap-b')) });
      });
    expect(await runs.failsAlone([clusterVm, groupVm], meanwhile)).toBe('L-BLK-201');
  });

  it('CHAP refused: the administrator made the user with another secret', async () => {
    const administrator = await administratorOf(site, 'nimble-b');
    const theirs = { name: chap.username, password: 'other-secret-2', description: 'by hand' };
    await administrator.change('POST', '/chap_users', theirs);
    onTestFinished(async () => {
      const id = await administrator.idOf('chap_users', chap.username);
      await administrator.change('DELETE', `/chap_users/${id}`);
      await administrator.close();
    });
    expect(await runs.failsAlone([groupVm, clusterVm])).toBe('L-BLK-102');
  });

  it('a CHAP secret that is edited goes to the array by itself, also to a user that is left there', async () => {
    const administrator = await administratorOf(site, 'nimble-b');
    const left = { name: chap.username, password: 'a-former-secret', description: 'leeward' };
    await administrator.change('POST', '/chap_users', left);
    await administrator.close();
    await site.api.patch('/arrays/nimble-b', { chap: { password: 'edited-secret-3' } });
    onTestFinished(async () => {
      await site.api.patch('/arrays/nimble-b', { chap: { password: chap.password } });
    });
    const meanwhile = () => duringReads(site, 'nimble-b', { nth: 1 }, () => isLoggedIn('nimble-b'));
    const view = await runs.run(await runs.job([groupVm]), meanwhile);
    expect(view.vms.map(({ state, problem }) => [state, problem?.code])).toEqual([['success', undefined]]);
    // Of the logins nothing is left either.
    expect(await leftovers(site, before)).toEqual([]);
    await expect.poll(() => proxySessions(site)).toEqual([]);
  }, 120_000);

  it.each([
    ['gone', (lun: object) => ({ action: 'unmapLun', ...lun }), 'L-BLK-202'],
    ['resized', (lun: object) => ({ action: 'resizeLun', ...lun, sizeBytes: 8 * 1024 ** 3 }), 'L-BLK-203'],
  ] as const)(
    'LUN %s during the read',
    async (_what, action, code) => {
      const change = async () => {
        await isLoggedIn('ontap-b');
        await cluster(action(await shownLun(site, 'ontap-b')));
      };
      const meanwhile = () => duringReads(site, 'ontap-b', { nth: 60 }, change);
      expect(await runs.failsAlone([clusterVm, groupVm], meanwhile)).toBe(code);
    },
    120_000,
  );

  it('mutual CHAP: the array proves itself; one that cannot is not read', async () => {
    const mutual = { username: 'cluster-b', password: 'mutual-secret-4' };
    await site.api.patch('/arrays/ontap-b', { chap: { ...chap, mutual } });
    const administrator = await administratorOf(site, 'ontap-b');
    onTestFinished(async () => {
      await administrator.close();
      await site.api.patch('/arrays/ontap-b', { chap: null });
    });
    let svm = '';
    const meanwhile = () =>
      duringReads(site, 'ontap-b', { nth: 1 }, async () => {
        await isLoggedIn('ontap-b');
        svm = (await shownLun(site, 'ontap-b')).svm;
      });
    const view = await runs.run(await runs.job([clusterVm]), meanwhile);
    expect([view.run.state, codesOf(view)]).toEqual(['success', []]);
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
    expect(await leftovers(site, before)).toEqual([]);
    // Another device that knows what proxies log in with, and not what the array proves itself with.
    const [proxy] = await site.api.get<ProxyView[]>('/proxies');
    const initiator = proxy?.initiatorName ?? '';
    const inbound = { user: chap.username, password: chap.password };
    const outbound = { user: mutual.username, password: 'another-secret-5' };
    const path = '/protocols/san/iscsi/credentials';
    const entry = { svm: { name: svm }, initiator, authentication_type: 'chap' };
    await administrator.change('POST', path, { ...entry, chap: { inbound, outbound } });
    const place = [await administrator.idOf('svm/svms', svm), initiator].map(encodeURIComponent).join('/');
    try {
      // The entry is the administrator's, and stays.
      const view = await runs.run(await runs.job([clusterVm]));
      expect(codesOf(view)).toEqual(['run L-RUN-106', `${clusterVm} L-BLK-104`]);
    } finally {
      await administrator.change('DELETE', `${path}/${place}`);
    }
    expect(await leftovers(site, before)).toEqual([]);
    await expect.poll(() => proxySessions(site)).toEqual([]);
  }, 240_000);
});
