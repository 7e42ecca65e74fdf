import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { bounded, type Clock, type Job } from '@leeward/core';
import type { LabState } from '@leeward/lab';
import type { ProxyView } from '@leeward/server';
import type { ApiClient } from '../api/api-client.ts';
import { quoted, registerCommands } from '../commands/lab-commands.ts';

export interface LabRepository {
  readonly path: string;
  readonly passwordFile: string;
}

const proxyTimeoutMs = 60_000;

/** Registers everything of a lab through the public API, as a user would, and creates a job over its VMs. */
export async function registerLab(
  api: ApiClient,
  lab: LabState,
  repository: LabRepository,
  clock: Clock,
  onCommand: (text: string) => void,
): Promise<Job> {
  const { vcenter } = lab;
  const [addVcenter = '', ...addArrays] = registerCommands(lab);
  onCommand(addVcenter);
  await api.post('/vcenters', {
    name: vcenter.name,
    host: vcenter.host,
    port: vcenter.port,
    username: vcenter.username,
    password: await secret(vcenter.passwordFile),
    fingerprint: vcenter.fingerprint,
  });
  for (const [at, array] of lab.arrays.entries()) {
    onCommand(addArrays[at] ?? '');
    await api.post('/arrays', {
      name: array.name,
      family: array.family,
      host: array.host,
      port: array.port,
      username: array.username,
      password: await secret(array.passwordFile),
      fingerprint: array.fingerprint,
      ...(array.nfsPortsFile ? { nfsPorts: await readJson(array.nfsPortsFile) } : {}),
      ...(array.iscsiPortsFile ? { iscsiPorts: await readJson(array.iscsiPortsFile) } : {}),
    });
  }
  onCommand('npx leeward proxy probe local');
  await bounded(clock, { name: 'the proxy to come online', timeoutMs: proxyTimeoutMs }, (signal) =>
    untilOnline(api, clock, signal),
  );
  await api.post('/proxies/local/probe');
  const password = randomBytes(24).toString('base64url');
  await writeFile(repository.passwordFile, `${password}\n`, { mode: 0o600 });
  const { path, passwordFile } = repository;
  onCommand(
    `npx leeward repository init backups --path ${quoted(path)} --password-file ${quoted(passwordFile)}`,
  );
  await api.post('/repositories', { name: 'backups', path: repository.path, password, init: true });
  const vms = lab.vms.map(({ path }) => path);
  const named = vms.map((vm) => `--vm ${quoted(vm)}`).join(' ');
  // Simulated hosts write down at once where data lies: nothing has to settle.
  onCommand(`npx leeward job create nightly --repository backups --settle-pause 0 ${named}`);
  return api.post<Job>('/jobs', { name: 'nightly', vms, repository: 'backups', settlePauseMs: 0 });
}

async function untilOnline(api: ApiClient, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!(await api.get<ProxyView[]>('/proxies')).some(({ online }) => online))
    await clock.sleep(200, signal);
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

async function secret(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).trim();
}
