import { type channelKinds, LeewardError, messageSeverities, topics } from '@leeward/core';
import { type Command, Option } from 'commander';
import { wholeOption } from './number-option.ts';
import { readInputFile } from './read-input-file.ts';
import { readSecret } from './secret-input.ts';

export interface ChannelOptions {
  readonly kind?: (typeof channelKinds)[number];
  readonly topic?: string[];
  readonly severity?: string[];
  readonly job?: string[];
  readonly allJobs?: true;
  readonly host?: string;
  readonly port?: number;
  readonly caFile?: string;
  readonly smtpSecurity?: string;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly from?: string;
  readonly to?: string[];
  readonly urlFile?: string;
  readonly secretFile?: string;
  readonly style?: string;
  readonly transport?: string;
  readonly facility?: number;
}

/** What `notification create` and `notification edit` have in common. */
export function channelOptions(command: Command): Command {
  return command
    .addOption(new Option('--topic <topic...>', 'what it hears of (default: all but digest)').choices(topics))
    .addOption(
      new Option('--severity <severity...>', 'how bad (default: warning and failure)').choices(
        messageSeverities,
      ),
    )
    .option('--job <name...>', 'only of these jobs')
    .option('--all-jobs', 'of all jobs')
    .option('--host <host>', 'mail or syslog server')
    .addOption(wholeOption('--port <port>', 'its port (default: the usual one)', 1, 65_535))
    .option('--ca-file <file>', 'PEM of the authorities that its certificate is verified with')
    .addOption(
      new Option('--smtp-security <how>', 'of mail (default: starttls)').choices(['tls', 'starttls', 'none']),
    )
    .option('--username <name>', 'account at the mail server')
    .option('--password-file <file>', 'its password (or LEEWARD_NOTIFICATION_PASSWORD, or asked for)')
    .option('--from <address>', 'sender of mails')
    .option('--to <address...>', 'recipients of mails')
    .option('--url-file <file>', 'address of a webhook, a secret (or LEEWARD_NOTIFICATION_URL, or asked for)')
    .option('--secret-file <file>', 'secret that a webhook is signed with (or LEEWARD_NOTIFICATION_SECRET)')
    .addOption(new Option('--style <style>', 'whose chat it is').choices(['slack', 'teams']))
    .addOption(new Option('--transport <how>', 'of syslog (default: udp)').choices(['udp', 'tcp', 'tls']))
    .addOption(wholeOption('--facility <n>', 'of syslog, by RFC 5424 (default: 16, local0)', 0, 23));
}

/** Rules in the words of the API; only what was given. */
export function rulesOf({ topic, severity, job, allJobs }: ChannelOptions): object {
  const rules = given({ topics: topic, severities: severity, jobs: allJobs ? null : job });
  return Object.keys(rules).length === 0 ? {} : { rules };
}

/** Which options each kind knows. */
const known = {
  email: ['host', 'port', 'caFile', 'smtpSecurity', 'username', 'passwordFile', 'from', 'to'],
  webhook: ['urlFile', 'secretFile', 'caFile'],
  chat: ['urlFile', 'style', 'caFile'],
  syslog: ['host', 'port', 'transport', 'facility', 'caFile'],
} as const satisfies Record<(typeof channelKinds)[number], readonly (keyof ChannelOptions)[]>;

const ofTargets = [...new Set(Object.values(known).flat())];

/** The target in the words of the API, with its secrets; undefined where nothing of it was given. */
export async function targetOf(
  kind: (typeof channelKinds)[number],
  options: ChannelOptions,
  isNew: boolean,
): Promise<object | undefined> {
  const asked: readonly string[] = ofTargets.filter((name) => options[name] !== undefined);
  const mine: readonly string[] = known[kind];
  const foreign = asked.find((name) => !mine.includes(name));
  if (foreign !== undefined) {
    const problem = `--${foreign.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} is not for channels of kind ${kind}`;
    throw new LeewardError('L-CFG-103', { problem });
  }
  if (!isNew && asked.length === 0) return undefined;
  const {
    host,
    port,
    from,
    to,
    username,
    style,
    transport,
    facility,
    smtpSecurity: security,
    caFile,
  } = options;
  return given({
    ...{ kind, host, port, from, to, username, style, transport, facility, security },
    caPem: caFile === undefined ? undefined : await readInputFile(caFile),
    ...(await secretsOf(kind, options, isNew)),
  });
}

async function secretsOf(kind: (typeof channelKinds)[number], options: ChannelOptions, isNew: boolean) {
  const { username, passwordFile, urlFile, secretFile } = options;
  const secret = (file: string | undefined, name: string, prompt: string) =>
    readSecret({ file, environment: `LEEWARD_NOTIFICATION_${name}`, prompt });
  if (kind === 'email' && (username !== undefined || passwordFile !== undefined))
    return { password: await secret(passwordFile, 'PASSWORD', 'Password at the mail server') };
  if (kind !== 'webhook' && kind !== 'chat') return {};
  const isSigned = secretFile !== undefined || process.env['LEEWARD_NOTIFICATION_SECRET'] !== undefined;
  return {
    ...(isNew || urlFile !== undefined
      ? { url: await secret(urlFile, 'URL', 'Address of the webhook') }
      : {}),
    ...(kind === 'webhook' && isSigned ? { secret: await secret(secretFile, 'SECRET', 'Secret') } : {}),
  };
}

function given(all: object): object {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
