/** How to continue with a build that has been paid for. */

/** @returns the command, as Markdown code */
export function goOnWith(buildId: string): string {
  return `\`fusegate run --build-id ${buildId}\``;
}
