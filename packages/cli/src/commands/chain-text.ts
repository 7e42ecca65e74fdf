import type { ChainLink } from '@leeward/server';
import { bytes, when } from '../output/format.ts';

/** Each volume with its storage snapshots, oldest first: whose it is, by which run, why it is kept, when it goes. */
export function chainText(links: readonly ChainLink[]): string {
  const volumes = Map.groupBy(
    links,
    ({ place, arrayName, volumeName }) => `${place} ${arrayName}/${volumeName}`,
  );
  return [...volumes]
    .flatMap(([title, members]) => [title, ...members.flatMap((link) => linkLines(link))])
    .join('\n');
}

function linkLines(link: ChainLink): readonly string[] {
  const { name, owner, role, runId, createdAt, lockedUntil, state, why, goes } = link;
  const facts = [
    ownerTexts[owner] ?? role ?? '',
    ...(runId === undefined ? [] : [`run ${runId}`]),
    `frozen ${when(createdAt)}`,
    ...(lockedUntil === undefined ? [] : [lockText(lockedUntil)]),
    ...(state === 'there' ? [] : [state === 'gone' ? 'GONE' : 'not seen']),
  ];
  return [`  ${name}`, `    ${facts.join(', ')}`, `    ${why} ${goes}`, ...(link.vms ?? []).flatMap(vmLines)];
}

/** A VM that it holds, and what of it lies on the volume. */
function vmLines(vm: HeldVm): readonly string[] {
  const { path, vcenterName, consistency, frozenAt, datastores, vmxFile, disks } = vm;
  return [
    `    VM ${path} of ${vcenterName}: ${consistency}, as of ${when(frozenAt)}`,
    ...datastores.map((each) => `      datastore ${each.name}: ${beginsAt(each)}`),
    ...(vmxFile === undefined ? [] : [`      configuration file ${vmxFile}`]),
    ...disks.map(
      ({ label, sizeBytes, files }) => `      ${label} (${bytes(sizeBytes)}) ${files.join(' on ')}`,
    ),
  ];
}

function beginsAt({ folder, vmfsUuid }: HeldVm['datastores'][number]): string {
  if (vmfsUuid !== undefined) return `VMFS ${vmfsUuid}`;
  return folder === '' ? 'the volume itself' : `folder ${folder} of the volume`;
}

type HeldVm = NonNullable<ChainLink['vms']>[number];

/** Of what is not this job's own; that is told by its role. */
const ownerTexts: Readonly<Partial<Record<ChainLink['owner'], string>>> = {
  'other-job': 'of another job',
  'by-hand': 'made by hand',
  'other-installation': 'of another installation',
  foreign: 'not made by Leeward',
};

function lockText(lockedUntil: string): string {
  return lockedUntil === 'forever' ? 'locked for ever' : `locked until ${when(lockedUntil)}`;
}
