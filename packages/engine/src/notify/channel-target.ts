import { LeewardError } from '@leeward/core';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { ChannelTarget } from '../store/channels.ts';
import { channelSecrets } from './send.ts';
import { requireSafeLogin } from './send-email.ts';
import { webhookUrl } from './target-url.ts';

/** As a user gives it, with what is secret. `null` takes something out. */
export type TargetInput =
  | {
      readonly kind: 'email';
      readonly host: string;
      readonly port?: number | undefined;
      readonly security?: 'tls' | 'starttls' | 'none' | undefined;
      readonly username?: string | null | undefined;
      readonly password?: string | undefined;
      readonly from: string;
      readonly to: readonly string[];
      readonly caPem?: string | null | undefined;
    }
  | {
      readonly kind: 'webhook';
      readonly url: string;
      /** For signatures. */
      readonly secret?: string | null | undefined;
      readonly caPem?: string | null | undefined;
    }
  | {
      readonly kind: 'chat';
      readonly style: 'slack' | 'teams';
      readonly url: string;
      readonly caPem?: string | null | undefined;
    }
  | {
      readonly kind: 'syslog';
      readonly host: string;
      readonly port?: number | undefined;
      readonly transport?: 'udp' | 'tcp' | 'tls' | undefined;
      readonly facility?: number | undefined;
      readonly caPem?: string | null | undefined;
    };

/** What is left out stays as it is. */
export type TargetChanges = TargetInput extends infer Input
  ? Input extends { readonly kind: infer Kind }
    ? { readonly kind: Kind } & { readonly [K in keyof Omit<Input, 'kind'>]?: Input[K] | undefined }
    : never
  : never;

const mailPorts = { tls: 465, starttls: 587, none: 25 } as const;
const syslogPorts = { udp: 514, tcp: 514, tls: 6514 } as const;
/** `local0`. */
const usualFacility = 16;

/** What is stored openly of a target; `known`: as it was. `L-NTF-103` and `L-NTF-104`. */
export function targetOf(input: TargetInput | TargetChanges, known?: ChannelTarget): ChannelTarget {
  const caPem = input.caPem === undefined ? known?.caPem : (input.caPem ?? undefined);
  const trust = caPem === undefined ? {} : { caPem };
  switch (input.kind) {
    case 'email':
      return { ...mailTarget(input, known?.kind === 'email' ? known : undefined), ...trust };
    case 'webhook': {
      const before = known?.kind === 'webhook' ? known : undefined;
      const signed = input.secret === undefined ? (before?.signed ?? false) : input.secret !== null;
      return { kind: 'webhook', host: hostOf(input.url, before?.host), signed, ...trust };
    }
    case 'chat': {
      const before = known?.kind === 'chat' ? known : undefined;
      const style = input.style ?? before?.style ?? 'slack';
      return { kind: 'chat', style, host: hostOf(input.url, before?.host), ...trust };
    }
    default: {
      const before = known?.kind === 'syslog' ? known : undefined;
      const transport = input.transport ?? before?.transport ?? 'udp';
      return {
        ...{ kind: 'syslog', transport, host: required(input.host ?? before?.host) },
        port: input.port ?? (input.transport ? undefined : before?.port) ?? syslogPorts[transport],
        facility: input.facility ?? before?.facility ?? usualFacility,
        ...trust,
      };
    }
  }
}

type MailTarget = Extract<ChannelTarget, { kind: 'email' }>;
type MailInput = Extract<TargetInput | TargetChanges, { kind: 'email' }>;

function mailTarget(input: MailInput, known: MailTarget | undefined): MailTarget {
  const security = input.security ?? known?.security ?? 'starttls';
  const username = input.username === undefined ? known?.username : (input.username ?? undefined);
  const isNew = username !== undefined && username !== known?.username;
  if (isNew && input.password === undefined) throw invalid('a user name needs a password');
  const target: MailTarget = {
    ...{ kind: 'email', security, host: required(input.host ?? known?.host) },
    port: input.port ?? (input.security ? undefined : known?.port) ?? mailPorts[security],
    ...(username === undefined ? {} : { username }),
    from: required(input.from ?? known?.from),
    to: [...(input.to ?? known?.to ?? [])],
  };
  requireSafeLogin({ ...target, account: username === undefined ? undefined : { username, password: '' } });
  return target;
}

/** Seals what is secret of a target, and forgets what is taken out. */
export async function applySecrets(
  secrets: Pick<SecretStore, 'put' | 'remove'>,
  channelId: string,
  input: TargetInput | TargetChanges,
): Promise<void> {
  const change = async (part: keyof typeof channelSecrets, value: string | null | undefined) => {
    if (value === null) await secrets.remove(channelSecrets[part](channelId));
    else if (value !== undefined) await secrets.put(channelSecrets[part](channelId), value);
  };
  if (input.kind === 'email') await change('password', input.username === null ? null : input.password);
  if (input.kind === 'webhook' || input.kind === 'chat') await change('url', input.url);
  if (input.kind === 'webhook') await change('secret', input.secret);
}

function hostOf(url: string | undefined, known: string | undefined): string {
  return url === undefined ? required(known) : webhookUrl(url).host;
}

function required(value: string | undefined): string {
  if (value === undefined) throw invalid('something of the target is missing');
  return value;
}

function invalid(problem: string): LeewardError {
  return new LeewardError('L-CFG-103', { problem });
}
