import { type ArrayInventory, reportOf } from '@leeward/core';
import type { ProxyView, SystemSummary } from '@leeward/server';
import { type Command, Option } from 'commander';
import type { ServerConnection } from '../api/find-server.ts';
import { exitCodes } from '../output/exit-codes.ts';
import { counted } from '../output/format.ts';
import { type CommandContext, type CommandTools, onServer } from './command-context.ts';
import { proxyStartCommand } from './proxy-start.ts';
import { type MatrixArray, reachMatrix } from './reach-matrix.ts';

type Context = CommandContext & { readonly server: ServerConnection };

export function proxyCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('proxy').description('proxies: processes that read storage snapshots');
  onServer(
    noun
      .command('list')
      .description(
        'proxies, their iSCSI initiator names, and how far they were proved to reach each data port',
      ),
    tools,
    async (context) => {
      await show(context, await context.server.api.get<ProxyView[]>('/proxies'));
      return undefined;
    },
    { needsProxy: true },
  );
  proxyStartCommand(noun);
  editCommand(noun, tools);
  removeCommand(noun, tools);
  const probe = noun
    .command('probe [name]')
    .description(
      'prove by mount, login and read which data ports a proxy reaches (default: all proxies), as a matrix',
    );
  onServer(
    probe,
    tools,
    async (context, _options, wanted) => (wanted === '' ? probeAll(context) : probeOne(context, wanted)),
    { needsProxy: true },
  );
}

interface EditOptions {
  readonly restoreFolder?: readonly string[];
  readonly anyRestoreFolder?: boolean;
}

function editCommand(noun: Command, tools: CommandTools): void {
  const edit = noun
    .command('edit <name>')
    .description('change where restores may be written; holds at once')
    .option(
      '--restore-folder <path...>',
      'folders on the machine of the proxy, instead of all before: in these and below; repeatable',
    )
    .addOption(
      new Option('--any-restore-folder', 'anywhere, and by administrators alone').conflicts('restoreFolder'),
    );
  onServer<EditOptions>(edit, tools, async ({ server, output }, options, wanted) => {
    const restoreFolders = options.anyRestoreFolder ? null : options.restoreFolder;
    const edited = await server.api.patch<ProxyView>(`/proxies/${encodeURIComponent(wanted)}`, {
      restoreFolders,
    });
    output.result(edited, () => headOf(edited));
    return undefined;
  });
}

function removeCommand(noun: Command, tools: CommandTools): void {
  onServer(
    noun.command('remove <name>').description('forget a proxy that runs no more'),
    tools,
    async ({ server, output }, _options, wanted) => {
      const removed = await server.api.delete<ProxyView>(`/proxies/${encodeURIComponent(wanted)}`);
      output.result(removed, () => `proxy ${removed.name} is forgotten`);
      return undefined;
    },
  );
}

async function probeOne(context: Context, wanted: string): Promise<number> {
  const probed = await probeOf(context, wanted);
  await show(context, [probed]);
  return exitOf([probed]);
}

/** Proxies that cannot be probed are shown with what earlier probes proved, and do not hold up the others. */
async function probeAll(context: Context): Promise<number> {
  const proxies = await context.server.api.get<ProxyView[]>('/proxies');
  const failures: unknown[] = [];
  const probed = await Promise.all(
    proxies.map((proxy) =>
      probeOf(context, proxy.id).catch((error: unknown) => {
        failures.push(error);
        return proxy;
      }),
    ),
  );
  await show(context, probed);
  for (const failure of failures) context.output.problem(reportOf(failure));
  return failures.length > 0 ? exitCodes.unreachable : exitOf(probed);
}

function probeOf({ server }: Context, wanted: string): Promise<ProxyView> {
  return server.api.post<ProxyView>(`/proxies/${encodeURIComponent(wanted)}/probe`);
}

function exitOf(probed: readonly ProxyView[]): number {
  const allReached = probed.every(({ reach }) => reach.every(({ reached }) => reached));
  return allReached ? exitCodes.ok : exitCodes.unreachable;
}

async function show(context: Context, proxies: readonly ProxyView[]): Promise<void> {
  const { output, clock } = context;
  const arrays = output.json ? [] : await arraysOf(context);
  output.result(proxies, () => {
    if (proxies.length === 0) return 'No proxy yet: the server starts one on its own host.';
    const heads = proxies.map(headOf).join('\n');
    const isProbed = proxies.some(({ reach }) => reach.length > 0);
    const hasPorts = isProbed || arrays.some(({ ports }) => ports.length > 0);
    const parts = [
      ...(hasPorts ? [reachMatrix(proxies, arrays, clock.now(), process.stdout.columns)] : []),
      ...(isProbed ? [] : ['no data port probed yet: `leeward proxy probe`']),
    ];
    return [heads, ...parts].join('\n\n');
  });
}

async function arraysOf({ server: { api } }: Context): Promise<readonly MatrixArray[]> {
  const arrays = await api.get<SystemSummary[]>('/arrays');
  return Promise.all(
    arrays.map(async ({ id, name }) => {
      const inventory = await api.get<ArrayInventory | null>(`/arrays/${encodeURIComponent(id)}/inventory`);
      const up = (inventory?.dataPorts ?? []).filter((port) => port.up);
      const ports = up.flatMap(({ address, protocols }) =>
        protocols.filter((each) => each !== 'fc').map((protocol) => ({ address, protocol })),
      );
      return { serial: id, name, ports };
    }),
  );
}

function headOf({ name, online, addresses, slots, initiatorName, restoreFolders }: ProxyView): string {
  const iscsi = initiatorName === undefined ? '' : `\n  iSCSI initiator ${initiatorName}`;
  const places = restoreFolders ? `\n  restores into ${restoreFolders.join(', ')}` : '';
  const initiator = `${iscsi}${places}`;
  return `${name}  ${online ? 'online' : 'OFFLINE'}  ${addresses.join(', ')}  ${counted(slots, 'slot')}${initiator}`;
}
