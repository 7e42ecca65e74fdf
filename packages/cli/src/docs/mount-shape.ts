import type { JsonShape } from './json-shapes.ts';

export const mountShape: JsonShape = {
  command: 'array mounts',
  list: true,
  fields: {
    arrayId: 'array',
    arrayName: 'its name',
    name: 'of what was made on the array for it',
    volume: 'whose storage snapshot it is',
    storageSnapshotName: 'what is shown',
    protocol: '`nfs` or `iscsi`',
    shownTo: 'list of addresses or initiator names of proxies',
    runId: 'run that reads it',
    jobId: 'job',
    since: 'time',
    state: '`present`, or `intended` while it is being made',
  },
};
