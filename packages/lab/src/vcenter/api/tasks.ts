import { connectionClock } from '../../control/shifting-clock.ts';
import type { Entity } from '../inventory/entity.ts';
import { escapedName } from '../inventory/entity.ts';
import type { World } from '../inventory/world.ts';
import { VimFault } from '../soap/fault.ts';
import { type DataObject, DeclaredValue, Ref, type Value } from '../soap/value.ts';
import type { Services } from './call.ts';

export interface TaskStart {
  /** Name of the method that started it: `CreateSnapshot_Task`. */
  readonly method: string;
  /** `VirtualMachine.createSnapshot` */
  readonly descriptionId: string;
  readonly entity: Entity;
  readonly userName: string;
  readonly work: (progress: (percent: number) => void) => Promise<Value>;
}

interface TaskState {
  readonly ref: Ref;
  readonly start: TaskStart;
  readonly queuedMs: number;
  state: 'queued' | 'running' | 'success' | 'error';
  progress: number | undefined;
  startedMs: number | undefined;
  endedMs: number | undefined;
  result: Value;
  error: DataObject | undefined;
}

/** Tasks as objects: queued, running with progress, then success or error; forgotten some time later. */
export class TaskRunner {
  readonly #world: World;
  readonly #tasks = new Map<string, TaskState>();
  readonly #running = new Set<Promise<void>>();

  constructor(world: World) {
    this.#world = world;
  }

  start(start: TaskStart): Ref {
    const ref = new Ref('Task', `task-${this.#world.newId()}`);
    const task: TaskState = {
      ref,
      start,
      queuedMs: this.#world.clock.now(),
      state: 'queued',
      progress: undefined,
      startedMs: undefined,
      endedMs: undefined,
      result: undefined,
      error: undefined,
    };
    this.#tasks.set(ref.id, task);
    this.#world.add({ ref, names: ['info'], read: (name) => (name === 'info' ? info(task) : undefined) });
    const done = this.#run(task).finally(() => this.#running.delete(done));
    this.#running.add(done);
    return ref;
  }

  /** Tasks that clients can still see, newest last. */
  get recent(): Ref[] {
    return [...this.#tasks.values()].map((task) => task.ref);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(task: TaskState): Promise<void> {
    const { clock, config, changes } = this.#world;
    await clock.sleep(config.taskMs.queued);
    task.state = 'running';
    task.startedMs = clock.now();
    task.progress = 0;
    changes.notify();
    try {
      task.result = await task.start.work((percent) => {
        task.progress = Math.max(task.progress ?? 0, Math.round(percent));
        changes.notify();
      });
      task.state = 'success';
    } catch (error) {
      const fault =
        error instanceof VimFault
          ? error
          : new VimFault(
              'SystemError',
              { reason: error instanceof Error ? error.message : String(error) },
              'A general system error occurred.',
            );
      task.error = fault.toData();
      task.state = 'error';
    }
    task.progress = undefined;
    task.endedMs = clock.now();
    changes.notify();
    clock.after(config.taskKeepMs, () => {
      this.#tasks.delete(task.ref.id);
      this.#world.delete(task.ref);
      changes.notify();
    });
  }
}

/** Does what the lab wants inside tasks of this method; throws the fault that they are to end with. */
export async function injectTaskFault(
  { faults, world }: Pick<Services, 'faults' | 'world'>,
  method: string,
  vmNames: readonly string[],
): Promise<void> {
  for (const action of faults.actions('task', { method, vmNames })) {
    if (action.kind === 'delay') await connectionClock(world.clock).sleep(action.delayMs);
    if (action.kind === 'cut') action.begin?.();
    if (action.kind === 'fault') throw new VimFault(action.type, action.properties, action.message);
  }
}

function info(task: TaskState): DataObject {
  const { start } = task;
  const { result } = task;
  return {
    $type: 'TaskInfo',
    key: task.ref.id,
    task: task.ref,
    name: start.method,
    descriptionId: start.descriptionId,
    entity: start.entity.ref,
    entityName: escapedName(start.entity.name),
    state: task.state,
    cancelled: false,
    cancelable: false,
    error: task.error,
    result: result === undefined ? undefined : declared(result),
    progress: task.progress,
    reason: { $type: 'TaskReasonUser', userName: start.userName },
    queueTime: new Date(task.queuedMs),
    startTime: task.startedMs === undefined ? undefined : new Date(task.startedMs),
    completeTime: task.endedMs === undefined ? undefined : new Date(task.endedMs),
    eventChainId: Number(task.ref.id.slice(5)),
  };
}

/** Lists of data objects as results need their declaration for the `ArrayOf…` wrapper. */
function declared(result: Value): Value {
  if (!Array.isArray(result)) return result;
  const type = 'HostDatastoreBrowserSearchResults';
  return new DeclaredValue(
    { name: 'result', type, form: 'data', isArray: true, isOptional: true, since: 0 },
    result,
  );
}
