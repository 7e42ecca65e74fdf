import { createHash } from 'node:crypto';
import type { OntapSimulator } from '@leeward/lab/ontap/simulator';
import { SeededRandomness } from '@leeward/platform';
import { probeBytes } from './read-shown-lun.ts';

/** Writes the beginning of a LUN, as a host does, and tells its SHA-256. */
export function fillLun({ world }: OntapSimulator, svmName: string, path: string, seed: number): string {
  const svm = world.cluster.svm(svmName);
  const lun = svm && world.san.luns.byPath(svm, path);
  if (!lun) throw new Error(`no LUN ${path}`);
  const content = new SeededRandomness(seed).bytes(probeBytes);
  const { volume, inodeId } = lun;
  volume.tree.write(inodeId, 0, content, volume.account, world.cluster.clock.now());
  return createHash('sha256').update(content).digest('hex');
}
