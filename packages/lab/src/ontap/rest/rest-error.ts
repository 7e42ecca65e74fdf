import type { JsonObject } from '../../json.ts';

export interface ErrorArgument {
  readonly message: string;
  readonly code: string;
}

/** A refusal in the array's own envelope. Thrown anywhere below a request or a job. */
export class RestError extends Error {
  readonly status: number;
  readonly code: number;
  readonly target: string | undefined;
  readonly args: readonly ErrorArgument[];

  constructor(status: number, code: number, message: string, target?: string, args: readonly string[] = []) {
    super(message);
    this.name = 'RestError';
    this.status = status;
    this.code = code;
    this.target = target;
    this.args = args.map((text) => ({ message: text, code: '0' }));
  }

  envelope(): JsonObject {
    return { error: this.body() };
  }

  body(): JsonObject {
    return {
      message: this.message,
      code: String(this.code),
      ...(this.target ? { target: this.target } : {}),
      ...(this.args.length > 0
        ? { arguments: this.args.map(({ message, code }) => ({ message, code })) }
        : {}),
    };
  }
}

export const notFound = (target?: string): RestError => new RestError(404, 4, "entry doesn't exist", target);

export const noApi = (): RestError => new RestError(404, 3, 'API not found');

export const notAllowed = (): RestError =>
  new RestError(405, 3, 'The requested operation is not supported on this resource');

export const invalidValue = (value: string, field: string): RestError =>
  new RestError(400, 262197, `The value "${value}" is invalid for field "${field}"`, field, [value, field]);

export const unknownField = (field: string): RestError =>
  new RestError(400, 262197, `The field "${field}" is invalid`, field, [field]);

export const missingField = (field: string): RestError =>
  new RestError(400, 262177, `Missing value for field "${field}"`, field, [field]);

export const forbidden = (): RestError => new RestError(403, 6, 'not authorized for that command');
