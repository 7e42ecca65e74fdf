import type { ChainLink } from '../../api/work.ts';
import { localTime } from '../../format/when.ts';

/** Everything that is known of a storage snapshot, in one sentence after the other. */
export function markLabel(link: ChainLink): string {
  const { name, arrayName, volumeName, place, createdAt, why, goes } = link;
  const facts = [
    ...[`${name} on ${arrayName}/${volumeName}`, place, kindText(link), `of ${localTime(createdAt)}`],
    ...(link.lockedUntil === undefined ? [] : [`locked ${lockText(link.lockedUntil)}`]),
  ];
  return [`${facts.filter(Boolean).join(', ')}.`, why, goes].filter(Boolean).join(' ');
}

/** Role, whose it is where it is not of the job, and whether it is there. */
export function kindText({ role, owner, state }: ChainLink): string {
  return [role ?? '', owner === 'this-job' ? '' : owner, state === 'there' ? '' : state]
    .filter(Boolean)
    .join(', ');
}

export function lockText(until: string): string {
  return until === 'forever' ? 'forever' : `until ${localTime(until)}`;
}
