/** Where a stage logs to. No secret and no link to consent ever goes there. */
export interface StageLog {
  debug(message: string, data?: Record<string, unknown>): void;
  info(message: string, data?: Record<string, unknown>): void;
  warning(message: string, data?: Record<string, unknown>): void;
}

/** For commands and benches, which have words of their own. */
export const SILENT: StageLog = { debug: () => undefined, info: () => undefined, warning: () => undefined };
