import { LeewardError } from '@leeward/core';
import { type Command, Option } from 'commander';
import { firstLine } from '../commands/secret-input.ts';
import type { ServerToken } from './https-wire.ts';
import { serverAddress } from './server-address.ts';
import type { TrustWords } from './server-trust.ts';

/** Which server a command is for, as the user says it. */
export interface ServerWords extends TrustWords {
  readonly server?: string | undefined;
}

/** Names of these options, none of which is a matter of the action of a command. */
export const serverOptionNames = ['server', 'serverCa', 'serverFingerprint'] as const;

const texts = {
  '--server <url>': 'a server on another host, as https://host:8443 (default: the one of this machine)',
  '--server-ca <file>': 'PEM file of the authority that its certificate is verified by',
  '--server-fingerprint <sha256>': 'SHA-256 fingerprint of its certificate, once you have compared it',
} as const;

/** `hidden`: they are told of once, with the program, and are taken after every verb as well. */
export function serverOptions(command: Command, { hidden = false } = {}): Command {
  for (const [flags, text] of Object.entries(texts))
    command.addOption(new Option(flags, text).hideHelp(hidden));
  return command;
}

/** A command that works on this machine only is not for a server elsewhere: `L-CFG-103`. */
export function refuseElsewhere(program: Command, command: Command): void {
  const { server } = program.opts<ServerWords>();
  if (server === undefined || command.options.some((each) => each.attributeName() === 'server')) return;
  const problem = `\`${command.name()}\` works on this machine only, not with --server.`;
  throw new LeewardError('L-CFG-103', { problem });
}

/** From options, else the environment. An empty variable is none. Undefined: the server of this machine. */
export function serverWords(
  options: ServerWords,
  environment: NodeJS.ProcessEnv,
): (TrustWords & { readonly server: string }) | undefined {
  const server = options.server ?? (environment['LEEWARD_SERVER'] || undefined);
  if (server === undefined) {
    if (options.serverCa === undefined && options.serverFingerprint === undefined) return undefined;
    throw new LeewardError('L-CFG-103', {
      problem: '--server-ca and --server-fingerprint belong to --server.',
    });
  }
  const isGiven = options.serverCa !== undefined || options.serverFingerprint !== undefined;
  const given: TrustWords = isGiven
    ? { serverCa: options.serverCa, serverFingerprint: options.serverFingerprint }
    : {
        serverCa: environment['LEEWARD_SERVER_CA'] || undefined,
        serverFingerprint: environment['LEEWARD_SERVER_FINGERPRINT'] || undefined,
      };
  if (given.serverCa !== undefined && given.serverFingerprint !== undefined)
    throw new LeewardError('L-CFG-103', {
      problem: 'an authority and a fingerprint of the server are given; one of them is enough.',
    });
  return { server: serverAddress(server), ...given };
}

/** Of `LEEWARD_TOKEN`, else of the file `LEEWARD_TOKEN_FILE`. */
export async function givenToken(environment: NodeJS.ProcessEnv): Promise<ServerToken | undefined> {
  const { LEEWARD_TOKEN: value, LEEWARD_TOKEN_FILE: file } = environment;
  if (value) return { value, source: 'LEEWARD_TOKEN' };
  return file ? { value: await tokenFile(file), source: file } : undefined;
}

/** The first line of a file. Throws `L-CFG-103`. */
export async function tokenFile(path: string): Promise<string> {
  const token = await firstLine(path);
  if (token === '') throw new LeewardError('L-CFG-103', { problem: `the file ${path} is empty.` });
  return token;
}
