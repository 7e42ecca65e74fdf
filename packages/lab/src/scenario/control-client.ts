/** A control door did not do what it was asked for. */
export class DoorRefusal extends Error {
  /** The door's own words. */
  readonly reason: string;

  constructor(message: string, reason: string) {
    super(message);
    this.name = 'DoorRefusal';
    this.reason = reason;
  }
}

/** A simulator's control door. Throws with the door's own words when it refuses. */
export class ControlClient {
  readonly #origin: string;
  readonly #token: string;

  constructor(door: { readonly port: number; readonly token: string }) {
    this.#origin = `http://127.0.0.1:${door.port}`;
    this.#token = door.token;
  }

  get(path: string): Promise<unknown> {
    return this.#call('GET', path);
  }

  post(path: string, body: object): Promise<unknown> {
    return this.#call('POST', path, body);
  }

  delete(path: string): Promise<unknown> {
    return this.#call('DELETE', path);
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.#origin}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) throw new DoorRefusal(`${method} ${path}: HTTP ${answer.status} ${text}`, reasonIn(text));
    return text === '' ? undefined : JSON.parse(text);
  }
}

function reasonIn(text: string): string {
  try {
    const answer: unknown = JSON.parse(text);
    const isTold = typeof answer === 'object' && answer !== null && 'error' in answer;
    return isTold ? String(answer.error) : text;
  } catch {
    return text;
  }
}
