import type { LabState } from '@leeward/lab';

/** The commands that register the systems of a lab, fit for a shell. */
export function registerCommands({ vcenter, arrays }: Pick<LabState, 'vcenter' | 'arrays'>): string[] {
  return [
    `npx leeward vcenter add ${systemWords(vcenter)}`,
    ...arrays.map(
      (array) => `npx leeward array add ${systemWords(array)} --family ${array.family}${portsFiles(array)}`,
    ),
  ];
}

function portsFiles({ nfsPortsFile, iscsiPortsFile }: LabState['arrays'][number]): string {
  const option = (name: string, file: string | undefined) =>
    file === undefined ? '' : ` --${name}-ports-file ${quoted(file)}`;
  return option('nfs', nfsPortsFile) + option('iscsi', iscsiPortsFile);
}

type LabSystem = Pick<
  LabState['vcenter'],
  'name' | 'host' | 'port' | 'username' | 'passwordFile' | 'fingerprint'
>;

function systemWords({ name, host, port, username, passwordFile, fingerprint }: LabSystem): string {
  return (
    `${quoted(name)} --host ${quoted(host)} --port ${port} --username ${quoted(username)} ` +
    `--password-file ${quoted(passwordFile)} --fingerprint ${fingerprint}`
  );
}

/** A word for a POSIX shell: as it is where nothing in it is special, else in single quotes. */
export function quoted(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
