import { ControlDoor, NoSuchObject } from './door.ts';
import type { FaultPoints } from './fault-points.ts';
import { clockState, type ShiftingClock } from './shifting-clock.ts';

/** What every simulated array lets the lab do. Bodies come as they are: each part checks its own. */
export interface ArrayDoorDeps {
  readonly token: string;
  state(): object;
  readonly clock: ShiftingClock;
  /** Bytes and more by data port. */
  counters(): readonly object[];
  resetCounters(): void;
  calls(): readonly { readonly method: string; readonly path: string; readonly status: number }[];
  apply(settings: unknown): Promise<void>;
  act(action: unknown): Promise<object>;
  /** Answers the new fault's number. */
  addFault(fault: unknown): number;
  readonly faults: {
    list(): readonly object[];
    remove(id: number): Promise<boolean>;
    clear(): Promise<void>;
  };
  /** What faults can be planted at. */
  faultPoints(): FaultPoints;
}

/**
 * The lab's own door to a simulated array:
 * `GET /state` `GET /clock` `GET /counters` `DELETE /counters` `GET /calls` `POST /settings` `POST /actions`
 * `GET|POST|DELETE /faults` `DELETE /faults/{id}` `GET /fault-points`.
 */
export class ArrayDoor extends ControlDoor {
  constructor(deps: ArrayDoorDeps) {
    super({ token: deps.token, answer: (call, body) => answer(deps, call, body) });
  }
}

async function answer(deps: ArrayDoorDeps, call: string, body: unknown): Promise<unknown> {
  const { faults } = deps;
  switch (call) {
    case 'GET /state':
      return deps.state();
    case 'GET /clock':
      return clockState(deps.clock);
    case 'GET /counters':
      return { ports: deps.counters() };
    case 'DELETE /counters':
      deps.resetCounters();
      return {};
    case 'GET /calls':
      return { calls: deps.calls() };
    case 'POST /settings':
      await deps.apply(body);
      return {};
    case 'POST /actions':
      return deps.act(body);
    case 'GET /faults':
      return { faults: faults.list() };
    case 'GET /fault-points':
      return deps.faultPoints();
    case 'POST /faults':
      return { id: deps.addFault(body) };
    case 'DELETE /faults':
      await faults.clear();
      return {};
  }
  const one = /^DELETE \/faults\/(\d+)$/.exec(call);
  if (one && !(await faults.remove(Number(one[1])))) throw new NoSuchObject(`no fault ${one[1]}`);
  return one ? {} : undefined;
}
