/** azure-task/task.json and vss-extension.json: the option table as the inputs of an Azure Pipelines task. */

import {
  CONNECTION_INPUT,
  CONNECTION_TYPE,
  presetOf,
  SECURE_FILE_INPUTS,
} from '../../../azure-task/src/azure-only-inputs.ts';
import { SERVICE_ORIGIN } from '../../../shared/src/api/origin.ts';
import { defined } from '../../../shared/src/model/defined.ts';
import { OUTPUT_NAMES } from '../../../shared/src/model/host.ts';
import { VERSION } from '../../../shared/src/model/version.ts';
import { OUTPUT_TEXT } from '../../../shared/src/options/output-text.ts';
import { aliasNames, inputName, isOn } from '../../../shared/src/options/spelling.ts';
import { AZURE } from '../../../shared/src/options/systems/azure.ts';
import { OPTION_GROUPS, type Option } from '../../../shared/src/options/table.ts';
import { availableChoices, availableOptions, optionSentences } from './option-prose.ts';
import { PUBLISHER, REPOSITORY_URL } from './repository.ts';

/** Never change this id: the agent and the marketplace identify the task by it. */
const TASK_ID = 'b1f2c7de-6a0c-4e0f-9c35-2d1f0a8e6b47';
/** The first agent with Node20_1 (microsoft/azure-pipelines-tasks, docs/migrateNode24.md). */
const MINIMUM_AGENT = '3.232.1';
/** The type of a task contribution, according to Azure's documentation. */
const TASK_CONTRIBUTION = 'ms.vss-distributed-task.task';

/** Relative to the extension's root and the same in the package: tfx looks for task.json there. */
const TASK_FOLDER = 'dist/task';

interface TaskInput {
  name: string;
  aliases?: string[];
  type: string;
  label: string;
  defaultValue: string;
  required: boolean;
  groupName: string;
  helpMarkDown: string;
  visibleRule?: string;
  options?: Record<string, string>;
  properties?: Record<string, string>;
}

function inputType(option: Option): string {
  switch (option.type.kind) {
    case 'boolean':
      return 'boolean';
    case 'choice':
      return 'pickList';
    case 'list':
    case 'path-list':
    case 'file-list':
    case 'json':
      return 'multiLine';
    // Not filePath: the agent would make a URL, base64 or a pattern into a path below the sources.
    default:
      return 'string';
  }
}

/** Hides an input in modes that do not use it. A rule may only use `||`; mixing with `&&` is not allowed. */
function visibleRule(option: Option): string | undefined {
  if (/^(keystore|key-password|p12)/.test(option.id)) return 'sign = on-appdome';
  if (option.modes.length === 4) return undefined;
  return option.modes.map((mode) => `mode = ${mode}`).join(' || ');
}

/** The official task's names, except those that differ from ours only in case, which Azure ignores. */
function aliasesOf(option: Option): string[] {
  const own = inputName(option.id, AZURE).toLowerCase();
  return aliasNames(option, AZURE).filter((alias) => alias.toLowerCase() !== own);
}

/**
 * Only booleans and the mode have a default value, since a form must show one. Any other default would be passed on as if the user had
 * written it, and would win over the FUSEGATE_ variables; the task treats these as unset.
 */
function taskInput(option: Option): TaskInput {
  const choices = availableChoices(option);
  const aliases = aliasesOf(option);
  const rule = visibleRule(option);
  const [summary = '', ...more] = optionSentences(option, AZURE, { choices: option.type.kind !== 'choice' });
  return {
    name: inputName(option.id, AZURE),
    ...(aliases.length > 0 ? { aliases } : {}),
    type: inputType(option),
    label: summary.replace(/\.$/, ''),
    defaultValue: presetOf(option) ?? '',
    required: option.id === 'mode',
    groupName: option.group,
    helpMarkDown: [...(option.type.kind === 'secret' ? ['A secret variable: $(name).'] : []), ...more].join(' '),
    ...defined({ visibleRule: rule }),
    ...(option.type.kind === 'choice'
      ? {
          options: Object.fromEntries(choices.map(({ value, help }) => [value, `${value}: ${help}`])),
          // Other spellings, such as those of the official task, and variables.
          properties: { EditableOptions: 'True' },
        }
      : {}),
  };
}

function azureOnlyInputs(): TaskInput[] {
  return [
    {
      name: CONNECTION_INPUT,
      type: `connectedService:${CONNECTION_TYPE}`,
      label: 'Appdome service connection',
      defaultValue: '',
      required: false,
      groupName: 'what',
      helpMarkDown: `Contains the API key, and the server's address if it is not ${SERVICE_ORIGIN}. Alternative: apiKey.`,
      visibleRule: 'mode = run || mode = gate || mode = validate',
    },
    ...SECURE_FILE_INPUTS.map(({ name, option, label, help }) => ({
      name,
      type: 'secureFile',
      label,
      defaultValue: '',
      required: false,
      groupName: 'sign',
      helpMarkDown: `${help}. Alternative: ${inputName(option, AZURE)}.`,
      visibleRule: /^(keystore|p12)/.test(option) ? 'sign = on-appdome' : 'mode = run',
    })),
  ];
}

function versionParts(): { Major: number; Minor: number; Patch: number } {
  const [major = 0, minor = 0, patch = 0] = VERSION.split('.').map(Number);
  return { Major: major, Minor: minor, Patch: patch };
}

/** @returns the content of task.json */
export function taskJson(options: readonly Option[]): string {
  const shown = availableOptions(options).filter((option) => isOn(option, AZURE));
  const groups = OPTION_GROUPS.map(({ id, title }) => ({
    name: id,
    displayName: title,
    isExpanded: id === 'what' || id === 'sign' || id === 'gate',
  }));
  const inputs = [...shown.map(taskInput), ...azureOnlyInputs()];
  const order = new Map(groups.map(({ name }, index) => [name as string, index]));
  const outputs = OUTPUT_NAMES.map((name) => ({ name: AZURE.outputName(name), description: `${OUTPUT_TEXT[name]}.` }));
  const task = {
    $schema: 'https://raw.githubusercontent.com/Microsoft/azure-pipelines-task-lib/master/tasks.schema.json',
    id: TASK_ID,
    name: 'Fusegate',
    friendlyName: 'Fusegate for Appdome',
    description:
      'Protects a mobile app with Appdome and fails unless the Certified Secure certificate proves the protections that you require',
    helpUrl: `${REPOSITORY_URL}/blob/main/docs/azure.md`,
    helpMarkDown:
      'Generated from the option table by `npm run generate`. Every input is described in docs/reference/options.md.',
    category: 'Utility',
    author: 'Fusegate',
    version: versionParts(),
    visibility: ['Build', 'Release'],
    runsOn: ['Agent', 'DeploymentGroup'],
    minimumAgentVersion: MINIMUM_AGENT,
    instanceNameFormat: 'Fusegate $(mode) $(app)',
    showEnvironmentVariables: true,
    groups,
    inputs: inputs.sort((a, b) => (order.get(a.groupName) ?? 0) - (order.get(b.groupName) ?? 0)),
    outputVariables: outputs,
    execution: { Node24: { target: 'index.cjs' }, Node20_1: { target: 'index.cjs' } },
    // Even if text from the service reached the log as a command, it could set nothing else.
    restrictions: { settableVariables: { allowed: outputs.map(({ name }) => name) } },
  };
  return `${JSON.stringify(task, null, 2)}\n`;
}

/** @returns the content of vss-extension.json */
export function vssExtension(): string {
  const extension = {
    $schema: 'https://json.schemastore.org/azure-devops-extension-manifest-1.0.json',
    manifestVersion: 1,
    id: 'fusegate-appdome',
    // Publishers use their own name: npm run package:azure -- NAME.
    publisher: PUBLISHER,
    version: VERSION,
    name: 'Fusegate for Appdome',
    description:
      'A pipeline task that protects mobile apps with Appdome and fails unless the certificate proves the protections that you require.',
    public: false,
    targets: [{ id: 'Microsoft.VisualStudio.Services' }],
    categories: ['Azure Pipelines'],
    tags: ['Appdome', 'mobile', 'Android', 'iOS', 'app security'],
    icons: { default: 'images/extension.png' },
    content: { details: { path: 'overview.md' } },
    files: [{ path: TASK_FOLDER }, { path: 'images', addressable: true }],
    contributions: [
      {
        id: 'fusegate-task',
        type: TASK_CONTRIBUTION,
        targets: ['ms.vss-distributed-task.tasks'],
        properties: { name: TASK_FOLDER },
      },
      {
        id: 'appdome-connection',
        description: 'A service connection with the API key of an Appdome account',
        type: 'ms.vss-endpoint.service-endpoint-type',
        targets: ['ms.vss-endpoint.endpoint-types'],
        properties: {
          name: CONNECTION_TYPE,
          displayName: 'Appdome (Fusegate)',
          url: { displayName: 'Server URL', value: SERVICE_ORIGIN, helpText: 'Change it only for a rehearsal.' },
          authenticationSchemes: [
            {
              type: 'ms.vss-endpoint.endpoint-auth-scheme-token',
              inputDescriptors: [
                {
                  id: 'apitoken',
                  name: 'API key',
                  description: 'From the Appdome console: user menu, Account and API.',
                  inputMode: 'passwordbox',
                  isConfidential: true,
                  validation: { isRequired: true, dataType: 'string' },
                },
              ],
            },
          ],
          helpMarkDown: 'The key is sent to the API of this server only, never to storage hosts.',
        },
      },
    ],
  };
  return `${JSON.stringify(extension, null, 2)}\n`;
}
