import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  clearLabFaults,
  type LabArray,
  type LabFault,
  type LabState,
  listLabFaults,
  readLabState,
} from '@leeward/lab';
import { RestCaller } from '@leeward/lab/ontap/testing/rest-caller';
import { addresses, esxiInitiator } from '@leeward/lab/scenario/addresses';
import { VimProbe } from '@leeward/lab/vcenter/testing/vim-probe';
import { systemClock, systemRandomness } from '@leeward/platform';
import { openIscsiLun } from '@leeward/transports/iscsi/initiator/open-iscsi-lun';
import { connectNfs } from '@leeward/transports/nfs/client/nfs-client';
import { z } from 'zod';
import { type Ended, leeward } from './leeward-process.ts';

const deps = { clock: systemClock, randomness: systemRandomness };
const giveUpAfterMs = 1_500;

/** A lab that the command line started, and clients that see what goes wrong in it. */
export class FaultyLab {
  readonly folder: string;
  readonly state: LabState;
  readonly #closing: (() => Promise<unknown>)[] = [];

  static async start(scenario: 'nfs' | 'full'): Promise<FaultyLab> {
    const folder = await mkdtemp(join(tmpdir(), 'leeward-lab-faults-'));
    const words = ['lab', 'up', '--folder', join(folder, 'lab'), '--size', '0.02', '--scenario', scenario];
    const { code, stderr } = await leeward(words, { LEEWARD_DATA: folder }, 120_000);
    const state = await readLabState(join(folder, 'lab'));
    if (code !== 0 || !state) throw new Error(`the lab does not start: ${stderr}`);
    return new FaultyLab(folder, state);
  }

  private constructor(folder: string, state: LabState) {
    this.folder = folder;
    this.state = state;
  }

  /** Runs `leeward lab …` for this lab. */
  run(...words: readonly string[]): Promise<Ended> {
    return leeward(['lab', ...words, '--folder', join(this.folder, 'lab')], { LEEWARD_DATA: this.folder });
  }

  /** Runs it with `--json`; throws when it fails. */
  async json<T>(schema: z.ZodType<T>, ...words: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...words, '--json');
    if (code !== 0) throw new Error(`lab ${words.join(' ')}: ${code} ${stderr}`);
    return schema.parse(JSON.parse(stdout));
  }

  /** What is planted, without a process that asks. */
  faults(system?: string): Promise<LabFault[]> {
    return listLabFaults(this.state, system);
  }

  async calm(): Promise<void> {
    await clearLabFaults(this.state);
  }

  array(name: string): LabArray {
    const found = this.state.arrays.find((one) => one.name === name);
    if (!found) throw new Error(`no array ${name}`);
    return found;
  }

  /** The REST interface of an ONTAP cluster. */
  async rest(name: string): Promise<RestCaller> {
    const { host: restAddress, port: restPort, fingerprint: certificateSha256, ...array } = this.array(name);
    const password = (await readFile(array.passwordFile, 'utf8')).trim();
    const caller = new RestCaller(
      { restAddress, restPort, certificateSha256 },
      { name: array.username, password },
    );
    this.#closing.push(() => caller.close());
    return caller;
  }

  /** vCenter, logged in. */
  async vcenter(): Promise<VimProbe> {
    const { port, fingerprint: fingerprintSha256, control, username, passwordFile } = this.state.vcenter;
    const probe = new VimProbe({ port, controlPort: control.port, fingerprintSha256 }, control.token);
    this.#closing.push(() => probe.close());
    await probe.login(username, (await readFile(passwordFile, 'utf8')).trim());
    return probe;
  }

  /** Reads the beginning of a file on the primary cluster as the ESXi host does. */
  async readFile(path: string): Promise<void> {
    const ports = await readPorts(this.array('ontap-a').nfsPortsFile ?? '', nfsPortsSchema);
    const mount = await connectNfs({
      ...deps,
      ...ports[addresses.primary],
      addresses: [addresses.primary],
      localAddress: addresses.esxi,
      exportPath: '/vm_ds1',
      giveUpAfterMs,
    });
    try {
      await (await mount.open(path)).read(0, new Uint8Array(4096));
    } finally {
      await mount.close();
    }
  }

  /** Reads the beginning of the LUN on the primary cluster as the ESXi host does. */
  async readLun(): Promise<void> {
    const { nfsPortsFile: _, iscsiPortsFile = '' } = this.array('ontap-a');
    const port = (await readPorts(iscsiPortsFile, z.record(z.string(), z.number())))[addresses.primaryIscsi];
    const rest = await this.rest('ontap-a');
    const [service] = await rest.records('/protocols/san/iscsi/services?fields=target');
    const { target } = z.looseObject({ target: z.looseObject({ name: z.string() }) }).parse(service);
    const lun = await openIscsiLun({
      ...deps,
      portals: [{ host: addresses.primaryIscsi, port: port ?? 0 }],
      ...{ targetName: target.name, initiatorName: esxiInitiator, lun: 0, sessions: 1, giveUpAfterMs },
    });
    try {
      await lun.read(0, new Uint8Array(4096));
    } finally {
      await lun.close();
    }
  }

  async close(): Promise<void> {
    for (const close of this.#closing) await close();
    await this.run('down');
    await rm(this.folder, { recursive: true, force: true });
  }
}

const nfsPortsSchema = z.record(z.string(), z.object({ nfsPort: z.number(), mountPort: z.number() }));

async function readPorts<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse(await readFile(path, 'utf8')));
}
