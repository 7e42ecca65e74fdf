// Serves a folder's files on the standard ports (2049 and 111, all that qemu's nfs:// knows), runs the commands
// given as JSON in the second argument and prints their outcomes as JSON. With `--own-network` it is alone in a
// network namespace and brings its loopback up first.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@leeward/platform';
import { createPortMapper } from '@leeward/transports';
import { createNfsServer } from '@leeward/transports/nfs/server/nfs-server';
import { MemoryFileSystem } from '@leeward/transports/nfs/testing/memory-file-system';
import { run } from './judges.ts';

const [folder = '', commands = '[]', network] = process.argv.slice(2);
if (network === '--own-network') execFileSync('ip', ['link', 'set', 'lo', 'up']);

const fileSystem = new MemoryFileSystem();
for (const name of readdirSync(folder)) fileSystem.addFile(`vm/${name}`, readFileSync(join(folder, name)));
const address = '127.0.0.1';
const server = await createNfsServer({
  fileSystem,
  address,
  nfsPort: 2049,
  mountPort: 0,
  clock: systemClock,
});
const services = [
  { program: 100003, version: 3, port: server.nfsPort },
  { program: 100005, version: 3, port: server.mountPort },
];
const mapper = await createPortMapper({ address, port: 111, services });

const outcomes = [];
for (const [program = '', ...args] of JSON.parse(commands) as string[][]) {
  const { code, stdout, stderr } = await run(program, args);
  outcomes.push({ code, stdout: stdout.toString(), stderr });
}
process.stdout.write(JSON.stringify(outcomes));
await mapper.close();
await server.close();
