import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';

const setting = '/proc/sys/net/ipv4/tcp_congestion_control';
const wanted = 'cubic';
const network = '/proc/self/ns/net';
/** Holds the network that was left, so that a setting is never changed in that one. */
const left = 'LEEWARD_BENCH_LEFT_NETWORK';

/**
 * Starts this program again in a network of its own and ends with it; returns at once where it is in one. The network
 * of a machine may have BBR, which paces what a server sends by what it believes the path to carry: over the loopback
 * interface that belief is measured then, and neither server nor client. What is read is the same for all contestants
 * in either case.
 */
export function enterOwnNetwork(): void {
  const here = readlinkSync(network);
  if ((process.env[left] ?? here) !== here) {
    setUpNetwork();
    return;
  }
  const [script = '', ...args] = process.argv.slice(1);
  const again = ['-n', process.execPath, ...process.execArgv, script, ...args];
  const { status } = spawnSync('unshare', again, {
    stdio: 'inherit',
    env: { ...process.env, [left]: here },
  });
  process.exit(status ?? 1);
}

/**
 * Of a network that was just made: its loopback interface, an address for documentation (RFC 5737), without which the
 * C library finds no address at all for some programs, and the congestion control that Linux has by default.
 */
export function setUpNetwork(): void {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  execFileSync('ip', ['address', 'add', '192.0.2.1/32', 'dev', 'lo']);
  try {
    writeFileSync(setting, wanted);
  } catch (error) {
    console.error(`the congestion control stays as it is: ${error instanceof Error ? error.message : error}`);
  }
}

export function congestionControl(): string {
  try {
    return readFileSync(setting, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
