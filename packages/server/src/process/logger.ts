import type { FlowLog } from '@leeward/engine';
import { type Logger, pino } from 'pino';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Structured log on stderr, with secrets cut out wherever a field of such a name appears. */
export function createLogger(name: string, level = process.env['LEEWARD_LOG'] ?? 'info'): Logger {
  const secrets = ['password', '*.password', '*.*.password', 'authorization', '*.authorization', '*.cookie'];
  const known = levels.includes(level) ? level : 'info';
  return pino({ name, level: known, redact: { paths: secrets, censor: '(secret)' } }, pino.destination(2));
}

export function flowLog(logger: Logger): FlowLog {
  return {
    debug: (message, details) => logger.debug(details ?? {}, message),
    info: (message, details) => logger.info(details ?? {}, message),
    warn: (message, details) => logger.warn(details ?? {}, message),
    error: (message, details) => logger.error(details ?? {}, message),
  };
}
