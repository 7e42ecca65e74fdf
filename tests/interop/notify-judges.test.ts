import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Message } from '@leeward/engine/notify/message';
import { type Mail, type MailServer, sendEmail } from '@leeward/engine/notify/send-email';
import { sendSyslog } from '@leeward/engine/notify/send-syslog';
import { syslogLine } from '@leeward/engine/notify/syslog-line';
import { runReportHtml } from '@leeward/engine/reports/run-report-html';
import { systemClock } from '@leeward/platform';
import { makeSelfSignedCertificate } from '@leeward/platform/tls/self-signed';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../free-port.ts';
import { pythonModuleVersion } from './python-module.ts';

/** Debian has it where only administrators look. */
const withSbin = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` };

const aiosmtpd = pythonModuleVersion('aiosmtpd');
console.log(`judge: aiosmtpd ${aiosmtpd === undefined ? 'absent' : `${aiosmtpd} ran`}`);
const rsyslog = versionOfRsyslog();
console.log(`judge: rsyslog ${rsyslog === undefined ? 'absent' : `${rsyslog} ran`}`);

function versionOfRsyslog(): string | undefined {
  try {
    return /rsyslogd\s+(\S+)/.exec(
      execFileSync('rsyslogd', ['-v'], { encoding: 'utf8', env: withSbin }),
    )?.[1];
  } catch {
    return undefined;
  }
}

let folder = '';
let certificate: Awaited<ReturnType<typeof makeSelfSignedCertificate>>;
const children = new Set<ChildProcess>();
const never = new AbortController().signal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-notify-'));
  certificate = await makeSelfSignedCertificate({
    ...{
      organisation: 'Test',
      commonName: 'localhost',
      altNames: ['localhost', '127.0.0.1'],
      clock: systemClock,
    },
  });
  await writeFile(join(folder, 'cert.pem'), certificate.certificatePem);
  await writeFile(join(folder, 'key.pem'), certificate.keyPem, { mode: 0o600 });
});
afterEach(async () => {
  await Promise.all(
    [...children].map(
      (child) =>
        new Promise<void>((done) => {
          if (child.exitCode !== null || child.signalCode !== null) return done();
          child.once('exit', () => done());
          child.kill('SIGKILL');
        }),
    ),
  );
  children.clear();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const report = runReportHtml({
  ...{ runId: 'r1', kind: 'backup', jobId: 'j', jobName: 'Büro <nightly>', state: 'success' },
  ...{ startedAt: '2026-11-26T22:00:00.000Z', endedAt: '2026-11-26T22:10:00.000Z', durationMs: 600_000 },
  counts: { total: 0, success: 0, warning: 0, failed: 0 },
  bytes: { provisioned: 0, changed: 0, read: 0, stored: 0 },
  stageTimes: { sourceMs: 0, proxyMs: 0, repositoryMs: 0 },
  sources: { secondary: 0, primary: 0, standard: 0 },
  ...{ vms: [], storageSnapshots: [], open: 0, warnings: [] },
});

const mail: Mail = {
  from: 'leeward@example.org',
  to: ['ops@example.org', 'büro@example.org'].slice(0, 1),
  subject: '[Leeward] success: Backup "Büro\r\nBcc: x@example.org" ended',
  text: 'Zeile 1\n.\nZeile 3',
  html: report,
  id: 'run-r1-c1',
  attachments: [{ name: 'run-r1.json', type: 'application/json', content: '{"a":1}' }],
};

describe.skipIf(aiosmtpd === undefined)('mails to aiosmtpd', () => {
  interface Received {
    readonly from: string;
    readonly to: readonly string[];
    readonly subject: string;
    readonly messageId: string;
    readonly defects: readonly string[];
    readonly tls: boolean;
    readonly user: string | null;
    readonly parts: readonly {
      readonly type: string;
      readonly name: string | null;
      readonly content: string;
    }[];
  }

  /** A server and the lines that it tells. */
  async function server(mode: MailServer['security']) {
    const program = fileURLToPath(new URL('notify-smtp-server.py', import.meta.url));
    const options = [mode, join(folder, 'cert.pem'), join(folder, 'key.pem'), 'leeward', 'right-pass'];
    const child = spawn('python3', [program, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.add(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async <T>() => JSON.parse((await lines.next()).value ?? 'null') as T;
    const { port } = await next<{ port: number }>();
    const place: MailServer = { host: 'localhost', port, security: mode, caPem: certificate.certificatePem };
    return { place, next };
  }

  const account = { username: 'leeward', password: 'right-pass' };
  const plain = (text = '') => text.replaceAll('\r\n', '\n').trim();

  it.each(['starttls', 'tls'] as const)(
    'arrive over %s, signed in, whole, and nothing is smuggled in',
    async (mode) => {
      const { place, next } = await server(mode);
      await sendEmail({ ...place, account }, mail, never);
      const got = await next<Received>();
      expect(got).toMatchObject({
        ...{ from: mail.from, to: mail.to, tls: true, user: 'leeward', defects: [] },
        messageId: '<run-r1-c1@leeward>',
      });
      expect(got.subject.replace(/\s+/g, ' ')).toBe(
        '[Leeward] success: Backup "Büro Bcc: x@example.org" ended',
      );
      expect(got.parts.map(({ type, name }) => [type, name])).toEqual([
        ['text/plain', null],
        ['text/html', null],
        ['application/json', 'run-r1.json'],
      ]);
      expect(plain(got.parts[0]?.content)).toBe(mail.text);
      expect(plain(got.parts[1]?.content)).toBe(report.trim());
    },
  );

  it('a certificate that is not trusted stops it before the password is sent', async () => {
    const { place } = await server('tls');
    const { caPem: _, ...untrusting } = place;
    await expect(sendEmail({ ...untrusting, account }, mail, never)).rejects.toMatchObject({
      code: 'L-NTF-101',
    });
    const otherName = { ...place, host: '127.0.0.2', account };
    await expect(sendEmail(otherName, mail, never)).rejects.toMatchObject({ code: 'L-NTF-101' });
  });

  it('a server that offers no STARTTLS gets nothing', async () => {
    const { place } = await server('none');
    const demanding = { ...place, security: 'starttls' as const };
    await expect(sendEmail(demanding, mail, never)).rejects.toMatchObject({ code: 'L-NTF-101' });
    await sendEmail(place, mail, never);
  });

  it.each([
    [{ account: { username: 'leeward', password: 'wrong' } }, {}, 'L-NTF-102'],
    [{ account }, { to: ['nobody@example.org'] }, 'L-NTF-102'],
    [{ account }, { to: ['later@example.org'] }, 'L-NTF-101'],
  ])('refusals are told apart from what may pass: %o %o', async (server_, mail_, code) => {
    const { place } = await server('starttls');
    const sent = sendEmail({ ...place, ...server_ }, { ...mail, ...mail_ }, never);
    await expect(sent).rejects.toMatchObject({ code });
    await expect(sent).rejects.not.toThrow(/wrong/);
  });
});

describe.skipIf(rsyslog === undefined)('lines to rsyslog', () => {
  const message: Message = {
    ...{ id: 'run-r1', topics: ['run'], severity: 'failure', at: '2026-11-26T22:10:00.000Z', runId: 'r1' },
    title: 'Backup "Büro" failed',
    lines: ['0 of 2 VMs.'],
    job: { id: 'j', name: 'a "b" ]c\\' },
    problems: [],
  };

  /** What rsyslog made of the lines that it got, as JSON. */
  async function receiver(transport: 'udp' | 'tcp' | 'tls') {
    const port = await freePort();
    const out = join(folder, `${transport}.log`);
    const tls = [
      'global(DefaultNetstreamDriver="ossl"',
      ...['CAFile', 'CertFile', 'KeyFile'].map(
        (name) =>
          ` DefaultNetstreamDriver${name}="${join(folder, name === 'KeyFile' ? 'key.pem' : 'cert.pem')}"`,
      ),
      ')',
      'module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")',
    ];
    const config = [
      ...(transport === 'tls' ? tls : [`module(load="im${transport}")`]),
      `input(type="im${transport === 'udp' ? 'udp' : 'tcp'}" address="127.0.0.1" port="${port}" ruleset="all")`,
      'template(name="line" type="list" option.jsonf="on") {',
      ...['pri', 'timestamp', 'hostname', 'app-name', 'procid', 'msgid', 'structured-data', 'msg'].map(
        (name) =>
          ` property(outname="${name}" name="${name}" format="jsonf"${name === 'timestamp' ? ' dateFormat="rfc3339"' : ''})`,
      ),
      '}',
      `ruleset(name="all") { action(type="omfile" file="${out}" template="line") }`,
    ];
    const file = join(folder, `${transport}.conf`);
    await writeFile(file, `${config.join('\n')}\n`);
    const child = spawn('rsyslogd', ['-n', '-f', file, '-i', join(folder, `${transport}.pid`)], {
      stdio: 'inherit',
    });
    children.add(child);
    const read = async () =>
      (await readFile(out, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
    return { port, read };
  }

  it.each(['udp', 'tcp', 'tls'] as const)('are understood over %s', async (transport) => {
    const { port, read } = await receiver(transport);
    const line = syslogLine(message, { facility: 16, hostname: 'backup-1', processId: 42 });
    const place = { host: 'localhost', port, transport, caPem: certificate.certificatePem };
    await expect
      .poll(async () => {
        // Over UDP nobody says that it has begun to listen.
        await sendSyslog({ ...place, host: '127.0.0.1' }, line, never).catch(() => undefined);
        return (await read()).length;
      })
      .toBeGreaterThan(0);
    const [first = ''] = await read();
    expect(JSON.parse(first)).toMatchObject({
      ...{ pri: '131', timestamp: '2026-11-26T22:10:00.000Z', hostname: 'backup-1' },
      ...{ 'app-name': 'leeward', procid: '42', msgid: 'run' },
      'structured-data': expect.stringContaining(
        '[leeward@32473 id="run-r1" severity="failure" job="a \\"b\\" \\]c\\\\"',
      ),
      msg: expect.stringMatching(/Backup "Büro" failed; 0 of 2 VMs\.$/),
    });
  });

  it('a certificate that is not trusted gets no line', async () => {
    const { port, read } = await receiver('tls');
    const line = syslogLine(message, { facility: 16, hostname: 'h', processId: 1 });
    const place = { host: '127.0.0.1', port, transport: 'tls' as const };
    const trusting = { ...place, caPem: certificate.certificatePem };
    await expect
      .poll(() =>
        sendSyslog(trusting, line, never).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    const before = (await read()).length;
    await expect(sendSyslog(place, line, never)).rejects.toMatchObject({ code: 'L-NTF-101' });
    expect((await read()).length).toBeLessThanOrEqual(Math.max(before, 1));
  });
});
