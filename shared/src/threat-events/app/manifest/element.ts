/** An element of a manifest, in whichever form the manifest is; attributes without their namespace. */
export interface Element {
  name: string;
  attributes: Record<string, string>;
}
