import { LeewardError } from '@leeward/core';
import { z } from 'zod';
import { neverFits } from './fault-fits.ts';
import { type FaultRequest, wireFault } from './fault-request.ts';
import type { LabState } from './lab-state.ts';
import { anyAnswer, type LabSystem, labSystems } from './lab-systems.ts';

const listedSchema = z.object({
  id: z.number().int(),
  at: z.enum(['rest', 'soap', 'job', 'task', 'step', 'file', 'port', 'now']),
  method: z.string().optional(),
  path: z.string().optional(),
  step: z.string().optional(),
  port: z.string().optional(),
  protocol: z.enum(['nfs', 'iscsi']).optional(),
  origin: z.string().optional(),
  vm: z.string().optional(),
  nth: z.number().int(),
  times: z.number().int().optional(),
  action: z.looseObject({ kind: z.string() }),
  calls: z.number().int(),
  hits: z.number().int(),
  downForMs: z.number().optional(),
});

/** A fault as it waits in a simulator, with how often it was met (`calls`) and acted (`hits`). */
export interface LabFault extends z.infer<typeof listedSchema> {
  readonly system: string;
}

const pointsSchema = z.object({
  calls: z.array(z.object({ method: z.string(), path: z.string() })),
  steps: z.array(z.object({ step: z.string(), subject: z.string(), deeds: z.array(z.string()) })),
  ports: z.array(
    z.object({ address: z.string(), protocol: z.enum(['nfs', 'iscsi']), paths: z.array(z.string()) }),
  ),
  doors: z.array(z.string()).optional(),
});

/** What faults can be planted at in one simulator. */
export type LabPoints = z.infer<typeof pointsSchema>;

/** Doors answer a list, or an object that holds it. */
const faultsSchema = z.union([
  z.array(listedSchema),
  z.object({ faults: z.array(listedSchema) }).transform(({ faults }) => faults),
]);

/**
 * Plants a fault in the system of that name, or at the data port of that address. Throws `L-CFG-121` when there is
 * none, `L-CFG-122` when the fault could never act, `L-CFG-103` when it makes no sense.
 */
export async function addLabFault(lab: LabState, name: string, request: FaultRequest): Promise<LabFault> {
  const { system, port } = await findSystem(lab, name);
  const asked = port === undefined ? request : { ...request, ...atPort(request, port) };
  const problem = neverFits(system.kind, asked, await pointsOf(system));
  if (problem !== undefined) throw new LeewardError('L-CFG-122', { system: system.name, problem });
  const idSchema = z.object({ id: z.number().int() });
  const { id } = await system.ask('POST', '/faults', idSchema, wireFault(system.kind, asked));
  const found = (await faultsOf(system)).find((one) => one.id === id);
  if (!found) throw new Error(`fault ${id} of ${system.name} is gone`);
  return found;
}

/** Faults of all systems, or of one. */
export async function listLabFaults(lab: LabState, name?: string): Promise<LabFault[]> {
  const systems = name === undefined ? labSystems(lab) : [(await findSystem(lab, name)).system];
  return (await Promise.all(systems.map(faultsOf))).flat();
}

/**
 * Takes faults away, of all systems or of one, all or those with these numbers; what they cut off comes back. Answers
 * those that were there.
 */
export async function clearLabFaults(
  lab: LabState,
  name?: string,
  ids: readonly number[] = [],
): Promise<LabFault[]> {
  const systems = name === undefined ? labSystems(lab) : [(await findSystem(lab, name)).system];
  const cleared = await Promise.all(
    systems.map(async (system) => {
      const there = await faultsOf(system);
      const going = ids.length === 0 ? there : there.filter(({ id }) => ids.includes(id));
      const missing = ids.find((id) => !there.some((one) => one.id === id));
      if (missing !== undefined)
        throw new LeewardError('L-CFG-102', { kind: `fault of ${system.name}`, name: String(missing) });
      if (ids.length === 0) await system.ask('DELETE', '/faults', anyAnswer);
      else for (const { id } of going) await system.ask('DELETE', `/faults/${id}`, anyAnswer);
      return going;
    }),
  );
  return cleared.flat();
}

/** What faults can be planted at: of all systems, or of one. */
export async function labFaultPoints(
  lab: LabState,
  name?: string,
): Promise<(LabPoints & { system: string })[]> {
  const systems = name === undefined ? labSystems(lab) : [(await findSystem(lab, name)).system];
  return Promise.all(systems.map(async (system) => ({ system: system.name, ...(await pointsOf(system)) })));
}

const pointsOf = (system: LabSystem) => system.ask('GET', '/fault-points', pointsSchema);

async function faultsOf(system: LabSystem): Promise<LabFault[]> {
  const faults = await system.ask('GET', '/faults', faultsSchema);
  return faults.map((fault) => ({ system: system.name, ...fault }));
}

/** What is asked of a data port alone concerns its calls, or cuts it off at once. */
function atPort({ place }: FaultRequest, port: string): Pick<FaultRequest, 'place' | 'port'> {
  return { place: place === 'now' ? 'now' : 'port', port };
}

async function findSystem(
  lab: LabState,
  name: string,
): Promise<{ readonly system: LabSystem; readonly port?: string }> {
  const systems = labSystems(lab);
  const named = systems.find((one) => one.name === name);
  if (named) return { system: named };
  const arrays = systems.filter(({ kind }) => kind === 'array');
  const points = await Promise.all(
    arrays.map(async (system) => ({ system, ports: (await pointsOf(system)).ports })),
  );
  const found = points.find(({ ports }) => ports.some(({ address }) => address === name));
  if (found) return { system: found.system, port: name };
  const addresses = new Set(points.flatMap(({ ports }) => ports.map(({ address }) => address)));
  const known = [...systems.map((one) => one.name), ...addresses].join(', ');
  throw new LeewardError('L-CFG-121', { name, known });
}
