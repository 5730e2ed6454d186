/** How to continue with a build that has been paid for. */

/** @returns the command, as Markdown code, and what belongs to it */
export function goOnWith(buildId: string): string {
  return `\`fusegate run --build-id ${buildId}\` with the other options of this job`;
}
