import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ClusterProcess, ProcessPair } from './ontap-sim-process.ts';

const timeoutMs = 240_000;

/**
 * Runs a script of `fixtures` that drives both clusters through the vendor's SDK, and returns what it proved, a line each.
 * Throws when a proof failed. `setup`: user and password, and what the script wants to know besides the addresses.
 */
export async function runSdk(
  script: string,
  pair: ProcessPair,
  setup: { readonly user: string; readonly password: string } & Readonly<Record<string, unknown>>,
): Promise<readonly string[]> {
  const authorities = join(pair.folder, 'authorities.pem');
  const certificates = [pair.primary, pair.secondary].map(({ addresses }) => addresses.certificatePem);
  await writeFile(authorities, certificates.join('\n'));
  const path = join(pair.folder, 'setup.json');
  const sides = { primary: sideOf(pair.primary), secondary: sideOf(pair.secondary) };
  await writeFile(path, JSON.stringify({ ...setup, ...sides }));
  const file = fileURLToPath(new URL(`fixtures/${script}`, import.meta.url));
  const { stdout } = await promisify(execFile)('python3', [file, path], {
    timeout: timeoutMs,
    env: { ...process.env, REQUESTS_CA_BUNDLE: authorities },
  });
  console.log(stdout);
  return stdout.match(/^proved: .*/gm) ?? [];
}

function sideOf({ addresses }: ClusterProcess) {
  return { address: addresses.restAddress, port: addresses.restPort };
}
