/**
 * Every file in recipes/, and the pages made with them. To add a system, write a function in a file of its own and add it here;
 * `npm run check` then notices if its files are stale.
 */
import type { ManifestFile } from '../manifest/manifest-file.ts';
import { circleciRecipe } from './circleci.ts';
import { gitlabRecipe } from './gitlab.ts';
import { scriptRecipes } from './script-systems.ts';
import { teamcityRecipe } from './teamcity.ts';
import { typedPages } from './typed-pages.ts';

/** Renderers are pure: the same option table gives the same bytes. */
export interface RecipeFile {
  /** From the root of the repository. */
  path: string;
  text: string;
}

const RECIPES: ReadonlyArray<() => RecipeFile[]> = [
  gitlabRecipe,
  circleciRecipe,
  teamcityRecipe,
  typedPages,
  scriptRecipes,
];

export function recipes(): ManifestFile[] {
  return RECIPES.flatMap((recipe) => recipe()).map(({ path, text }) => ({ path, content: text }));
}
