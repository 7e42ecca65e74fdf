import { baseName, type FrozenFolders, folderOf, joined } from './frozen-folders.ts';
import type { ReadVmInput } from './read-vm.ts';

const maxVmxBytes = 1024 * 1024;
const maxNvramBytes = 16 * 1024 * 1024;

interface ConfigurationFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/**
 * The configuration files of a VM out of the storage snapshot. The `.vmx` there names the delta disks that the
 * VMware snapshot had made; it is rewritten to the disks of the point, so that a restored folder can be registered
 * as it is.
 */
export async function readConfiguration(
  files: FrozenFolders,
  input: ReadVmInput,
  names: ReadonlyMap<number, string>,
  signal: AbortSignal,
): Promise<readonly ConfigurationFile[]> {
  const { vmxFile } = input;
  if (!vmxFile) return [];
  const { path } = vmxFile;
  const vmx = Buffer.from(await files.read(vmxFile, path, maxVmxBytes, signal));
  const diskByNode = new Map(input.disks.map(({ node, key }) => [node.toLowerCase(), names.get(key) ?? '']));
  const configuration: ConfigurationFile[] = [{ name: baseName(path), content: rewriteVmx(vmx, diskByNode) }];
  const folder = folderOf(path);
  for (const name of await files.names(vmxFile, folder, signal))
    if (name.toLowerCase().endsWith('.nvram'))
      configuration.push({
        name,
        content: await files.read(vmxFile, joined(folder, name), maxNvramBytes, signal),
      });
  return configuration;
}

/**
 * Replaces the values of `<node>.fileName` by the disks of the point; all other bytes stay as they are, whatever
 * their encoding.
 */
export function rewriteVmx(vmx: Buffer, diskByNode: ReadonlyMap<string, string>): Buffer {
  const lines = vmx.toString('latin1').split('\n');
  const rewritten = lines.map((line) => {
    const match = /^(\s*)([a-z]+\d+:\d+)\.fileName(\s*=\s*)".*"(\r?)$/i.exec(line);
    const name = match && diskByNode.get((match[2] ?? '').toLowerCase());
    if (!match || !name) return line;
    return `${match[1]}${match[2]}.fileName${match[3]}"${Buffer.from(`${name}.vmdk`).toString('latin1')}"${match[4]}`;
  });
  return Buffer.from(rewritten.join('\n'), 'latin1');
}
