// Our own target and NFS server as a process of its own, serving one image from memory. Prints `Served` as JSON and
// serves until its standard input ends. With `--own-network` it is alone in a network namespace, with NFS and the
// port mapper at the ports where qemu-img looks for them.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { createPortMapper } from '@leeward/transports';
import { createIscsiTarget, MappedTarget } from '@leeward/transports/iscsi/target/iscsi-target';
import { MemoryBackend } from '@leeward/transports/iscsi/testing/memory-backend';
import { createNfsServer } from '@leeward/transports/nfs/server/nfs-server';
import { MemoryFileSystem } from '@leeward/transports/nfs/testing/memory-file-system';
import { setUpNetwork } from './clients-network.ts';
import { ownFile, ownTarget } from './clients-places.ts';

export interface Served {
  readonly iscsiPort: number;
  /** Offers READs of 1 MiB; and another server, of 64 KiB, the default of ONTAP. */
  readonly nfsPort: number;
  readonly smallNfsPort: number;
}

const [image = '', network] = process.argv.slice(2);
const isOwnNetwork = network === '--own-network';
if (isOwnNetwork) setUpNetwork();
const address = '127.0.0.1';
const content = contentOf(image);

const target = new MappedTarget(ownTarget.name);
target.map('*', ownTarget.lun, new MemoryBackend(content, { readOnly: true }));
const iscsi = await createIscsiTarget({
  portals: [{ address, port: 0 }],
  targets: () => [target],
  clock,
  randomness,
});

const fileSystem = new MemoryFileSystem({ readOnly: true });
fileSystem.addFile(ownFile.path, content);
const nfs = { fileSystem, address, mountPort: 0, clock };
const large = await createNfsServer({ ...nfs, nfsPort: isOwnNetwork ? 2049 : 0 });
const small = await createNfsServer({ ...nfs, nfsPort: 0, maxReadBytes: 64 * 1024 });
const services = [
  { program: 100003, version: 3, port: large.nfsPort },
  { program: 100005, version: 3, port: large.mountPort },
];
const mapper = isOwnNetwork ? await createPortMapper({ address, port: 111, services }) : undefined;

const served: Served = {
  iscsiPort: iscsi.ports[0] ?? 0,
  nfsPort: large.nfsPort,
  smallNfsPort: small.nfsPort,
};
console.log(JSON.stringify(served));
process.stdin.resume();
process.stdin.on('end', async () => {
  await Promise.all([iscsi.close(), large.close(), small.close(), mapper?.close()]);
});

/** Also of images above what `readFileSync` takes. */
function contentOf(path: string): Buffer {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(fstatSync(file).size);
  for (let at = 0; at < bytes.length; )
    at += readSync(file, bytes, at, Math.min(2 ** 30, bytes.length - at), at);
  closeSync(file);
  return bytes;
}
