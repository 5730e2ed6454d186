/** The output of a manifest renderer. Renderers are pure: the same option table gives the same bytes. */
export interface ManifestFile {
  /** From the root of the repository. */
  path: string;
  content: string;
}
