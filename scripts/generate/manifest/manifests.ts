/**
 * Every manifest and reference page made from the option table. To add a system, add its renderer in a file of its own (`github-action.ts`,
 * `azure-task.ts`, `bitrise-step.ts`) and a line here; `npm run check` then notices if its file is stale.
 */
import { OPTIONS } from '../../../shared/src/options/table.ts';
import { taskJson, vssExtension } from './azure-task.ts';
import { stepYml } from './bitrise-step.ts';
import { actionYml } from './github-action.ts';
import type { ManifestFile } from './manifest-file.ts';
import { namesPage, optionsPage, outputsPage } from './reference.ts';

export function manifests(): ManifestFile[] {
  return [
    { path: 'actions/action.yml', content: actionYml(OPTIONS) },
    { path: 'azure-task/task.json', content: taskJson(OPTIONS) },
    { path: 'azure-task/vss-extension.json', content: vssExtension() },
    { path: 'bitrise-step/step.yml', content: stepYml(OPTIONS) },
    { path: 'docs/reference/options.md', content: optionsPage(OPTIONS) },
    { path: 'docs/reference/outputs.md', content: outputsPage() },
    { path: 'docs/reference/input-names.md', content: namesPage(OPTIONS) },
  ];
}
