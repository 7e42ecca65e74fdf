/** Where `apply` takes a secret from; the document never holds one. */
export type SecretFrom = { readonly env: string } | { readonly file: string };

/** An object of the document, with the fields of the operations of the API. */
export type Entry = { readonly name: string } & Readonly<Record<string, unknown>>;

interface Account {
  readonly username: string;
  readonly passwordFrom?: SecretFrom | undefined;
}

export interface SystemEntry extends Entry {
  readonly passwordFrom?: SecretFrom | undefined;
  readonly chap?: (Account & { readonly mutual?: Account | undefined }) | null | undefined;
}

export interface RepositoryEntry extends Entry {
  readonly passwordFrom?: SecretFrom | undefined;
}

/** The target with `passwordFrom`, `urlFrom` and `secretFrom` where its kind has such secrets. */
export interface ChannelEntry extends Entry {
  readonly enabled?: boolean | undefined;
  readonly rules?: Readonly<Record<string, unknown>> | undefined;
  readonly target?: Readonly<Record<string, unknown>> | undefined;
}

/** What a server is told, as one document. A list that is left out says nothing of its kind. */
export interface ConfigurationDocument {
  readonly apiVersion: 'leeward/v1';
  readonly vcenters?: readonly SystemEntry[] | undefined;
  readonly arrays?: readonly SystemEntry[] | undefined;
  readonly repositories?: readonly RepositoryEntry[] | undefined;
  readonly jobs?: readonly Entry[] | undefined;
  readonly channels?: readonly ChannelEntry[] | undefined;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

export const configurationKinds = ['vcenter', 'array', 'repository', 'job', 'channel', 'settings'] as const;
export type ConfigurationKind = (typeof configurationKinds)[number];

export interface FieldChange {
  readonly field: string;
  /** Missing: it was not there. */
  readonly from?: unknown;
  readonly to?: unknown;
}

export interface ConfigurationStep {
  readonly kind: ConfigurationKind;
  readonly name: string;
  /** `surplus`: it is on the server and not in the document; it stays, unless it is removed by name. */
  readonly action: 'create' | 'change' | 'unchanged' | 'surplus';
  readonly changes: readonly FieldChange[];
  /** The operation of the API that does it; its body lacks the secrets. Missing: there is none. */
  readonly request?: {
    readonly method: 'POST' | 'PATCH' | 'DELETE';
    readonly path: string;
    readonly body?: object;
  };
  /** Secrets that belong into the body, by their place there. Of what exists they are sent only on demand. */
  readonly secrets: readonly { readonly field: string; readonly from: SecretFrom }[];
}

export interface ConfigurationPlan {
  /** In the order in which they have to be done. */
  readonly steps: readonly ConfigurationStep[];
}
