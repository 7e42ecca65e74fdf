import { readFileSync } from 'node:fs';
import type { RestExchange } from '@leeward/arrays/rest/exchange';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly [key: string]: unknown;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: Schema }[];
  readonly responses: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}

/** Query parameters that the interface takes everywhere. */
const general = new Set([
  'fields',
  'max_records',
  'order_by',
  'return_records',
  'return_timeout',
  'ignore_unknown_fields',
]);

/** The published description of the interface, as a judge of recorded requests and answers. */
export class OntapDescription {
  readonly #description: Description;
  readonly #ajv: Ajv;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(path: URL | string) {
    this.#description = JSON.parse(readFileSync(path, 'utf8'));
    this.#ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(this.#ajv);
    this.#ajv.addSchema({ $id: 'ontap', definitions: closed(this.#description.definitions) });
  }

  /** What is wrong with an exchange; empty when nothing is. */
  problemsOf(exchange: RestExchange): string[] {
    const url = new URL(exchange.path, 'https://array');
    const name = `${exchange.method} ${url.pathname}`;
    const found = this.#find(exchange.method, url.pathname);
    if (!found) return [`${name}: no such operation in the description`];
    const { operation, template } = found;
    const problems: string[] = [];
    const record = this.#recordSchema(operation);
    for (const [key, value] of url.searchParams)
      problems.push(...this.#queryProblems(operation, record, key, value));
    const body = operation.parameters?.find((parameter) => parameter.in === 'body')?.schema;
    if (exchange.requestBody !== undefined)
      problems.push(
        ...(body
          ? this.#schemaProblems(`${template} request`, body, exchange.requestBody)
          : ['takes no body']),
      );
    if (exchange.status !== undefined) problems.push(...this.#answerProblems(operation, template, exchange));
    return problems.map((problem) => `${name}: ${problem}`);
  }

  #answerProblems(operation: Operation, template: string, { status, responseBody }: RestExchange): string[] {
    const failed = (status ?? 0) >= 400;
    const response =
      operation.responses[String(status)] ?? (failed ? operation.responses['default'] : undefined);
    if (!response) return [`status ${status} is not described`];
    if (!response.schema || isEmpty(responseBody)) return [];
    return this.#schemaProblems(`${template} ${status}`, response.schema, responseBody);
  }

  #queryProblems(operation: Operation, record: Schema | undefined, key: string, value: string): string[] {
    if (key === 'fields')
      return value
        .split(',')
        .filter((field) => !['*', '**'].includes(field) && !(record && this.#has(record, field.split('.'))))
        .map((field) => `field ${field} is not described`);
    if (general.has(key) || key.startsWith('start.')) return [];
    if (operation.parameters?.some((parameter) => parameter.in === 'query' && parameter.name === key))
      return [];
    return record && this.#has(record, key.split('.')) ? [] : [`query ${key} is not described`];
  }

  /** What a collection holds, or what an instance is. */
  #recordSchema(operation: Operation): Schema | undefined {
    const ok = this.#resolve(operation.responses['200']?.schema);
    return this.#resolve(ok?.properties?.['records']?.items) ?? ok;
  }

  #has(schema: Schema, [first, ...rest]: readonly string[]): boolean {
    if (first === undefined) return true;
    const inside = this.#resolve(schema.type === 'array' ? schema.items : schema);
    const next = this.#resolve(inside?.properties?.[first]);
    return next !== undefined && this.#has(next, rest);
  }

  #resolve(schema: Schema | undefined): Schema | undefined {
    const name = schema?.$ref?.replace('#/definitions/', '');
    return name === undefined ? schema : this.#resolve(this.#description.definitions[name]);
  }

  #schemaProblems(key: string, schema: Schema, value: unknown): string[] {
    let validate = this.#compiled.get(key);
    if (!validate) {
      validate = this.#ajv.compile(pointed(closed(schema)));
      this.#compiled.set(key, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${key.split(' ').at(-1)}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  #find(method: string, pathname: string): { operation: Operation; template: string } | undefined {
    const given = pathname.replace(/^\/api/, '').split('/');
    for (const [template, operations] of Object.entries(this.#description.paths)) {
      const parts = template.split('/');
      const matches =
        parts.length === given.length && parts.every((part, i) => part.startsWith('{') || part === given[i]);
      const operation = matches ? operations[method.toLowerCase()] : undefined;
      if (operation) return { operation, template };
    }
    return undefined;
  }
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  );
}

/** The same schema, in which an object with described properties takes no others. */
function closed<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(closed) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const described =
    typeof copy['properties'] === 'object' &&
    !('type' in (copy['properties'] ?? {}) && typeof copy['properties']['type'] === 'string');
  return (described ? { additionalProperties: false, ...copy } : copy) as T;
}

/** References lead into the one set of definitions. */
function pointed(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/definitions/', '"ontap#/definitions/'));
}
