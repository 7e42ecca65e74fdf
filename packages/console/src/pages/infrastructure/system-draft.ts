/** What is typed to register a vCenter or an array. */
export interface SystemDraft {
  readonly name: string;
  readonly host: string;
  readonly port: string;
  readonly username: string;
  readonly password: string;
  readonly fingerprint: string;
  readonly family: string;
}

type Kind = 'vcenter' | 'array';

/** As the API takes it: what was left empty is left out. */
export function systemBody(kind: Kind, draft: SystemDraft): object {
  const { name, host, port, username, password, fingerprint, family } = draft;
  return {
    ...{ name, host, username, password },
    ...(port === '' ? {} : { port: Number(port) }),
    ...(fingerprint === '' ? {} : { fingerprint }),
    ...(kind === 'array' ? { family } : {}),
  };
}

/** The command that does the same; never with the password in it. */
export function systemCommand(kind: Kind, draft: SystemDraft, quoted: (text: string) => string): string {
  const { name, host, port, username, fingerprint, family } = draft;
  return [
    `leeward ${kind} add ${quoted(name || 'NAME')}`,
    ...(kind === 'array' ? [`--family ${quoted(family)}`] : []),
    `--host ${quoted(host || 'HOST')}`,
    ...(port === '' ? [] : [`--port ${port}`]),
    `--username ${quoted(username || 'ACCOUNT')} --password-file FILE`,
    ...(fingerprint === '' ? [] : [`--fingerprint ${fingerprint}`]),
  ].join(' ');
}
