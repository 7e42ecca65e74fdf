import type { FlowLog } from '@leeward/engine';
import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import { withoutLogSecrets } from './log-redaction.ts';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

const bound = ['password', '*.password', '*.*.password', 'authorization', '*.authorization', '*.cookie'];

/** Structured log on stderr, one JSON object a line, with secrets cut out of fields and texts. */
export function createLogger(
  name: string,
  level = process.env['LEEWARD_LOG'] ?? 'info',
  destination: DestinationStream = pino.destination(2),
): Logger {
  const known = levels.includes(level) ? level : 'info';
  const err = (error: Error) => withoutLogSecrets(stdSerializers.err(error));
  return pino(
    {
      ...{ name, level: known },
      // Of bindings of child loggers, which no formatter sees.
      redact: { paths: bound, censor: '(secret)' },
      serializers: { err, error: (value: unknown) => (value instanceof Error ? err(value) : value) },
      formatters: { log: cleaned },
      hooks: {
        logMethod(given, method) {
          const [first, message, ...others] = given.map((each) =>
            typeof each === 'string' ? withoutLogSecrets(each) : each,
          );
          // Without a message pino would take that of the error as it is.
          const told = message ?? withoutLogSecrets(messageOf(first));
          method.apply(this, [first, told, ...others] as Parameters<typeof method>);
        },
      },
    },
    destination,
  );
}

function messageOf(first: unknown): string | undefined {
  const error = typeof first === 'object' && first !== null && 'err' in first ? first.err : first;
  return error instanceof Error ? error.message : undefined;
}

/** Errors, requests and answers stay what they are: their serializers take what may be told of them. */
function cleaned(facts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) =>
      value instanceof Error || name === 'req' || name === 'res'
        ? [name, value]
        : (Object.entries(withoutLogSecrets({ [name]: value }) as object)[0] ?? [name, value]),
    ),
  );
}

export function flowLog(logger: Logger): FlowLog {
  return {
    debug: (message, details) => logger.debug(details ?? {}, message),
    info: (message, details) => logger.info(details ?? {}, message),
    warn: (message, details) => logger.warn(details ?? {}, message),
    error: (message, details) => logger.error(details ?? {}, message),
  };
}
