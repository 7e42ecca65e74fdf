import { readFileSync } from 'node:fs';
import type { Answer } from '@leeward/lab/ontap/testing/rest-caller';
import { Ajv, type ValidateFunction } from 'ajv';

interface Described {
  readonly paths: Record<string, Record<string, { responses: Record<string, { schema?: object }> }>>;
}

/**
 * Judges answers by the vendor's API description: known status, known fields only, right types and values. The
 * description lacks some formats and lists no required fields; times are checked apart.
 */
export class ContractJudge {
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  readonly #paths: Described['paths'];
  readonly #validators = new Map<string, ValidateFunction | undefined>();
  judged = 0;

  constructor(fixture: URL) {
    const description = JSON.parse(readFileSync(fixture, 'utf8'));
    closeObjects(description.definitions);
    this.#paths = description.paths;
    this.#ajv.addSchema({ $id: 'api', definitions: description.definitions });
  }

  /** Complaints; none means the answer is as described. */
  judge(method: string, url: string, answer: Answer): string[] {
    const path = (url.split('?')[0] ?? url).replace(/^\/api/, '').replace(/\/$/, '');
    if (answer.status === 410 || answer.status === 404 || answer.status === 405) return this.#error(answer);
    const pattern = Object.keys(this.#paths).find((one) => matches(one, path));
    if (!pattern) return [`${method} ${path}: not described`];
    if (answer.status >= 400) return this.#error(answer);
    const key = `${method} ${pattern} ${answer.status}`;
    if (!this.#validators.has(key)) this.#validators.set(key, this.#compile(method, pattern, answer.status));
    const validate = this.#validators.get(key);
    if (!validate) return Object.keys(answer.body).length === 0 ? [] : [`${key}: a body is not described`];
    this.judged++;
    if (validate(answer.body)) return [];
    return (validate.errors ?? []).map(
      (one) => `${key}: ${one.instancePath} ${one.message} ${JSON.stringify(one.params)}`,
    );
  }

  #compile(method: string, pattern: string, status: number): ValidateFunction | undefined {
    const responses = this.#paths[pattern]?.[method.toLowerCase()]?.responses;
    const described = responses?.[String(status)];
    if (!described) throw new Error(`${method} ${pattern} must not answer ${status}`);
    if (!described.schema) return undefined;
    return this.#ajv.compile(
      JSON.parse(JSON.stringify(described.schema).replaceAll('#/definitions', 'api#/definitions')),
    );
  }

  #error(answer: Answer): string[] {
    const { error } = answer.body;
    const shaped = typeof error === 'object' && error !== null && 'code' in error && 'message' in error;
    return shaped && typeof error.code === 'string' ? [] : ['an error without its envelope'];
  }
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length && wanted.every((part, at) => part.startsWith('{') || part === given[at])
  );
}

/** Objects may hold what is described and nothing else. */
function closeObjects(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  if ('properties' in node && !('additionalProperties' in node))
    Object.assign(node, { additionalProperties: false });
  for (const child of Object.values(node)) closeObjects(child);
}
