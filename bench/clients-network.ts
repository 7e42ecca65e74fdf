import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

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
 * C library finds no address at all for some programs, and the congestion control that Linux has by default. By its
 * routes: the setting of the whole network cannot be written where a machine allows programs only some of them.
 */
export function setUpNetwork(): void {
  ip('link', 'set', 'lo', 'up');
  ip('address', 'add', '192.0.2.1/32', 'dev', 'lo');
  for (const destination of ['127.0.0.0/8', '127.0.0.1']) {
    const route = ['local', destination, 'dev', 'lo', 'proto', 'kernel', 'scope', 'host', 'src', '127.0.0.1'];
    ip('route', 'change', ...route, 'table', 'local', 'congctl', 'lock', wanted);
  }
}

/** Of connections over the loopback interface. */
export function congestionControl(): string {
  const route = ip('route', 'show', 'table', 'local', '127.0.0.1');
  return /congctl lock (\S+)/.exec(route)?.[1] ?? readFileSync(setting, 'utf8').trim();
}

function ip(...args: readonly string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' });
}
