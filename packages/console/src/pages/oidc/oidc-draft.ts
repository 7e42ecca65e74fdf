import type { OidcRule, OidcSettings } from '../../api/oidc.ts';
import type { Role } from '../../api/session.ts';
import { patternsOf } from '../../format/patterns.ts';

export interface RuleDraft {
  readonly value: string;
  readonly role: Role;
  /** Patterns, separated by commas; empty: all jobs. */
  readonly jobs: string;
}

/** What is typed of the provider; lists are separated by commas. */
export interface OidcDraft {
  readonly issuer: string;
  readonly clientId: string;
  readonly secretFrom: OidcSettings['secretFrom'];
  /** Empty: the stored one stays. */
  readonly clientSecret: string;
  readonly scopes: string;
  readonly usernameClaim: string;
  readonly roleClaim: string;
  readonly rules: readonly RuleDraft[];
  readonly domains: string;
  readonly label: string;
  readonly caPem: string;
  readonly publicUrl: string;
  readonly signOutAtProvider: boolean;
}

export const newRule: RuleDraft = { value: '', role: 'viewer', jobs: '' };

export const newOidc: OidcDraft = {
  ...{ issuer: '', clientId: '', secretFrom: 'stored', clientSecret: '', scopes: 'openid, profile, email' },
  ...{ usernameClaim: 'preferred_username', roleClaim: 'groups', rules: [newRule], domains: '' },
  ...{ label: 'Single sign-on', caPem: '', publicUrl: '', signOutAtProvider: true },
};

export function draftOf(settings: OidcSettings): OidcDraft {
  const { issuer, clientId, secretFrom, scopes, usernameClaim, roleClaim, roles, label } = settings;
  const { domains = [], caPem = '', publicUrl = '', signOutAtProvider = true } = settings;
  return {
    ...{
      issuer,
      clientId,
      secretFrom,
      clientSecret: '',
      scopes: scopes.join(', '),
      usernameClaim,
      roleClaim,
    },
    ...{ domains: domains.join(', '), label, caPem, publicUrl, signOutAtProvider },
    rules: roles.map(({ value, role, scope }) => ({ value, role, jobs: scope?.jobs.join(', ') ?? '' })),
  };
}

function rulesOf({ rules }: OidcDraft): readonly OidcRule[] {
  return rules
    .filter(({ value }) => value !== '')
    .map(({ value, role, jobs }) => {
      const patterns = patternsOf(jobs);
      return { value, role, ...(patterns.length > 0 ? { scope: { jobs: patterns } } : {}) };
    });
}

/** As the API takes it; `null` takes back. */
export function oidcBody(draft: OidcDraft, seen?: OidcSettings): object {
  const { issuer, clientId, secretFrom, clientSecret, usernameClaim, roleClaim, label, publicUrl } = draft;
  const { signOutAtProvider } = draft;
  const [scopes, domains] = [patternsOf(draft.scopes), patternsOf(draft.domains)];
  return {
    ...{ issuer, clientId, roles: rulesOf(draft) },
    ...(secretFrom !== 'stored' ? { secretFrom } : clientSecret === '' ? {} : { clientSecret }),
    ...(scopes.length > 0 ? { scopes } : {}),
    usernameClaim: usernameClaim || null,
    ...{ roleClaim: roleClaim || null, label: label || null, publicUrl: publicUrl || null },
    ...(signOutAtProvider === (seen?.signOutAtProvider ?? true) ? {} : { signOutAtProvider }),
    ...{ domains: domains.length > 0 ? domains : null, caPem: draft.caPem.trim() || null },
  };
}

/** Whether enough was typed to ask the server. */
export function isReady(draft: OidcDraft, seen: OidcSettings | undefined): boolean {
  const { issuer, clientId, secretFrom, clientSecret } = draft;
  const hasSecret = secretFrom !== 'stored' || clientSecret !== '' || seen?.secretFrom === 'stored';
  return issuer !== '' && clientId !== '' && rulesOf(draft).length > 0 && hasSecret;
}

/** The command that does the same; never with the secret in it. */
export function oidcCommand(draft: OidcDraft, quoted: (text: string) => string, seen?: OidcSettings): string {
  const before = seen && draftOf(seen);
  const unlike = (key: keyof OidcDraft) => before === undefined || draft[key] !== before[key];
  const text = (key: 'issuer' | 'clientId' | 'label' | 'usernameClaim' | 'roleClaim', option: string) => {
    const wanted = draft[key] || newOidc[key];
    return wanted === (before ?? newOidc)[key] ? [] : [`--${option} ${quoted(wanted)}`];
  };
  const list = (option: string, values: readonly string[]) =>
    `--${option} ${values.map((value) => quoted(value)).join(' ')}`;
  const taken = (key: 'domains' | 'publicUrl' | 'caPem', given: string, back: string) =>
    unlike(key) ? (draft[key] === '' ? (before ? [back] : []) : [given]) : [];
  const rules = rulesOf(draft).map(
    ({ value, role, scope }) => `${value}=${role}${scope ? `:${scope.jobs.join(',')}` : ''}`,
  );
  const rulesBefore = before && JSON.stringify(rulesOf(before));
  const { secretFrom, clientSecret } = draft;
  return [
    'leeward oidc set',
    ...text('issuer', 'issuer'),
    ...text('clientId', 'client-id'),
    ...(secretFrom === 'stored'
      ? clientSecret === '' && before
        ? []
        : ['--client-secret-file FILE']
      : unlike('secretFrom')
        ? [`--secret-from ${secretFrom}`]
        : []),
    ...(unlike('scopes') && draft.scopes !== newOidc.scopes
      ? [list('scopes', patternsOf(draft.scopes))]
      : []),
    ...text('usernameClaim', 'username-claim'),
    ...text('roleClaim', 'role-claim'),
    ...(rules.length > 0 && rulesBefore !== JSON.stringify(rulesOf(draft)) ? [list('map', rules)] : []),
    ...taken('domains', list('domains', patternsOf(draft.domains)), '--no-domains'),
    ...text('label', 'label'),
    ...taken('caPem', '--ca-file FILE', '--no-ca-file'),
    ...taken('publicUrl', `--public-url ${quoted(draft.publicUrl)}`, '--no-public-url'),
    ...(draft.signOutAtProvider === (before ?? newOidc).signOutAtProvider
      ? []
      : [draft.signOutAtProvider ? '--no-sign-out-here' : '--sign-out-here']),
  ].join(' ');
}
