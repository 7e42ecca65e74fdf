import { isError, LeewardError } from '@leeward/core';
import { isRole, type Role } from '@leeward/core/access/role';
import type { OidcSettings, OidcTest } from '@leeward/server';
import { type Command, Option } from 'commander';
import type { ServerConnection } from '../api/find-server.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { readInputFile } from './read-input-file.ts';
import { readSecret } from './secret-input.ts';

const secretVariable = 'LEEWARD_OIDC_CLIENT_SECRET';

interface SetOptions {
  readonly issuer?: string;
  readonly clientId?: string;
  readonly clientSecret?: true;
  readonly clientSecretFile?: string;
  readonly secretFrom?: string;
  readonly scopes?: string[];
  readonly usernameClaim?: string;
  readonly roleClaim?: string;
  readonly map?: string[];
  readonly domains?: string[] | false;
  readonly label?: string;
  readonly caFile?: string | false;
  readonly publicUrl?: string | false;
  readonly signOutHere?: boolean;
}

export function oidcCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('oidc').description('signing in at a provider of OpenID Connect');
  onServer(
    noun.command('show').description('what is set; never the secret'),
    tools,
    async ({ server, output }) => {
      const settings = await server.api.get<OidcSettings>('/oidc');
      output.result(settings, () => settingsText(settings));
      return undefined;
    },
  );
  onServer<SetOptions>(setOptions(noun), tools, async ({ server, output }, options) => {
    const settings = await set(server, options);
    output.result(settings, () => settingsText(settings));
    return undefined;
  });
  onServer(
    noun.command('test').description('ask the provider what it is, from the server'),
    tools,
    async ({ server, output }) => {
      const found = await server.api.post<OidcTest>('/oidc/test');
      output.result(found, () => `${found.issuer} answers; people sign in at ${found.authorizationEndpoint}`);
      return undefined;
    },
  );
  onServer(
    noun.command('remove').description('take it back; users who signed in so cannot any more'),
    tools,
    async ({ server, output }) => {
      const settings = await server.api.delete<OidcSettings>('/oidc');
      output.result(settings, () => `nobody signs in at ${settings.issuer} any more`);
      return undefined;
    },
  );
}

function setOptions(noun: Command): Command {
  return noun
    .command('set')
    .description('set it up, or change what is given; the provider is asked first')
    .option('--issuer <url>', 'address of the provider, as it names itself')
    .option('--client-id <id>', 'how the provider knows this server')
    .addOption(
      new Option(
        '--client-secret',
        `the secret of the client: ${secretVariable}, else a prompt; it is kept sealed`,
      )
        .conflicts('clientSecretFile')
        .conflicts('secretFrom'),
    )
    .addOption(
      new Option('--client-secret-file <path>', 'file whose first line is that secret').conflicts(
        'secretFrom',
      ),
    )
    .addOption(
      new Option(
        '--secret-from <place>',
        `take it from ${secretVariable} of the server, or have none`,
      ).choices(['environment', 'none']),
    )
    .option('--scopes <scope...>', 'scopes to ask for (default openid profile email)')
    .option('--username-claim <claim>', 'claim that is the name of the user (default preferred_username)')
    .option(
      '--role-claim <claim>',
      'claim that says the role (default groups); of one inside of others with dots',
    )
    .option(
      '--map <value=role...>',
      'who has this value in that claim has this role; with `:` and jobs after it, limited to these: ops=operator:a-*,b. The first that fits holds',
    )
    .option('--domains <domain...>', 'only verified e-mail addresses of these')
    .addOption(new Option('--no-domains', 'not any more'))
    .option('--label <text>', 'of the button in the console')
    .option('--ca-file <path>', 'PEM file of the authority of its certificate, beside the usual ones')
    .addOption(new Option('--no-ca-file', 'not any more'))
    .option('--public-url <url>', 'how browsers reach this server, where they do not tell: behind a proxy')
    .addOption(new Option('--no-public-url', 'not any more'))
    .option('--sign-out-here', 'who signs out does so here only, not at the provider')
    .addOption(new Option('--no-sign-out-here', 'at the provider too, where it offers that: the default'));
}

/** What was never set up is not there to be read. */
async function set({ api }: ServerConnection, options: SetOptions): Promise<OidcSettings> {
  try {
    return await api.edit<OidcSettings>('/oidc', () => changesOf(options));
  } catch (error) {
    if (!isError(error, 'L-AUT-150')) throw error;
    return api.patch<OidcSettings>('/oidc', await changesOf(options));
  }
}

async function changesOf(options: SetOptions): Promise<object> {
  const { map, clientSecret, clientSecretFile, caFile, domains, publicUrl, signOutHere, ...given } = options;
  const prompt = 'Secret of the client';
  const asks = clientSecret !== undefined || clientSecretFile !== undefined;
  return {
    ...given,
    ...(asks
      ? { clientSecret: await readSecret({ file: clientSecretFile, environment: secretVariable, prompt }) }
      : {}),
    ...(map === undefined ? {} : { roles: map.map(ruleOf) }),
    ...(domains === undefined ? {} : { domains: domains || null }),
    ...(publicUrl === undefined ? {} : { publicUrl: publicUrl || null }),
    ...(signOutHere === undefined ? {} : { signOutAtProvider: !signOutHere }),
    ...(caFile === undefined ? {} : { caPem: caFile === false ? null : await readInputFile(caFile) }),
  };
}

/** `VALUE=ROLE[:JOB,JOB]`; the value may hold `=`. */
export function ruleOf(text: string): { value: string; role: Role; scope?: { jobs: string[] } } {
  const [, value = '', role = '', jobs] = /^(.+)=([a-z-]+)(?::(.+))?$/.exec(text) ?? [];
  if (!isRole(role)) {
    const problem = `"${text}" is no rule: it has to be like backup-admins=administrator or ops=operator:a-*,b.`;
    throw new LeewardError('L-CFG-103', { problem });
  }
  return { value, role, ...(jobs === undefined ? {} : { scope: { jobs: jobs.split(',') } }) };
}

function settingsText({
  issuer,
  clientId,
  secretFrom,
  usernameClaim,
  roleClaim,
  roles,
  ...rest
}: OidcSettings): string {
  const { scopes, domains, label, caPem, publicUrl, signOutAtProvider } = rest;
  const secrets = { stored: 'stored, sealed', environment: `${secretVariable} of the server`, none: 'none' };
  return [
    `provider    ${issuer}`,
    `client      ${clientId}, secret: ${secrets[secretFrom]}`,
    `asks for    ${scopes.join(' ')}`,
    `name        claim ${usernameClaim}`,
    ...roles.map(
      ({ value, role, scope }) =>
        `role        ${roleClaim} = ${value}: ${role}${scope ? ` of the jobs ${scope.jobs.join(', ')}` : ''}`,
    ),
    `addresses   ${domains ? `verified ones of ${domains.join(', ')}` : 'any'}`,
    `button      ${label}`,
    ...(caPem === undefined ? [] : ['certificate by an authority of its own']),
    `signs out   ${signOutAtProvider === false ? 'here only' : 'at the provider too, where it offers that'}`,
    `comes back  ${publicUrl ?? 'https://<as browsers reach the server>'}/sign-in/provider`,
  ].join('\n');
}
