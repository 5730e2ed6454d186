import { buildLibrary } from '../library.mjs';

const TARGET = 'shared/dist/package';

/** Makes the folder from which `@fusegate/shared` is published: `npm publish shared/dist/package`. */
export async function main() {
  await buildLibrary(TARGET);
  console.log(`library: ${TARGET} is ready to be packed`);
  return 0;
}
