import {
  type ChannelKind,
  type MessageSeverity,
  notificationDefaults,
  type Topic,
} from '@leeward/core/notify/notification';
import type { Channel } from '../../api/notifications.ts';

/** A channel while it is filled in; texts of all kinds, of which those of its own are used. */
export interface ChannelDraft {
  readonly name: string;
  readonly enabled: boolean;
  readonly kind: ChannelKind;
  readonly topics: readonly Topic[];
  readonly severities: readonly MessageSeverity[];
  /** Ids; empty: of all jobs. */
  readonly jobs: readonly string[];
  readonly host: string;
  readonly port: string;
  readonly security: string;
  readonly username: string;
  readonly from: string;
  /** Separated by commas. */
  readonly to: string;
  readonly style: string;
  readonly transport: string;
  readonly facility: string;
  /** Secrets: empty ones stay as they are. */
  readonly password: string;
  readonly url: string;
  readonly secret: string;
}

export const newChannel: ChannelDraft = {
  ...{ name: '', enabled: true, kind: 'email', jobs: [], ...notificationDefaults },
  ...{ host: '', port: '', security: 'starttls', username: '', from: '', to: '', style: 'slack' },
  ...{ transport: 'udp', facility: '16', password: '', url: '', secret: '' },
};

export function draftOf({ name, enabled, rules, target }: Channel): ChannelDraft {
  const { topics, severities, jobs = [] } = rules;
  const draft: ChannelDraft = { ...newChannel, name, enabled, topics, severities, jobs, kind: target.kind };
  if (target.kind === 'email') {
    const { host, port, security, username = '', from, to } = target;
    return { ...draft, host, port: String(port), security, username, from, to: to.join(', ') };
  }
  if (target.kind === 'chat') return { ...draft, style: target.style };
  if (target.kind === 'webhook') return draft;
  const { host, port, transport, facility } = target;
  return { ...draft, host, port: String(port), transport, facility: String(facility) };
}

/** As the API takes it; secrets only where they were typed. */
export function channelBody(draft: ChannelDraft, isNew: boolean): object {
  const { name, enabled, topics, severities, jobs } = draft;
  const rules = { topics, severities, ...(jobs.length > 0 ? { jobs } : isNew ? {} : { jobs: null }) };
  return { name, enabled, rules, target: { kind: draft.kind, ...targetOf(draft, isNew) } };
}

function targetOf(draft: ChannelDraft, isNew: boolean): object {
  const { kind, host, port, security, username, password, from, to, url, secret, style } = draft;
  const given = (fields: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== ''));
  const ports = port === '' ? {} : { port: Number(port) };
  if (kind === 'email')
    return {
      ...{ host, ...ports, security, from, to: addresses(to), ...given({ password }) },
      ...(username === '' ? (isNew ? {} : { username: null }) : { username }),
    };
  if (kind === 'webhook') return given({ url, secret });
  if (kind === 'chat') return { style, ...given({ url }) };
  return { host, ...ports, transport: draft.transport, facility: Number(draft.facility) };
}

function addresses(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

/** The command that does the same; never with a secret in it. */
export function channelCommand(
  draft: ChannelDraft,
  quoted: (text: string) => string,
  before?: string,
): string {
  const { name, kind, topics, severities, host, port, security, username, password, from, to } = draft;
  const { style, transport, facility, url, secret } = draft;
  const flag = (option: string, value: string) => (value === '' ? [] : [`--${option} ${quoted(value)}`]);
  const own = {
    email: [
      ...[...flag('host', host), ...flag('port', port), ...flag('smtp-security', security)],
      ...[...flag('username', username), ...(password === '' ? [] : ['--password-file FILE'])],
      ...[...flag('from', from), ...(to === '' ? [] : [`--to ${addresses(to).map(quoted).join(' ')}`])],
    ],
    webhook: [...(url === '' ? [] : ['--url-file FILE']), ...(secret === '' ? [] : ['--secret-file FILE'])],
    chat: [...flag('style', style), ...(url === '' ? [] : ['--url-file FILE'])],
    syslog: [
      ...[...flag('host', host), ...flag('port', port)],
      ...[...flag('transport', transport), ...flag('facility', facility)],
    ],
  };
  return [
    before === undefined
      ? `leeward notification create ${quoted(name || 'NAME')} --kind ${kind}`
      : `leeward notification edit ${quoted(before)}`,
    ...(before === undefined || before === name ? [] : [`--name ${quoted(name)}`]),
    ...(topics.length > 0 ? [`--topic ${topics.join(' ')}`] : []),
    ...(severities.length > 0 ? [`--severity ${severities.join(' ')}`] : []),
    ...own[kind],
  ].join(' ');
}

/** Whether enough was typed to ask the server. */
export function isReady(draft: ChannelDraft, isNew: boolean): boolean {
  const { kind, name, host, from, to, url } = draft;
  if (name === '') return false;
  if (kind === 'email') return host !== '' && from !== '' && addresses(to).length > 0;
  if (kind === 'syslog') return host !== '';
  return !isNew || url !== '';
}
