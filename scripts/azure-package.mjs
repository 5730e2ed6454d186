/** Checks and packs the Azure extension. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { repacked } from './release/files.mjs';

const ROOT = 'azure-task';
/** The folder that the extension is packed from. */
export const AZURE_TASK = path.join(ROOT, 'dist', 'task');
const require = createRequire(path.resolve('package.json'));

/** Handlers of agents that Azure still ships (learn.microsoft.com, "Node runner update guidance"). tfx accepts any word. */
const HANDLERS = ['Node24', 'Node20_1'];
/** What a task's input may be (azure-pipelines-task-lib, tasks.schema.json), and service connections by their prefix. */
const INPUT_TYPES = ['string', 'boolean', 'filePath', 'multiLine', 'pickList', 'radio', 'secureFile', 'int'];

/** Files beside the bundle in the package. */
export const STAGED = ['task.json', 'icon.png'];

export function stageAzureTask() {
  mkdirSync(AZURE_TASK, { recursive: true });
  copyFileSync(path.join(ROOT, 'task.json'), path.join(AZURE_TASK, 'task.json'));
  copyFileSync(path.join(ROOT, 'images', 'task.png'), path.join(AZURE_TASK, 'icon.png'));
}

/**
 * Rules of task.json that tfx does not check.
 * @param {any} task
 * @returns {string[]} what is wrong
 */
export function taskIssues(task) {
  /** @type {string[]} */
  const issues = [];
  const names = new Set();
  const groups = new Set(task.groups.map((/** @type {any} */ group) => group.name));
  for (const handler of Object.keys(task.execution)) {
    if (!HANDLERS.includes(handler)) issues.push(`execution.${handler} is not a handler that agents have`);
  }
  const own = new Map(task.inputs.map((/** @type {any} */ input) => [input.name.toLowerCase(), input]));
  for (const input of task.inputs) {
    for (const name of [input.name, ...(input.aliases ?? [])]) {
      if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) issues.push(`input ${name}: not a name that YAML can use`);
      if (names.has(name.toLowerCase())) issues.push(`input ${name}: taken already (Azure ignores case)`);
      names.add(name.toLowerCase());
    }
    if (!INPUT_TYPES.includes(input.type) && !/^connectedService:[\w-]+$/.test(input.type)) {
      issues.push(`input ${input.name}: no type ${input.type}`);
    }
    if (!groups.has(input.groupName)) issues.push(`input ${input.name}: no group ${input.groupName}`);
    if (!input.label || input.label.length > 120) issues.push(`input ${input.name}: the label is missing or too long`);
    if (input.type === 'pickList' && Object.keys(input.options ?? {}).length === 0) {
      issues.push(`input ${input.name}: a pickList without options`);
    }
    for (const rule of (input.visibleRule ?? '').split(/\|\||&&/).filter(Boolean)) {
      const [, subject, value] = /^\s*(\w+)\s*=\s*([\w-]+)\s*$/.exec(rule) ?? [];
      const target = own.get((subject ?? '').toLowerCase());
      if (!target) issues.push(`input ${input.name}: visibleRule names no input: ${rule}`);
      else if (target.options && !Object.hasOwn(target.options, value ?? '')) {
        issues.push(`input ${input.name}: visibleRule names no value of ${subject}: ${value}`);
      }
    }
    if (/\|\|/.test(input.visibleRule ?? '') && /&&/.test(input.visibleRule ?? '')) {
      issues.push(`input ${input.name}: visibleRule mixes && and ||`);
    }
  }
  const outputs = task.outputVariables.map((/** @type {any} */ output) => output.name);
  for (const name of task.restrictions.settableVariables.allowed) {
    if (!outputs.includes(name)) issues.push(`restrictions: ${name} is not an output variable`);
  }
  for (const name of outputs) {
    if (!task.restrictions.settableVariables.allowed.includes(name)) issues.push(`restrictions: ${name} cannot be set`);
  }
  return issues;
}

/**
 * Rules of vss-extension.json: what the marketplace refuses, and whether the files that it names exist.
 * @param {any} extension
 * @param {any} task
 * @returns {string[]} what is wrong
 */
export function extensionIssues(extension, task) {
  /** @type {string[]} */
  const issues = [];
  const { Major, Minor, Patch } = task.version;
  if (extension.version !== `${Major}.${Minor}.${Patch}`) issues.push('the versions of task and extension differ');
  if (!/^[A-Za-z0-9][\w.-]*$/.test(extension.publisher ?? '')) issues.push('publisher is missing or malformed');
  if (!/^[A-Za-z0-9][\w.-]*$/.test(extension.id ?? '')) issues.push('id is missing or malformed');
  if ((extension.description ?? '').length > 200) issues.push('the description is longer than 200 characters');
  if (extension.targets?.[0]?.id !== 'Microsoft.VisualStudio.Services') issues.push('targets name no Azure DevOps');
  for (const file of [extension.icons?.default, extension.content?.details?.path]) {
    if (!file || !existsSync(path.join(ROOT, file))) issues.push(`${file} is not there`);
  }
  const packaged = extension.files.map((/** @type {any} */ file) => file.packagePath ?? file.path);
  for (const { id, type, properties } of extension.contributions) {
    if (type === 'ms.vss-distributed-task.task' && !packaged.includes(properties.name)) {
      issues.push(`contribution ${id}: the package has no folder ${properties.name}`);
    }
    if (type === 'ms.vss-endpoint.service-endpoint-type') {
      const secret = properties.authenticationSchemes
        .flatMap((/** @type {any} */ scheme) => scheme.inputDescriptors)
        .find((/** @type {any} */ input) => input.id === 'apitoken');
      if (secret?.isConfidential !== true) issues.push(`contribution ${id}: the key is not confidential`);
      const used = task.inputs.some((/** @type {any} */ input) => input.type === `connectedService:${properties.name}`);
      if (!used) issues.push(`contribution ${id}: no input takes a connection of the type ${properties.name}`);
    }
  }
  return issues;
}

/** @returns {string[]} everything that is wrong with the staged task and the extension */
export function azurePackageIssues() {
  const taskFile = path.resolve(AZURE_TASK, 'task.json');
  const task = JSON.parse(readFileSync(taskFile, 'utf8'));
  const extension = JSON.parse(readFileSync(path.join(ROOT, 'vss-extension.json'), 'utf8'));
  // A variable, because the package has no types and a literal would require them.
  const validator = 'tfx-cli/_build/lib/jsonvalidate.js';
  const { validateTask } = require(validator);
  return [...validateTask(taskFile, task), ...taskIssues(task), ...extensionIssues(extension, task)];
}

/**
 * Packs the .vsix with tfx, offline. Warnings from tfx count as errors.
 * @param {string} outputDir
 * @param {{ publisher?: string | undefined }} [options]
 * @returns {{ vsix: string } | { issues: string[] }}
 */
export function packAzureExtension(outputDir, { publisher } = {}) {
  const issues = azurePackageIssues();
  if (issues.length > 0) return { issues };
  mkdirSync(outputDir, { recursive: true });
  // tfx keeps settings in the home folder; those of this machine must not count.
  const home = mkdtempSync(path.join(os.tmpdir(), 'fusegate-tfx-'));
  try {
    const tfx = path.join(path.dirname(require.resolve('tfx-cli/package.json')), '_build', 'tfx-cli.js');
    const args = ['extension', 'create', '--manifest-globs', 'vss-extension.json', '--no-color', '--no-prompt'];
    const target = ['--output-path', `${path.resolve(outputDir)}${path.sep}`];
    const named = publisher === undefined ? [] : ['--publisher', publisher];
    const done = spawnSync(process.execPath, [tfx, ...args, ...target, ...named], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, HOME: home, USERPROFILE: home },
    });
    const output = `${done.stdout}${done.stderr}`;
    const warned = output.split('\n').filter((line) => /warn|invalid task json|error/i.test(line));
    const vsix = /VSIX: (.+\.vsix)$/m.exec(output)?.[1];
    if (done.status !== 0 || warned.length > 0 || vsix === undefined) {
      return { issues: warned.length > 0 ? warned : [`tfx ended with ${done.status}:\n${output}`] };
    }
    // tfx writes the time of packing, and files in the order in which they were read.
    writeFileSync(vsix, repacked(readFileSync(vsix)));
    return { vsix };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
