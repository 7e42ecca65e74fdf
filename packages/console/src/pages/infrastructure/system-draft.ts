/** A data port with other TCP ports than the usual ones. */
export interface DataPort {
  readonly address: string;
  readonly protocol: 'nfs' | 'iscsi';
  readonly port: string;
  /** Of NFS: that of the mount protocol. */
  readonly mountPort: string;
}

/** What is typed to register a vCenter or an array, or to change how it is reached. */
export interface SystemDraft {
  readonly name: string;
  readonly host: string;
  readonly port: string;
  readonly username: string;
  readonly password: string;
  readonly fingerprint: string;
  readonly caPem: string;
  readonly family: string;
  /** Undefined: as they are known; empty: the usual ones. */
  readonly ports: readonly DataPort[] | undefined;
  readonly chap: 'keep' | 'none' | 'set';
  readonly chapUsername: string;
  readonly chapPassword: string;
  /** What the array has to prove itself with in turn. */
  readonly chapMutual: 'keep' | 'none' | 'set';
  readonly chapMutualUsername: string;
  readonly chapMutualPassword: string;
}

/** Of a part of the form. */
export interface DraftFieldsProps {
  readonly prefix: string;
  readonly draft: SystemDraft;
  readonly isNew: boolean;
  readonly change: (part: Partial<SystemDraft>) => void;
}

export const newSystem: SystemDraft = {
  ...{ name: '', host: '', port: '', username: '', password: '', fingerprint: '', caPem: '', family: '' },
  ...{ ports: undefined, chap: 'keep', chapUsername: '', chapPassword: '' },
  ...{ chapMutual: 'keep', chapMutualUsername: '', chapMutualPassword: '' },
};

type Kind = 'vcenter' | 'array';

/** How it is reached now, as far as that is told. */
interface Reached {
  readonly host: string;
  readonly port: number;
  readonly username: string;
}

/** As the API takes it: what was left empty, or is as it was, is left out. */
export function systemBody(kind: Kind, draft: SystemDraft, now?: Reached): object {
  const { name, host, port, username, password, fingerprint, caPem, family } = draft;
  return {
    ...(now ? {} : { name }),
    ...(host === now?.host ? {} : { host }),
    ...(username === now?.username ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(port === '' || port === String(now?.port) ? {} : { port: Number(port) }),
    ...(fingerprint === '' ? {} : { fingerprint }),
    ...(caPem.trim() === '' ? {} : { caPem }),
    ...(kind === 'array' ? { ...(now ? {} : { family }), ...portTables(draft.ports), ...chapOf(draft) } : {}),
  };
}

function portTables(ports: readonly DataPort[] | undefined): object {
  if (!ports) return {};
  const of = (wanted: DataPort['protocol']) =>
    ports.filter(({ protocol, address, port }) => protocol === wanted && address !== '' && port !== '');
  return {
    nfsPorts: Object.fromEntries(
      of('nfs').map(({ address, port, mountPort }) => [
        address,
        { nfsPort: Number(port), mountPort: Number(mountPort || port) },
      ]),
    ),
    iscsiPorts: Object.fromEntries(of('iscsi').map(({ address, port }) => [address, Number(port)])),
  };
}

function chapOf(draft: SystemDraft): object {
  const { chap, chapUsername, chapPassword, chapMutual, chapMutualUsername, chapMutualPassword } = draft;
  if (chap === 'keep') return {};
  if (chap === 'none') return { chap: null };
  const mutual = chapMutual === 'none' ? null : accountOf(chapMutualUsername, chapMutualPassword);
  return {
    chap: { ...accountOf(chapUsername, chapPassword), ...(chapMutual === 'keep' ? {} : { mutual }) },
  };
}

function accountOf(username: string, password: string): object {
  return { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) };
}

/** The command that does the same; never with a password in it. */
export function systemCommand(
  kind: Kind,
  draft: SystemDraft,
  quoted: (text: string) => string,
  now?: Reached,
): string {
  const { name, host, port, username, password, fingerprint, caPem, family, ports, chap } = draft;
  const has = (protocol: DataPort['protocol']) => ports?.some((each) => each.protocol === protocol);
  return [
    `leeward ${kind} ${now ? 'edit' : 'add'} ${quoted(name || 'NAME')}`,
    ...(kind === 'array' && !now ? [`--family ${quoted(family || 'FAMILY')}`] : []),
    ...(host === now?.host ? [] : [`--host ${quoted(host || 'HOST')}`]),
    ...(port === '' || port === String(now?.port) ? [] : [`--port ${port}`]),
    ...(username === now?.username ? [] : [`--username ${quoted(username || 'ACCOUNT')}`]),
    ...(now && password === '' ? [] : ['--password-file FILE']),
    ...(fingerprint === '' ? [] : [`--fingerprint ${fingerprint}`]),
    ...(caPem.trim() === '' ? [] : ['--ca-file FILE']),
    ...(has('nfs') ? ['--nfs-ports-file FILE'] : []),
    ...(has('iscsi') ? ['--iscsi-ports-file FILE'] : []),
    ...(chap === 'none' && now ? ['--no-chap'] : []),
    ...(chap === 'set' ? chapArguments(draft, quoted) : []),
  ].join(' ');
}

function chapArguments(draft: SystemDraft, quoted: (text: string) => string): readonly string[] {
  const { chapUsername, chapPassword, chapMutual, chapMutualUsername, chapMutualPassword } = draft;
  const given = (option: string, username: string, password: string) => [
    ...(username === '' ? [] : [`--${option}-username ${quoted(username)}`]),
    ...(password === '' ? [] : [`--${option}-password-file FILE`]),
  ];
  return [
    ...given('chap', chapUsername, chapPassword),
    ...(chapMutual === 'none' ? ['--no-chap-mutual'] : []),
    ...(chapMutual === 'set' ? given('chap-mutual', chapMutualUsername, chapMutualPassword) : []),
  ];
}

/** Whether enough was typed to ask the server. */
export function isReady(kind: Kind, draft: SystemDraft, isNew: boolean): boolean {
  const { name, host, username, password, family } = draft;
  if (host === '' || username === '') return false;
  return !isNew || (name !== '' && password !== '' && (kind === 'vcenter' || family !== ''));
}
