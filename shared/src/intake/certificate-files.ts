/** Whether certificate files are more than one build's pair of documents: an archive, in which each build is judged separately. */
export function isArchive(files: readonly string[]): boolean {
  const count = (extension: string) => files.filter((file) => file.toLowerCase().endsWith(extension)).length;
  return count('.pdf') > 1 || count('.json') > 1;
}
