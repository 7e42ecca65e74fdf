import type { FastifyInstance } from 'fastify';

/** Which methods each path of an API takes, known from its routes. */
export class AllowedMethods {
  readonly #paths = new Map<string, Set<string>>();

  /** Takes note of the routes that are added to `api` from here on. */
  note(api: FastifyInstance): void {
    api.addHook('onRoute', ({ method, url }) => {
      const methods = this.#paths.get(url) ?? new Set();
      this.#paths.set(url, methods);
      for (const each of [method].flat()) methods.add(each);
    });
  }

  /** In order; empty where there is no such path. `url` may have a query. */
  at(url: string): readonly string[] {
    const [path = ''] = url.split('?', 1);
    const found = [...this.#paths].filter(([pattern]) => isOf(path, pattern));
    return [...new Set(found.flatMap(([, methods]) => [...methods]))].sort();
  }
}

/** Whether a path is one of a route, whose parameters begin with a colon. */
function isOf(path: string, pattern: string): boolean {
  const parts = path.split('/');
  const wanted = pattern.split('/');
  return (
    parts.length === wanted.length && wanted.every((part, at) => part.startsWith(':') || part === parts[at])
  );
}
