import { ControlDoor, NoSuchObject } from '../../control/door.ts';
import type { World } from '../world.ts';
import { act, actionSchema } from './control-actions.ts';
import { faultSchema } from './faults.ts';
import { type Settings, settingsSchema } from './settings.ts';
import { stateOf } from './state.ts';

export interface ControlDeps {
  readonly world: World;
  readonly token: string;
  calls(): readonly { method: string; path: string; status: number }[];
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
  const { world } = deps;
  switch (call) {
    case 'GET /state':
      return stateOf(world);
    case 'GET /counters':
      return { ports: world.port.counters() };
    case 'DELETE /counters':
      world.port.reset();
      return {};
    case 'GET /calls':
      return { calls: deps.calls() };
    case 'POST /settings':
      await deps.apply(settingsSchema.parse(body));
      return {};
    case 'POST /actions':
      return act(world, actionSchema.parse(body));
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
