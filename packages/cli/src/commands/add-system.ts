import { isError } from '@leeward/core';
import type { SystemSummary } from '@leeward/server';
import type { Command } from 'commander';
import type { ServerConnection } from '../api/find-server.ts';
import type { Output } from '../output/output.ts';
import { wholeOption } from './number-option.ts';
import { readInputFile } from './read-input-file.ts';
import { confirm, readSecret } from './secret-input.ts';

export interface AddSystemOptions {
  readonly host: string;
  readonly port?: number;
  readonly username: string;
  readonly passwordFile?: string;
  readonly fingerprint?: string;
  readonly caFile?: string;
}

export function addSystemOptions(command: Command): Command {
  return command
    .requiredOption('--host <host>', 'host name or address')
    .addOption(wholeOption('--port <port>', 'HTTPS port (default 443)', 1, 65_535))
    .requiredOption('--username <name>', 'account to log in with')
    .option(
      '--password-file <path>',
      'file whose first line is the password (else LEEWARD_PASSWORD, else a prompt)',
    )
    .option('--fingerprint <sha256>', 'SHA-256 fingerprint of the certificate, once you have compared it')
    .option('--ca-file <path>', 'PEM file of the certificate authority to verify by');
}

/**
 * Registers a system. Without fingerprint and CA the server shows the certificate's fingerprint; on a terminal
 * the user is asked to compare it and the call is repeated with it.
 */
export async function addSystem(
  server: ServerConnection,
  output: Output,
  path: string,
  name: string,
  options: AddSystemOptions,
  extra: object = {},
): Promise<SystemSummary> {
  const { host, port, username, passwordFile, fingerprint, caFile } = options;
  const secret = { file: passwordFile, environment: 'LEEWARD_PASSWORD', prompt: `Password of ${username}` };
  const body = {
    name,
    host,
    username,
    password: await readSecret(secret),
    ...(port === undefined ? {} : { port }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(caFile === undefined ? {} : { caPem: await readInputFile(caFile) }),
    ...extra,
  };
  try {
    return await server.api.post<SystemSummary>(path, body);
  } catch (error) {
    const shown = isError(error, 'L-CFG-105') ? error.details['fingerprint'] : undefined;
    if (typeof shown !== 'string') throw error;
    output.note(`The certificate of ${host} has the SHA-256 fingerprint`);
    output.note(`  ${shown}`);
    if (!(await confirm('Is that the fingerprint that the system itself shows?'))) throw error;
    return server.api.post<SystemSummary>(path, { ...body, fingerprint: shown });
  }
}
