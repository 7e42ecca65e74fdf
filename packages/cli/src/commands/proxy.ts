import type { ProxyView } from '@leeward/server';
import type { Command } from 'commander';
import { exitCodes } from '../output/exit-codes.ts';
import { counted, when } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { table } from '../output/table.ts';
import { type CommandTools, onServer } from './command-context.ts';

export function proxyCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('proxy').description('proxies: processes that read storage snapshots');
  onServer(
    noun.command('list').description('proxies and what they reach'),
    tools,
    async ({ server, output }) => {
      show(output, await server.api.get<ProxyView[]>('/proxies'));
      return undefined;
    },
    { needsProxy: true },
  );
  const probe = noun
    .command('probe [name]')
    .description('prove which data ports a proxy reaches (default: all proxies)');
  onServer(
    probe,
    tools,
    async ({ server, output }, _options, wanted) => {
      const proxies = await server.api.get<ProxyView[]>('/proxies');
      const ids = wanted === '' ? proxies.map(({ id }) => id) : [wanted];
      const probed: ProxyView[] = [];
      for (const id of ids)
        probed.push(await server.api.post<ProxyView>(`/proxies/${encodeURIComponent(id)}/probe`));
      show(output, probed);
      const allReached = probed.every(({ reach }) => reach.every(({ reached }) => reached));
      return allReached ? exitCodes.ok : exitCodes.unreachable;
    },
    { needsProxy: true },
  );
}

function show(output: Output, proxies: readonly ProxyView[]): void {
  output.result(proxies, () =>
    proxies.length === 0
      ? 'No proxy yet: the server starts one on its own host.'
      : proxies.map(asText).join('\n'),
  );
}

function asText({ name, online, addresses, slots, reach }: ProxyView): string {
  const head = `${name}  ${online ? 'online' : 'OFFLINE'}  ${addresses.join(', ')}  ${counted(slots, 'slot')}`;
  if (reach.length === 0) return `${head}\n  no data port probed yet: \`leeward proxy probe\``;
  const rows = table(reach, {
    PORT: ({ address }) => address,
    PROTOCOL: ({ protocol }) => protocol,
    REACHED: ({ reached }) => (reached ? 'yes' : 'NO'),
    CHECKED: ({ checkedAt }) => when(checkedAt),
    SEEN: ({ text }) => text,
  });
  return `${head}\n${rows.replace(/^/gm, '  ')}`;
}
