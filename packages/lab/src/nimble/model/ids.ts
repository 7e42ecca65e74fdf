/** First two hex digits of an id. Those that no public sample shows are made up. */
export const objectTypes = {
  group: '00',
  initiatorGroup: '02',
  performancePolicy: '03',
  snapshot: '04',
  snapshotCollection: '05',
  volume: '06',
  volumeCollection: '07',
  array: '09',
  pool: '0a',
  schedule: '0c',
  accessRecord: '0d',
  initiator: '0e',
  user: '0f',
  chapUser: '10',
  partner: '12',
  networkConfig: '17',
  token: '19',
  subnet: '1c',
  networkInterface: '1d',
  job: '2d',
} as const;

export type ObjectType = keyof typeof objectTypes;

export const isId = (text: string): boolean => /^[0-9a-f]{42}$/.test(text);

/** Ids of one group: type, group, counter. */
export class IdSource {
  readonly #groupUid: string;
  readonly #last = new Map<ObjectType, number>();

  constructor(groupUid: string) {
    this.#groupUid = groupUid;
  }

  next(type: ObjectType): string {
    const counter = (this.#last.get(type) ?? 0) + 1;
    this.#last.set(type, counter);
    return `${objectTypes[type]}${this.#groupUid}${counter.toString(16).padStart(24, '0')}`;
  }
}
