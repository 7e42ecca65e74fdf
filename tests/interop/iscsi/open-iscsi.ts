import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finished, run } from '../nfs/judges.ts';

/**
 * Linux's own initiator, its part outside the kernel: iscsiadm does discovery (login, CHAP, SendTargets) by itself. It is
 * run in a mount namespace with an /etc/iscsi of its own, so that nothing of this machine's iSCSI is read or changed.
 */
export interface Initiator {
  readonly name: string;
  /** By the names of iscsid.conf, of `discovery.` only. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

const root = process.getuid?.() === 0;
const namespace = ['--mount', ...(root ? [] : ['--map-root-user'])];

/** `$1` has what shall be in /etc/iscsi, `$2` is the portal; records of newer releases lie below /var/lib. */
const ownPlace = `
set -e
places=$1; shift
for place in /etc/iscsi /var/lib/iscsi /run/lock; do [ ! -d "$place" ] || mount -t tmpfs none "$place"; done
cp -r "$places"/. /etc/iscsi
`;

/**
 * iscsiadm does nothing at all before the kernel lists a transport. A discovery session never gets to the kernel, so
 * where it has none, one is listed for iscsiadm to go on: only its own code, that of iscsid too, talks to the target.
 */
const transportListed = `
if [ ! -e /sys/class/iscsi_transport/tcp/handle ]; then
  mount -t tmpfs none /sys/class
  mkdir -p /sys/class/iscsi_transport/tcp /sys/class/iscsi_host /sys/class/iscsi_session /sys/class/iscsi_connection
  echo 1 >/sys/class/iscsi_transport/tcp/handle
  echo 0x39 >/sys/class/iscsi_transport/tcp/caps
fi
`;

const discovery = `${ownPlace}${transportListed}
portal=$1; shift
record() { iscsiadm -m discoverydb -t sendtargets -p "$portal" "$@"; }
record -I test -o new >&2
# Only iscsid tells iscsiadm where iscsid.conf is, so that without it settings have to be in the record.
while [ $# -gt 0 ]; do record -o update -n "$1" -v "$2" >&2; shift 2; done
record -I test -o nonpersistent --discover
`;

/** Undefined: the namespace can be made. */
export function whyNoNamespace(): string | undefined {
  try {
    execFileSync('unshare', [...namespace, 'mount', '-t', 'tmpfs', 'none', '/run'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'mount namespaces cannot be made by this user';
  }
}

/** SendTargets by iscsiadm: lines of `address:port,group target` on stdout. */
export async function discover({ name, settings = {} }: Initiator, portal: string): Promise<Finished> {
  const folder = mkdtempSync(join(tmpdir(), 'leeward-open-iscsi-'));
  try {
    writeFileSync(join(folder, 'iscsid.conf'), 'node.startup = manual\n');
    writeFileSync(join(folder, 'initiatorname.iscsi'), `InitiatorName=${name}\n`);
    mkdirSync(join(folder, 'ifaces'));
    writeFileSync(
      join(folder, 'ifaces', 'test'),
      [
        ...['# BEGIN RECORD 2.1', 'iface.iscsi_ifacename = test', 'iface.transport_name = tcp'],
        ...[`iface.initiatorname = ${name}`, '# END RECORD', ''],
      ].join('\n'),
    );
    const more = Object.entries(settings).flatMap(([key, value]) => [key, String(value)]);
    const script = [...namespace, 'bash', '-c', discovery, 'open-iscsi'];
    return await run('unshare', [...script, folder, portal, ...more]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
