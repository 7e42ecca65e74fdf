import type { JsonObject } from '../../json.ts';

/** The class of an HTTP status: the first message of every refusal. Texts are unverified. */
const classes: Readonly<Record<number, readonly [code: string, text: string]>> = {
  400: ['SM_http_bad_request', 'The request could not be understood by the server.'],
  401: ['SM_http_unauthorized', 'Unauthorized'],
  403: ['SM_http_forbidden', 'The server understood the request, but is refusing to fulfill it.'],
  404: ['SM_http_not_found', 'The server has not found anything matching the request URI.'],
  405: ['SM_http_method_not_allowed', 'The method is not allowed for the resource.'],
  409: ['SM_http_conflict', 'The request could not be completed due to a conflict.'],
  500: ['SM_http_internal_server_error', 'The server encountered an unexpected condition.'],
  503: ['SM_http_service_unavailable', 'The server is currently unable to handle the request.'],
};

/** A refusal in the system's own envelope. Thrown anywhere below a request, a job or a replication. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly args: JsonObject;

  constructor(status: number, code: string, message: string, args: JsonObject = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.args = args;
  }

  /** The class first, the reason second. */
  messages(): JsonObject[] {
    const [code, text] = classes[this.status] ?? ['SM_http_bad_request', 'Bad request.'];
    const head = { code, severity: 'error', text };
    if (code === this.code) return [{ ...head, text: this.message }];
    const args = Object.keys(this.args).length > 0 ? { arguments: this.args } : {};
    return [head, { code: this.code, severity: 'error', text: this.message, ...args }];
  }
}

export const unauthorized = () => new ApiError(401, 'SM_http_unauthorized', 'Unauthorized');
export const notFound = (what = 'No such object.') => new ApiError(404, 'SM_enoent', what);
export const exists = (name: string) => new ApiError(409, 'SM_eexist', 'Object exists.', { name });
export const notAllowed = () => new ApiError(405, 'SM_http_method_not_allowed', 'The method is not allowed.');
export const notOwner = (what: string) =>
  new ApiError(409, 'SM_not_owner', `${what} is owned by the replication partner.`);
export const missingArgument = (name: string) =>
  new ApiError(400, 'SM_missing_arg', `Missing argument: ${name}.`, { name });
export const unexpectedArgument = (name: string) =>
  new ApiError(400, 'SM_unexpected_arg', `Unexpected argument: ${name}.`, { name });
export const invalidArgument = (name: string) =>
  new ApiError(400, 'SM_invalid_arg_value', `Invalid value provided for argument: ${name}.`, { name });
/** A state that the call needs is missing. */
export const conflict = (code: string, text: string) => new ApiError(409, code, text);
