import { EXIT } from '../model/errors.ts';

/** What may be printed about an unexpected error: its text may contain a request with its headers; its code and name do not. */
export function nameOfError(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return code;
  return error instanceof Error ? error.name : 'unknown error';
}

/**
 * What nothing has caught ends the process here, and red. Node itself would print the error with everything in it: of a request that
 * failed, the key that was sent.
 * @param say one line for people, and whatever else the system must be told. The exit is 8 also on Azure, where any but 0 is red: were the
 * log gone, nobody would have heard it
 */
export function endRedOnUncaught(say: (text: string) => void): void {
  // Alone: azure-pipelines-task-lib has handlers of its own, which print the text.
  process.removeAllListeners('uncaughtException');
  process.removeAllListeners('unhandledRejection');
  process.on('uncaughtException', (error) => {
    try {
      say(`Fusegate could not go on: ${nameOfError(error)}`);
    } catch {
      // The log is gone, too. The exit still tells.
    }
    process.exit(EXIT.noVerdict);
  });
}
