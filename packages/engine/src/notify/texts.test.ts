import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../store/channels.ts';
import { slackBody, teamsBody } from './chat-body.ts';
import { wants } from './matching.ts';
import { type Message, messageText } from './message.ts';
import { withLinks } from './message-links.ts';
import { signatureOf } from './signature.ts';
import { framed, syslogLine } from './syslog-line.ts';
import { webhookUrl } from './target-url.ts';

const problem = {
  ...{ code: 'L-SRC-101', severity: 'warning', what: 'Read from the primary.', data: 'None.', next: 'Look.' },
  vm: 'web <script>',
};
const message: Message = {
  ...{ id: 'run-r1', topics: ['run'], severity: 'failure', at: '2026-11-26T22:10:00.000Z', runId: 'r1' },
  title: 'Backup "nightly" failed',
  lines: ['Run r1: 0 of 2 VMs.'],
  job: { id: 'j', name: 'nig"ht]ly\\' },
  problems: [problem],
};

const place = { facility: 16, hostname: 'büro 1', processId: 42 };
/** RFC 5424, as far as its own grammar goes. */
const grammar =
  /^<(\d{1,3})>1 (\S+) ([\x21-\x7e]{1,255}) ([\x21-\x7e]{1,48}) ([\x21-\x7e]{1,128}) ([\x21-\x7e]{1,32}) (\[[\x21-\x7e]+?( [\x21-\x7e]+?="(?:[^"\\\]]|\\.)*")*\]) \uFEFF(.*)$/s;

describe('syslog', () => {
  it('is a line of RFC 5424', () => {
    const line = syslogLine(message, place).toString();
    expect(line).toBe(
      '<131>1 2026-11-26T22:10:00.000Z b_ro_1 leeward 42 run [leeward@32473 id="run-r1" severity="failure" job="nig\\"ht\\]ly\\\\" run="r1" codes="L-SRC-101"] \uFEFFBackup "nightly" failed; Run r1: 0 of 2 VMs.',
    );
    expect(grammar.test(line)).toBe(true);
  });

  it('stays one, and short, whatever names hold', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 4_000, size: 'max' }),
        fc.string({ unit: 'binary' }),
        (title, name) => {
          const bytes = syslogLine({ ...message, title, job: { id: 'j', name } }, place);
          const line = bytes.toString();
          expect(bytes.length).toBeLessThanOrEqual(2_000);
          expect(grammar.test(line), line).toBe(true);
          expect(/\p{Cc}/u.test(line)).toBe(false);
        },
      ),
    );
  });

  it('is framed by its length in bytes', () => {
    expect(framed(Buffer.from('äb')).toString()).toBe('3 äb');
  });
});

describe('chats', () => {
  it('names from foreign systems are no links, mentions or Markdown', () => {
    const hostile = { ...message, title: '<!channel> [x](http://evil)', lines: ['*a* <b>'] };
    const slack = JSON.stringify(slackBody(hostile));
    expect(slack).toContain('&lt;!channel&gt;');
    expect(slack).toContain('*a* &lt;b&gt;');
    const teams = JSON.stringify(teamsBody(hostile));
    expect(teams).not.toMatch(/[^\\]\[x\]\(/);
    expect(teams).toContain('\\\\[x\\\\]\\\\(http://evil\\\\)');
  });

  it('are short, however much there is to tell', () => {
    const problems = Array.from({ length: 500 }, () => ({ ...problem, what: 'x'.repeat(5_000) }));
    for (const body of [slackBody, teamsBody])
      expect(JSON.stringify(body({ ...message, problems })).length).toBeLessThan(40_000);
    expect(JSON.stringify(slackBody({ ...message, problems }))).toContain('and 492 more');
  });
});

describe('links into the console', () => {
  const linked = withLinks(message, 'https://backup.example');

  it('lead to run and job, in every form that has links', () => {
    expect(linked.links?.map(({ url }) => url)).toEqual([
      'https://backup.example/runs/r1',
      'https://backup.example/jobs/j',
    ]);
    expect(messageText(linked)).toMatch(/\nOpen the run: https:\/\/backup\.example\/runs\/r1\n/);
    const slack = JSON.stringify(slackBody(linked));
    expect(slack).toContain('<https://backup.example/runs/r1|Open the run>');
    expect(teamsBody(linked)).toMatchObject({
      attachments: [
        { content: { actions: [{ type: 'Action.OpenUrl', url: 'https://backup.example/runs/r1' }, {}] } },
      ],
    });
    const digest = withLinks({ ...message, date: '2026-11-26' }, 'https://backup.example');
    expect(digest.links?.at(-1)?.url).toBe('https://backup.example/reports?date=2026-11-26');
  });

  it('are none where the address is not known', () => {
    expect(withLinks(message, null)).toBe(message);
    for (const body of [slackBody, teamsBody, messageText])
      expect(JSON.stringify(body(message))).not.toMatch(/https?:\/\/backup|OpenUrl|mailto/);
  });

  it('ids cannot break out of them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (runId) => {
        const { links = [] } = withLinks({ ...message, runId }, 'https://backup.example');
        for (const { url } of links) expect(url).toMatch(/^https:\/\/backup\.example\/[^\s<>|"]*$/);
      }),
    );
  });
});

it('signatures can be made by who has the secret', () => {
  const header = signatureOf('s3cret', '{"a":1}', 1_764_195_000_999);
  const [, seconds = '', hex = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  expect(seconds).toBe('1764195000');
  expect(hex).toBe(createHmac('sha256', 's3cret').update(`${seconds}.{"a":1}`).digest('hex'));
});

describe('addresses of webhooks', () => {
  it.each([
    ...[
      'https://hooks.example.org/T1/x?y=1',
      'http://127.0.0.1:8080/x',
      'http://localhost/',
      'http://[::1]:1/',
    ],
  ])('%s may be used', (url) => {
    expect(webhookUrl(url).href).toContain('://');
  });

  it.each([
    ...[
      'http://example.org/',
      'ftp://example.org/',
      'file:///etc/passwd',
      'https://u:p@example.org/',
      'x',
      '',
    ],
    ...['http://127.0.0.1.example.org/', 'http://localhost.example.org/', 'gopher://127.0.0.1/'],
  ])('%s may not, and the error does not show its path', (url) => {
    const refused = () => webhookUrl(`${url}/T0KEN`);
    expect(refused).toThrow(expect.objectContaining({ code: 'L-NTF-103' }));
    expect(refused).not.toThrow(/T0KEN/);
  });
});

describe('rules', () => {
  const channel = (rules: Partial<Channel['rules']>, enabled = true): Channel => ({
    ...{ id: 'c', name: 'c', enabled },
    target: { kind: 'syslog', host: 'h', port: 514, transport: 'udp', facility: 16 },
    rules: { topics: ['run', 'schedule', 'janitor'], severities: ['warning', 'failure'], ...rules },
  });

  it('ask for topic, severity and job', () => {
    expect(wants(channel({}), message)).toBe(true);
    expect(wants(channel({}, false), message)).toBe(false);
    expect(wants(channel({ topics: ['restore'] }), message)).toBe(false);
    expect(wants(channel({ topics: ['chain'] }), { ...message, topics: ['run', 'chain'] })).toBe(true);
    expect(wants(channel({}), { ...message, severity: 'success' })).toBe(false);
    expect(wants(channel({ jobs: ['other'] }), message)).toBe(false);
    expect(wants(channel({ jobs: ['other', 'j'] }), message)).toBe(true);
  });

  it('what is about no job comes whatever the jobs, and the daily report whatever its severity', () => {
    const { job: _, ...jobless } = message;
    expect(wants(channel({ jobs: ['other'] }), { ...jobless, topics: ['janitor'] })).toBe(true);
    const digest: Message = { ...jobless, topics: ['digest'], severity: 'success' };
    expect(wants(channel({ topics: ['digest'] }), digest)).toBe(true);
    expect(wants(channel({}), digest)).toBe(false);
  });
});
