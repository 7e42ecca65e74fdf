import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock } from '@leeward/platform';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { childOf } from '../codec/xml-element.ts';
import { type Rig, startRig } from '../testing/rig.ts';

const tls = await createSelfSignedCertificate({
  commonName: 'x',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
let rig: Rig;
beforeEach(async () => {
  rig = await startRig(tls);
});
afterEach(() => rig.close());

test('the cookie of the session, the same for all; another one only when that one was refused', async () => {
  const { client, fake } = rig;
  const cookies = await Promise.all([client.folderCookie(), client.folderCookie(), client.folderCookie()]);
  expect(new Set(cookies).size).toBe(1);
  const [first = ''] = cookies;
  expect(first).toMatch(/^vmware_soap_session=/);
  expect(fake.countOf('Login')).toBe(1);
  expect(await client.folderCookie('vmware_soap_session="long ago"')).toBe(first);
  const renewed = await Promise.all([client.folderCookie(first), client.folderCookie(first)]);
  expect(fake.countOf('Login')).toBe(2);
  expect(new Set(renewed).size).toBe(1);
  expect(renewed[0]).not.toBe(first);
});

test('a ticket for one request, also when the session is lost', async () => {
  const { client, fake } = rig;
  fake.handlers.set('AcquireGenericServiceTicket', ({ body, cookie }) => {
    const spec = childOf(body, 'spec');
    const text = (name: string) => childOf(spec ?? body, name)?.text ?? '';
    return `<returnval><id>${text('method')} ${text('url').replaceAll('&', '&amp;')} ${cookie.length > 0}</id><hostName>esx1</hostName><sslThumbprint>AB:01</sslThumbprint><certThumbprintList><thumbprint>cd02</thumbprint><hashAlgorithm>sha256</hashAlgorithm></certThumbprintList></returnval>`;
  });
  const url = 'https://esx1/folder/a%20b.vmdk?dsName=x&y=z';
  expect(await client.folderTicket({ method: 'GET', url })).toEqual({
    id: `httpGet ${url} true`,
    fingerprints: ['ab01', 'cd02'],
  });
  fake.endSessions();
  expect(await client.folderTicket({ method: 'HEAD', url })).toMatchObject({ id: `httpHead ${url} true` });
  expect(fake.calls.find(({ method }) => method === 'AcquireGenericServiceTicket')?.text).toMatch(
    /type="SessionManagerHttpServiceRequestSpec"><(\w+:)?method>httpGet<.*<(\w+:)?url>/,
  );
});
