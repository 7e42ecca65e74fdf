import { expect, it } from 'vitest';
import type { Channel } from '../../api/notifications.ts';
import { channelBody, channelCommand, draftOf, isReady, newChannel } from './channel-draft.ts';

const plain = (text: string) => text;
const mail: Channel = {
  ...{ id: 'c', name: 'ops', enabled: true },
  rules: { topics: ['run'], severities: ['failure'] },
  target: {
    ...{ kind: 'email', host: 'mx', port: 587, security: 'starttls', username: 'lee' },
    ...{ from: 'lee@example.org', to: ['ann@example.org', 'bob@example.org'] },
  },
};

it('sends secrets only where they were typed, and never shows them in the command', () => {
  const draft = draftOf(mail);
  expect(channelBody(draft, false)).toEqual({
    ...{ name: 'ops', enabled: true, rules: { topics: ['run'], severities: ['failure'], jobs: null } },
    target: mail.target,
  });
  const typed = { ...draft, password: 'hunter2' };
  expect(channelBody(typed, false)).toMatchObject({ target: { password: 'hunter2' } });
  expect(channelCommand(typed, plain, 'ops')).toBe(
    'leeward notification edit ops --topic run --severity failure --host mx --port 587 --smtp-security starttls --username lee --password-file FILE --from lee@example.org --to ann@example.org bob@example.org',
  );
  const hook = { ...newChannel, name: 'hook', kind: 'webhook', url: 'https://x/secret' } as const;
  expect(channelCommand({ ...hook, secret: 'sign' }, plain)).toMatch(/--url-file FILE --secret-file FILE$/);
  expect(channelCommand(hook, plain)).not.toContain('x/secret');
});

it('sends of each kind what it has, and nothing of the others', () => {
  const all = {
    ...newChannel,
    name: 'n',
    host: 'h',
    url: 'https://x',
    from: 'f@x',
    to: 'a@x; b@x',
    port: '1',
  };
  const target = (kind: typeof all.kind) => channelBody({ ...all, kind }, true) as { target: object };
  expect(target('email').target).toEqual({
    ...{ kind: 'email', host: 'h', port: 1, security: 'starttls', from: 'f@x', to: ['a@x', 'b@x'] },
  });
  expect(target('webhook').target).toEqual({ kind: 'webhook', url: 'https://x' });
  expect(target('chat').target).toEqual({ kind: 'chat', style: 'slack', url: 'https://x' });
  expect(target('syslog').target).toEqual({
    kind: 'syslog',
    host: 'h',
    port: 1,
    transport: 'udp',
    facility: 16,
  });
});

it('takes a user out, and needs an address only of new webhooks', () => {
  expect(channelBody({ ...draftOf(mail), username: '' }, false)).toMatchObject({
    target: { username: null },
  });
  const chat = { ...newChannel, name: 'n', kind: 'chat' } as const;
  expect([isReady(chat, true), isReady(chat, false), isReady({ ...chat, url: 'https://x' }, true)]).toEqual([
    ...[false, true, true],
  ]);
  expect([isReady(newChannel, true), isReady(draftOf(mail), true)]).toEqual([false, true]);
});
