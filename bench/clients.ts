// Benchmark of our iSCSI initiator and NFS client against libiscsi, libnfs and qemu-img, each on the same foreign
// server and on our own, side by side in rotation: node bench/clients.ts [--json FILE] [--size MIB] [--rounds N]
// [--dir FOLDER] [--only iscsi|nfs] [--shared-cores]. What is not installed is left out with a message.
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  createReadStream,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isInstalled } from '../tests/interop/nfs/judges.ts';
import type { Contest, Outcome } from './clients-contest.ts';
import { readOurs } from './clients-contest.ts';
import { iscsiContest, nfsContest, type Place, warmUpSeconds } from './clients-contests.ts';
import { allCores, separateCores } from './clients-cores.ts';
import { congestionControl, enterOwnNetwork } from './clients-network.ts';
import { foreignTarget, imageName, ownFile, ownTarget } from './clients-places.ts';
import { type Line, linesOf, printLines } from './clients-report.ts';
import { type ForeignTarget, startForeignTarget, startGanesha, startOwnServers } from './clients-servers.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    size: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '5' },
    dir: { type: 'string', default: tmpdir() },
    only: { type: 'string' },
    // Otherwise clients and servers have cores of their own, as proxy and array have in the field.
    'shared-cores': { type: 'boolean', default: false },
  },
});
const isRoot = process.getuid?.() === 0;
const ownNetwork = isRoot && ['unshare', 'nsenter', 'ip'].every(has);
if (ownNetwork) enterOwnNetwork();
const imageBytes = Number(values.size) * 2 ** 20;
const work = mkdtempSync(join(values.dir, 'leeward-bench-clients-'));

function has(program: string): boolean {
  if (isInstalled(program)) return true;
  console.log(`left out: ${program} is not installed`);
  return false;
}

/** Random pieces of 1 MiB, none like another, so that data at a wrong place is found. */
function makeImage(path: string): void {
  const file = openSync(path, 'w');
  const piece = randomBytes(2 ** 20);
  for (let at = 0; at < imageBytes; at += piece.length) {
    for (let page = 0; page < piece.length; page += 4096) piece.writeDoubleBE(at + page, page);
    writeSync(file, piece, 0, piece.length, at);
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(bytes);
  return hash.digest('hex');
}

/** All clients of a contest after each other, in another order each round. */
async function compete(contest: Contest, rounds: number): Promise<Line[]> {
  const results: Map<string, Outcome>[] = [];
  for (let round = 0; round < rounds; round++) {
    const outcomes = new Map<string, Outcome>();
    const { contestants } = contest;
    const order = contestants.map((_, index) => contestants[(index + round) % contestants.length]);
    for (const contestant of order) if (contestant) outcomes.set(contestant.name, await contestant.run());
    results.push(outcomes);
  }
  return linesOf(contest, results);
}

async function check(place: Place, hash: string): Promise<void> {
  const { sha256 } = await readOurs(
    { ...place.order, readBytes: 0, readsInFlight: 1, hash: true },
    place.prefix,
  );
  if (sha256 !== hash) throw new Error(`our client read something else: ${place.name}`);
}

function foreignPlace(name: string, target: ForeignTarget, prefix: readonly string[]): Place {
  const { port, otherPorts } = target;
  const { name: targetName, lun } = foreignTarget;
  const order = {
    protocol: 'iscsi' as const,
    readBytes: 0,
    readsInFlight: 0,
    port,
    otherPorts,
    targetName,
    lun,
  };
  return { name, prefix, order, largestBytes: 0, standardPorts: true };
}

async function main(): Promise<Line[]> {
  const folders = { large: join(work, 'large'), small: join(work, 'small') };
  for (const folder of Object.values(folders)) mkdirSync(folder);
  const image = join(folders.large, imageName);
  makeImage(image);
  linkSync(image, join(folders.small, imageName));
  const hash = await hashOf(image);
  const hasTgt = values.only !== 'nfs' && has('tgtd');
  const everyCore = has('taskset') ? allCores() : [];
  const running: { stop(): Promise<void> }[] = [];
  const kept = <T extends { stop(): Promise<void> }>(server: T): T => {
    running.push(server);
    return server;
  };
  try {
    // Before the cores are divided: it has all of them.
    const controllers = hasTgt ? kept(await startForeignTarget(image, 2)) : undefined;
    const cores = values['shared-cores'] || !has('taskset') ? [] : separateCores();
    console.log(cores.length > 0 ? `clients: ${cores.join(' ')}` : 'clients and servers share all cores');
    const own = kept(await startOwnServers(image, ownNetwork));
    const tgtd = hasTgt ? kept(await startForeignTarget(image, 1)) : undefined;
    const hasGanesha = values.only !== 'iscsi' && isRoot && has('ganesha.nfsd');
    const ganesha = hasGanesha ? kept(await startGanesha(work, folders)) : undefined;
    const iscsi = { protocol: 'iscsi' as const, readBytes: 0, readsInFlight: 0 };
    const nfs = { protocol: 'nfs' as const, readBytes: 0, readsInFlight: 0, path: imageName };
    const prefix = [...own.prefix, ...cores];
    const ownNfs = { ...nfs, exportPath: ownFile.exportPath };
    const foreignNfs = ganesha && { ...nfs, port: ganesha.nfsPort, mountPort: ganesha.mountPort };
    const places: Place[] = [
      ...(tgtd ? [foreignPlace('iSCSI, tgt', tgtd, cores)] : []),
      ...(controllers
        ? [foreignPlace('iSCSI, tgt of two controllers, all cores shared', controllers, everyCore)]
        : []),
      {
        name: 'iSCSI, our target',
        prefix,
        order: { ...iscsi, port: own.iscsiPort, targetName: ownTarget.name, lun: ownTarget.lun },
        largestBytes: 0,
        standardPorts: true,
      },
      ...(foreignNfs
        ? [
            {
              name: 'NFS, nfs-ganesha, READs of 1 MiB',
              prefix: cores,
              order: { ...foreignNfs, exportPath: folders.large },
              largestBytes: 2 ** 20,
              standardPorts: true,
            },
            {
              name: 'NFS, nfs-ganesha, READs of 64 KiB',
              prefix: cores,
              order: { ...foreignNfs, exportPath: folders.small },
              largestBytes: 64 * 1024,
              standardPorts: true,
            },
          ]
        : []),
      {
        name: 'NFS, our server, READs of 1 MiB',
        prefix,
        order: { ...ownNfs, port: own.nfsPort, mountPort: own.nfsPort },
        largestBytes: 2 ** 20,
        standardPorts: own.hasStandardPorts,
      },
      {
        name: 'NFS, our server, READs of 64 KiB',
        prefix,
        order: { ...ownNfs, port: own.smallNfsPort, mountPort: own.smallNfsPort },
        largestBytes: 64 * 1024,
        standardPorts: false,
      },
    ];
    const lines: Line[] = [];
    for (const place of places.filter(({ order }) => !values.only || order.protocol === values.only)) {
      await check(place, hash);
      const contest =
        place.order.protocol === 'iscsi'
          ? iscsiContest(place, imageBytes, has)
          : nfsContest(place, imageBytes, has);
      const found = await compete(contest, Number(values.rounds));
      printLines(found);
      lines.push(...found);
    }
    return lines;
  } finally {
    await Promise.all(running.map((server) => server.stop()));
  }
}

try {
  console.log(
    `image of ${values.size} MiB in the page cache, ${values.rounds} rounds, Node ${process.version}`,
  );
  console.log(
    `${ownNetwork ? 'a network of its own' : 'the network of this machine'}, ${congestionControl()}`,
  );
  console.log(`ours reads for ${warmUpSeconds} s before each turn, until its code is compiled`);
  console.log(execFileSync('uptime', { encoding: 'utf8' }).trim());
  const lines = await main();
  if (values.json)
    writeFileSync(values.json, `${JSON.stringify({ node: process.version, imageBytes, lines }, null, 2)}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
