import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isInstalled } from '../nfs/judges.ts';
import { initialFiles, modulesOf, programWith } from './initial-files.ts';

/** A Linux kernel with its modules, to be started in a virtual machine. */
export interface LinuxKernel {
  readonly version: string;
  readonly image: string;
  readonly modules: string;
}

const emulator = 'qemu-system-x86_64';
const modules = ['virtio_pci', 'virtio_net', 'crc32c_generic', 'sd_mod', 'iscsi_tcp'];

/** As the package linux-image-… has it: installed, or only unpacked into `LEEWARD_JUDGES/linux`. */
export function findKernel(): LinuxKernel | undefined {
  const judges = process.env['LEEWARD_JUDGES'];
  for (const root of ['/', ...(judges ? [join(judges, 'linux')] : [])]) {
    for (const version of existsSync(join(root, 'boot')) ? versionsIn(join(root, 'boot')) : []) {
      const places = ['lib/modules', 'usr/lib/modules'].map((place) => join(root, place, version));
      const modules = places.find((place) => existsSync(join(place, 'kernel/drivers/scsi/iscsi_tcp.ko')));
      if (modules) return { version, modules, image: join(root, 'boot', `vmlinuz-${version}`) };
    }
  }
  return undefined;
}

function versionsIn(boot: string): readonly string[] {
  return readdirSync(boot).flatMap((name) => /^vmlinuz-(.*)$/.exec(name)?.[1] ?? []);
}

/** What is not there of all that `runInLinux` needs, for the line that names the judge; empty: nothing. */
export function missingForLinux(): string {
  // The programs of this host run in the machine.
  if (process.arch !== 'x64') return 'an x86-64 host';
  const programs = [emulator, 'busybox', 'iscsistart'].filter((program) => !isInstalled(program));
  return [...programs, ...(findKernel() ? [] : ['a kernel with iscsi_tcp'])].join(', ');
}

/**
 * Starts a Linux machine without any disk, in which 10.0.2.2 is this host's loopback, runs the commands (busybox sh, with
 * iscsistart) and returns what they and the kernel printed. Needs no rights. Throws when the machine does not end.
 */
export async function runInLinux(kernel: LinuxKernel, commands: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'leeward-linux-'));
  try {
    const ram = join(folder, 'initial');
    writeFileSync(ram, ramDisk(kernel, commands));
    const settings = [
      ...['-machine', 'pc', '-cpu', 'max', '-m', '256', '-display', 'none', '-serial', 'stdio', '-no-reboot'],
      ...['-kernel', kernel.image, '-initrd', ram, '-append', 'console=ttyS0 quiet panic=-1'],
      ...['-nic', 'user,model=virtio-net-pci'],
    ];
    const { stdout } = await promisify(execFile)(emulator, settings, { timeout: 240_000 });
    return stdout.replaceAll('\r', '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ramDisk({ modules: folder }: LinuxKernel, commands: string): Buffer {
  const shell = execFileSync('which', ['busybox'], { encoding: 'utf8' }).trim();
  const start = execFileSync('which', ['iscsistart'], { encoding: 'utf8' }).trim();
  const ldd = (program: string) => {
    try {
      return execFileSync('ldd', [program], { encoding: 'utf8', stdio: 'pipe' });
    } catch {
      return '';
    }
  };
  const init = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin:/sbin:/usr/sbin
mkdir -p /proc /sys /dev /run/lock /tmp /etc/iscsi
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs dev /dev
for module in /modules/*; do insmod "$module"; done
ip addr add 127.0.0.1/8 dev lo; ip link set lo up
ip addr add 10.0.2.15/24 dev eth0; ip link set eth0 up
(
${commands}
)
poweroff -f
`;
  return initialFiles([
    { path: 'init', content: init, isProgram: true },
    { path: 'bin/busybox', content: readFileSync(shell), isProgram: true },
    ...programWith(shell, ldd(shell)).slice(1),
    ...programWith(start, ldd(start)),
    ...modulesOf(folder, modules),
  ]);
}
