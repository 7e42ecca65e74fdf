import { ControlDoor, NoSuchObject } from '../../control/door.ts';
import type { DataPorts } from '../nfs/data-ports.ts';
import type { World } from '../world.ts';
import { act, type Settings, settingsSchema, summary, volumeActionSchema } from './control-actions.ts';
import { faultSchema } from './fault-board.ts';

export interface ControlDeps {
  readonly world: World;
  readonly dataPorts: DataPorts;
  readonly token: string;
  /** How far the relations of the config are. */
  readonly setup: () => string;
  readonly calls: () => readonly { method: string; path: string; status: number }[];
  apply(settings: Settings): Promise<void>;
}

/**
 * The lab's own door:
 * `GET /state` `GET /counters` `DELETE /counters` `GET /calls` `POST /settings` `POST /actions`
 * `GET|POST|DELETE /faults` `DELETE /faults/{id}`.
 */
export class ControlServer extends ControlDoor {
  constructor(deps: ControlDeps) {
    super({ token: deps.token, answer: (call, body) => answer(deps, call, body) });
  }
}

async function answer(deps: ControlDeps, call: string, body: unknown): Promise<unknown> {
  const { world, dataPorts } = deps;
  switch (call) {
    case 'GET /state':
      return { ...summary(world), setup: deps.setup() };
    case 'GET /counters':
      return { ports: dataPorts.counters() };
    case 'DELETE /counters':
      dataPorts.reset();
      return {};
    case 'GET /calls':
      return { calls: deps.calls() };
    case 'POST /settings':
      await deps.apply(settingsSchema.parse(body));
      return {};
    case 'POST /actions':
      act(world, volumeActionSchema.parse(body));
      return {};
    case 'GET /faults':
      return { faults: world.faults.list() };
    case 'POST /faults':
      return { id: world.faults.add(faultSchema.parse(body)) };
    case 'DELETE /faults':
      world.faults.clear();
      return {};
  }
  const one = /^DELETE \/faults\/(\d+)$/.exec(call);
  if (one && !world.faults.remove(Number(one[1]))) throw new NoSuchObject(`no fault ${one[1]}`);
  return one ? {} : undefined;
}
