/** As the server names them; each may what is said in `may.ts`. */
export type Role = 'viewer' | 'operator' | 'restore-operator' | 'administrator';

export interface Session {
  readonly user: {
    readonly name: string;
    readonly role: Role;
    readonly scopes?: readonly { readonly jobs: readonly string[] }[];
  };
  readonly csrfToken: string;
  readonly expiresAt: string;
}
