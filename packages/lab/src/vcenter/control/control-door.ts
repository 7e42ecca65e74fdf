import { timingSafeEqual } from 'node:crypto';
import { isoTime } from '@leeward/core';
import { SeededRandomness } from '@leeward/platform';
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { clockAnchorSchema, clockState, type ShiftingClock } from '../../control/shifting-clock.ts';
import type { Services } from '../api/call.ts';
import { migrationSchema } from '../config.ts';
import type { Counters } from '../http/counters.ts';
import type { SimulatedVm } from '../vm/simulated-vm.ts';
import type { SnapshotTruth } from '../vm/truth-ledger.ts';
import { vcenterFaultPoints } from './fault-points.ts';
import type { GuestControl } from './guest-control.ts';
import type { Migrations } from './migrations.ts';
import { stateOf, vmState } from './state.ts';

const rateSchema = z.object({ bytesPerSecond: z.number().min(0) });
const sector = z.number().int().min(0).multipleOf(512);
const rangeSchema = z.object({ offsetBytes: sector, lengthBytes: sector.max(64 * 2 ** 20) });
const liesSchema = z.object({
  loseFraction: z.number().min(0).max(1).optional(),
  falsePositiveFraction: z.number().min(0).max(1).optional(),
  /** Ranges in which no write is noticed, instead of those that were given before; of all disks or of that key. */
  missed: z.array(rangeSchema).optional(),
  disk: z.number().int().optional(),
});
const writeSchema = rangeSchema.extend({ disk: z.number().int(), seed: z.number().int() });
const settingsSchema = z.strictObject({ clock: clockAnchorSchema });
const metadataSchema = z.object({ held: z.boolean() });
const vmSchema = z.object({ vm: z.string() });

/** The lab's own door: JSON over HTTP on loopback, with a bearer token. See docs of each route below. */
export function controlDoor(
  services: Services,
  counters: Counters,
  guests: GuestControl,
  migrations: Migrations,
  clock: ShiftingClock,
  token: string,
): FastifyInstance {
  const { world, faults, sessions } = services;
  const app = Fastify({ logger: false });
  const expected = Buffer.from(`Bearer ${token}`);
  app.addHook('onRequest', async (request, reply) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return reply.code(401).send({ error: 'a bearer token is needed' });
    return undefined;
  });
  app.setErrorHandler((error, _request, reply) => {
    const isInput = error instanceof z.ZodError;
    const message = isInput ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);
    return reply.code(isInput ? 400 : error instanceof UnknownVm ? 404 : 500).send({ error: message });
  });
  const vmOf = (params: unknown): SimulatedVm => {
    const { vm: name } = vmSchema.parse(params);
    const vm = world.vms.find((each) => [each.ref.id, each.instanceUuid, each.config.name].includes(name));
    if (!vm) throw new UnknownVm(`no VM ${name}`);
    return vm;
  };

  app.get('/state', () => stateOf(services, guests));
  app.get('/clock', () => clockState(clock));
  app.get('/vms/:vm', (request) => vmState(vmOf(request.params), guests));
  /** How time passes for vCenter and its hosts; guests write at their own pace. */
  app.post('/settings', (request) => {
    clock.follow(settingsSchema.parse(request.body).clock);
    return {};
  });
  app.get('/counters', () => counters.toJson());
  app.delete('/counters', () => {
    counters.reset();
    return {};
  });

  app.get('/faults', () => faults.list());
  app.post('/faults', (request) => ({ id: faults.add(request.body) }));
  app.get('/fault-points', () => vcenterFaultPoints(services));
  app.delete('/faults', async () => {
    await faults.clear();
    return {};
  });
  app.delete('/faults/:id', async (request) => {
    const { id } = z.object({ id: z.coerce.number() }).parse(request.params);
    return { removed: await faults.remove(id) };
  });

  /** Ends sessions as if they had idled out: all, or those of `?user=`. */
  app.delete('/sessions', (request) => {
    const { user } = z.object({ user: z.string().optional() }).parse(request.query);
    const ended = sessions.list().filter((each) => user === undefined || each.account.userName === user);
    for (const session of ended) sessions.end(session);
    return { ended: ended.length };
  });

  /** `?vm=` (name, moid or instance UUID) and `?snapshot=` (name or moid); waits until the hashes are made. */
  app.get('/truth', async (request) => {
    const filter = z
      .object({ vm: z.string().optional(), snapshot: z.string().optional() })
      .parse(request.query);
    return Promise.all(world.ledger.find(filter).map(truthJson));
  });

  app.post('/vms/:vm/guest', (request) => {
    guests.setRate(vmOf(request.params), rateSchema.parse(request.body).bytesPerSecond);
    return {};
  });
  app.post('/vms/:vm/guest/pause', async (request) => {
    await guests.pause(vmOf(request.params));
    return {};
  });
  app.post('/vms/:vm/guest/resume', (request) => {
    guests.resume(vmOf(request.params));
    return {};
  });
  app.post('/vms/:vm/cbt', (request) => {
    const { disk: only, ...lies } = liesSchema.parse(request.body);
    const disks = vmOf(request.params).disks.filter(({ options: { key } }) => (only ?? key) === key);
    for (const disk of disks)
      for (const target of [disk.lies, ...(disk.tracker ? [disk.tracker.lies] : [])]) {
        target.loseFraction = lies.loseFraction ?? target.loseFraction;
        target.falsePositiveFraction = lies.falsePositiveFraction ?? target.falsePositiveFraction;
        if (lies.missed) target.missed = lies.missed;
      }
    return {};
  });
  /** The guest writes random bytes by a seed into a range; it has written them when the answer comes. */
  app.post('/vms/:vm/write', async (request) => {
    const { disk: key, offsetBytes, lengthBytes, seed } = writeSchema.parse(request.body);
    const disk = vmOf(request.params).disks.find(({ options }) => options.key === key);
    if (!disk) throw new UnknownVm(`the VM has no disk ${key}`);
    await disk.write(offsetBytes, new SeededRandomness(seed).bytes(lengthBytes));
    return {};
  });
  /**
   * The host of a VM on VMFS lags behind with its metadata: what it would write down of the VM's current data files
   * stays in its journal (`held: true`) until it is told to go on. See `VmfsHostVolume.holdMetadata`.
   */
  app.post('/vms/:vm/metadata', async (request) => {
    const { held } = metadataSchema.parse(request.body);
    const files: string[] = [];
    for (const { top, layers } of vmOf(request.params).disks)
      for (const { extentName, folder } of held ? [top] : layers) {
        const volume = folder.datastore.vmfs?.volume;
        const path = `${folder.directory}/${extentName}`;
        if (held) await volume?.holdMetadata(path);
        else await volume?.releaseMetadata(path);
        if (volume) files.push(path);
      }
    return { files };
  });
  /** Somebody begins to move the VM; `DELETE` cancels that, and the VM stays where it is. */
  app.post('/vms/:vm/migration', (request) => {
    migrations.start(vmOf(request.params), migrationSchema.parse(request.body));
    return {};
  });
  app.delete('/vms/:vm/migration', async (request) => {
    await migrations.cancel(vmOf(request.params));
    return {};
  });
  /** The VM loses its power at once: its change tracking begins a new epoch. */
  app.post('/vms/:vm/crash', (request) => {
    const vm = vmOf(request.params);
    vm.powerState = 'poweredOff';
    for (const disk of vm.disks) {
      disk.endLife();
      if (disk.tracker) disk.startTracking();
    }
    vm.touch();
    return {};
  });
  return app;
}

class UnknownVm extends Error {}

async function truthJson(record: SnapshotTruth) {
  const disks = await Promise.all(
    record.disks.map(async ({ key, node, sizeBytes, sha256 }) => ({
      key,
      node,
      sizeBytes,
      sha256: await sha256(),
    })),
  );
  const { createdAtMs, removedAtMs, stunMs, vmName, vmInstanceUuid, snapshotName, snapshotId } = record;
  return {
    ...{ vmName, vmInstanceUuid, snapshotName, snapshotId },
    createdAt: isoTime(createdAtMs),
    removedAt: removedAtMs === undefined ? null : isoTime(removedAtMs),
    lifetimeMs: removedAtMs === undefined ? null : removedAtMs - createdAtMs,
    stunMs,
    disks,
  };
}
