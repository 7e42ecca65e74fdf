/** Runs one action after the other, in the order of the calls. A failed action does not stop the next. */
export class Mutex {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(action);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}

/** Holds all of `mutexes` while `action` runs. */
export function runHolding<T>(mutexes: readonly Mutex[], action: () => Promise<T>): Promise<T> {
  const [first, ...rest] = mutexes;
  return first ? first.run(() => runHolding(rest, action)) : action();
}
