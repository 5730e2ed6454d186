/** `fusion-set-id` as `fusionSetId`. */
export function camelCase(id: string): string {
  return id.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
