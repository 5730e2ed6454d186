/** How a recipe gets the command line: an exact version of the npm package, or a release file whose SHA-256 is checked. Never what moves. */
import publish from '../../../publish.json' with { type: 'json' };
import { VERSION } from '../../../shared/src/model/version.ts';

const PACKAGE = publish.npmPackage;

/** `fusegate@0.1.0` */
export const EXACT_PACKAGE = `${PACKAGE}@${VERSION}`;

/** `npx --yes fusegate@0.1.0` */
export const NPX = `npx --yes ${EXACT_PACKAGE}`;

/** The first line of a generated YAML or shell file. */
export const GENERATED = '# Generated from the option table by `npm run generate`. Do not edit.\n';
