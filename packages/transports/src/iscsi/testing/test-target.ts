import { systemClock, systemRandomness } from '@leeward/platform';
import type { IscsiLunOptions } from '../initiator/open-iscsi-lun.ts';
import {
  createIscsiTarget,
  type FaultHooks,
  type IscsiTarget,
  type IscsiTargetOptions,
  MappedTarget,
} from '../target/iscsi-target.ts';
import { MemoryBackend, type MemoryBackendOptions } from './memory-backend.ts';

export const targetName = 'iqn.2024-01.org.leeward:target';
export const initiatorName = 'iqn.2024-01.org.leeward:proxy';

/** Bytes that tell where they belong. */
export function numberedBytes(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  for (let at = 0; at + 4 <= sizeBytes; at += 4) bytes.writeUInt32LE((at * 2654435761) >>> 0, at);
  return bytes;
}

export interface TestTarget {
  readonly server: IscsiTarget;
  readonly mapped: MappedTarget;
  readonly backend: MemoryBackend;
  /** May be set at any time. */
  readonly faults: { -readonly [K in keyof FaultHooks]: FaultHooks[K] };
  /** Options for opening LUN 5, the only one. */
  readonly options: IscsiLunOptions;
  close(): Promise<void>;
}

export interface TestTargetOptions {
  readonly sizeBytes?: number;
  readonly portals?: number;
  readonly backend?: MemoryBackendOptions;
  readonly target?: Partial<IscsiTargetOptions>;
}

/** A target on loopback with one LUN, mapped to one initiator, with short timeouts on both sides. */
export async function startTestTarget(options: TestTargetOptions = {}): Promise<TestTarget> {
  const mapped = new MappedTarget(targetName, 'test');
  const backend = new MemoryBackend(numberedBytes(options.sizeBytes ?? 1024 * 1024), options.backend);
  mapped.map(initiatorName, 5, backend);
  const faults: TestTarget['faults'] = {};
  const hooks: FaultHooks = {
    onLogin: (session) => faults.onLogin?.(session),
    onCommand: (command) => faults.onCommand?.(command),
  };
  const server = await createIscsiTarget({
    portals: Array.from({ length: options.portals ?? 1 }, () => ({ address: '127.0.0.1', port: 0 })),
    targets: () => [mapped],
    clock: systemClock,
    randomness: systemRandomness,
    faults: hooks,
    ...options.target,
  });
  return {
    server,
    mapped,
    backend,
    faults,
    options: {
      portals: server.ports.map((port) => ({ host: '127.0.0.1', port })),
      targetName,
      initiatorName,
      lun: 5,
      clock: systemClock,
      randomness: systemRandomness,
      giveUpAfterMs: 10_000,
    },
    close: () => server.close(),
  };
}
