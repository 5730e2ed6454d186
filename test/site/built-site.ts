import { buildSite } from '../../scripts/site/build.mjs';

let built: ReturnType<typeof buildSite> | undefined;

/** Built once for the files that a worker runs. */
export function builtSite(): ReturnType<typeof buildSite> {
  built ??= buildSite();
  return built;
}
