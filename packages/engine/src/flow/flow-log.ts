type Details = Readonly<Record<string, unknown>>;

/** Where an engine writes its process log; the caller chooses the sink (pino in the product). */
export interface FlowLog {
  debug(message: string, details?: Details): void;
  info(message: string, details?: Details): void;
  warn(message: string, details?: Details): void;
  error(message: string, details?: Details): void;
}

const nothing = () => undefined;

export const silentLog: FlowLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };
