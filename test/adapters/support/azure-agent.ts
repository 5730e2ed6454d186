/**
 * An Azure Pipelines agent as far as one task goes: task.json's inputs with defaults and aliases as variables, service connections and
 * Secure Files by the variables that task-lib reads, and the commands anywhere in a line of both streams. It spawns the staged task.
 *
 * Sources: microsoft/azure-pipelines-agent (Command.cs, Handlers/Handler.cs, TaskCommandExtension.cs, TaskRestrictionsExtension.cs) and
 * azure-pipelines-task-lib (task.ts, internal.ts).
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { FusegateResult } from '@fusegate/shared/model/result';
import { temporaryFolder } from '../../e2e/support/cli.ts';
import { type ChildEnd, RECORD_CHILDREN, ROOT, runBundle, TEST_ENVIRONMENT } from './child-process.ts';

export const TASK = path.join(ROOT, 'azure-task/dist/task');

export interface TaskManifest {
  inputs: Array<{ name: string; aliases?: string[]; type: string; defaultValue: string; [name: string]: unknown }>;
  outputVariables: Array<{ name: string; description: string }>;
  execution: Record<string, { target: string }>;
  restrictions: { settableVariables: { allowed: string[] } };
  [name: string]: unknown;
}

export function readTaskManifest(task = TASK): TaskManifest {
  return JSON.parse(readFileSync(path.join(task, 'task.json'), 'utf8'));
}

export interface VsoCommand {
  /** `task.setvariable` */
  name: string;
  properties: Record<string, string>;
  data: string;
  line: string;
}

function unescaped(text: string, more: boolean): string {
  const plain = text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  return (more ? plain.replaceAll('%3B', ';').replaceAll('%5D', ']') : plain).replaceAll('%AZP25', '%');
}

/** Command.TryParse: anywhere in a line, ignoring case, the first one counts. */
export function vsoCommandsIn(log: string): VsoCommand[] {
  return log.split(/\r\n|[\n\r]/).flatMap((line): VsoCommand[] => {
    const start = line.toLowerCase().indexOf('##vso[');
    const end = start < 0 ? -1 : line.indexOf(']', start);
    if (end < 0) return [];
    const inside = line.slice(start + '##vso['.length, end);
    const blank = inside.indexOf(' ');
    const name = (blank < 0 ? inside : inside.slice(0, blank)).toLowerCase();
    if (name.split('.').length !== 2) return [];
    const properties: Record<string, string> = {};
    for (const pair of blank < 0 ? [] : inside.slice(blank + 1).split(';')) {
      const equals = pair.indexOf('=');
      if (equals > 0) properties[pair.slice(0, equals).trim().toLowerCase()] = unescaped(pair.slice(equals + 1), true);
    }
    return [{ name, properties, data: unescaped(line.slice(end + 1), false), line }];
  });
}

export interface TaskRun {
  /** Its folder; the staged one unless given. */
  task?: string;
  inputs?: Record<string, string>;
  /** Id -> connection. */
  connections?: Record<string, { url: string; token: string }>;
  /** Id -> Secure File; `content` is what the server gives out for the ticket. */
  secureFiles?: Record<string, { name: string; content: Buffer | string }>;
  env?: Record<string, string>;
  workspace?: string;
  staging?: string;
  temp?: string;
  /** The Node that runs it; the one of the tests unless given. */
  node?: string;
  onStart?: (child: ChildProcess) => void;
  debug?: boolean;
}

export interface TaskRunEnd extends ChildEnd {
  commands: VsoCommand[];
  /** `Succeeded` or `Failed` of task.complete, which the agent believes and not the exit code; the first one counts. */
  complete: string | undefined;
  completeMessage: string;
  outputs: Record<string, string>;
  /** Variables that restrictions would have refused. */
  refused: string[];
  issues: Array<{ type: string; message: string; file?: string }>;
  masks: Set<string>;
  summary: string | undefined;
  published: Array<Record<string, string>>;
  workspace: string;
  staging: string;
  temp: string;
  children: string;
  /** What the fake Azure DevOps was asked for. */
  requests: Array<{ url: string; authorization: string | undefined }>;
  result: FusegateResult | undefined;
}

/** Gives out Secure Files as Azure DevOps does: with the job's token and the ticket of the file. */
async function azureDevOps(files: NonNullable<TaskRun['secureFiles']>, token: string) {
  const requests: TaskRunEnd['requests'] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    requests.push({ url: url.pathname, authorization: request.headers.authorization });
    const id = /^\/collection\/project%20one\/_apis\/distributedtask\/securefiles\/([\w-]+)$/.exec(url.pathname)?.[1];
    const file = id === undefined ? undefined : files[id];
    const expected = `Basic ${Buffer.from(`:${token}`).toString('base64')}`;
    if (file === undefined) response.writeHead(404).end();
    else if (request.headers.authorization !== expected) response.writeHead(401).end();
    else if (url.searchParams.get('ticket') !== `ticket-of-${id}`) response.writeHead(403).end();
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const collection = `http://127.0.0.1:${(server.address() as AddressInfo).port}/collection/`;
  return { collection, requests, close: () => new Promise((resolve) => server.close(resolve)) };
}

const JOB_TOKEN = 'job-token-of-the-agent-7Kq9x';

function inputVariables(manifest: TaskManifest, given: Record<string, string>): Record<string, string> {
  const left = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  const variables: Record<string, string> = {};
  for (const input of manifest.inputs) {
    const names = [input.name, ...(input.aliases ?? [])].map((name) => name.toLowerCase());
    const name = names.find((each) => left.has(each));
    const value = name === undefined ? input.defaultValue : (left.get(name) ?? '');
    if (name !== undefined) left.delete(name);
    // An input without a value has no variable.
    if (value !== '') variables[`INPUT_${input.name.replaceAll(/[. ]/g, '_').toUpperCase()}`] = value;
  }
  if (left.size > 0) throw new Error(`task.json has no input ${[...left.keys()].join(', ')}`);
  return variables;
}

export async function runTask(run: TaskRun): Promise<TaskRunEnd> {
  const task = run.task ?? TASK;
  const manifest = readTaskManifest(task);
  const workspace = run.workspace ?? temporaryFolder('fusegate-sources-');
  const staging = run.staging ?? temporaryFolder('fusegate-staging-');
  const temp = run.temp ?? temporaryFolder('fusegate-agent-temp-');
  mkdirSync(temp, { recursive: true });
  const childrenFile = path.join(temporaryFolder(), 'children.jsonl');
  writeFileSync(childrenFile, '');
  const devOps = await azureDevOps(run.secureFiles ?? {}, JOB_TOKEN);
  const connections: Record<string, string> = {};
  for (const [id, { url, token }] of Object.entries(run.connections ?? {})) {
    connections[`ENDPOINT_URL_${id}`] = url;
    connections[`ENDPOINT_AUTH_SCHEME_${id}`] = 'Token';
    connections[`ENDPOINT_AUTH_PARAMETER_${id}_APITOKEN`] = token;
  }
  for (const [id, { name }] of Object.entries(run.secureFiles ?? {})) {
    connections[`SECUREFILE_NAME_${id}`] = name;
    connections[`SECUREFILE_TICKET_${id}`] = `ticket-of-${id}`;
  }
  const end = await runBundle(path.join(task, manifest.execution.Node20_1?.target ?? ''), [], {
    node: run.node,
    cwd: workspace,
    env: {
      ...TEST_ENVIRONMENT,
      TF_BUILD: 'True',
      AGENT_TEMPDIRECTORY: temp,
      AGENT_VERSION: '4.265.1',
      BUILD_ARTIFACTSTAGINGDIRECTORY: staging,
      BUILD_BUILDID: '4711',
      BUILD_SOURCEVERSION: 'c0ffee',
      SYSTEM_DEFAULTWORKINGDIRECTORY: workspace,
      SYSTEM_COLLECTIONURI: 'https://dev.azure.com/example/',
      SYSTEM_TEAMFOUNDATIONCOLLECTIONURI: devOps.collection,
      SYSTEM_TEAMPROJECT: 'project one',
      SYSTEM_JOBID: 'job-1',
      SYSTEM_DEBUG: run.debug ? 'true' : 'false',
      ENDPOINT_URL_SYSTEMVSSCONNECTION: devOps.collection,
      ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: JOB_TOKEN,
      NODE_OPTIONS: RECORD_CHILDREN,
      RECORD_CHILDREN: childrenFile,
      ...connections,
      ...run.env,
      ...inputVariables(manifest, run.inputs ?? {}),
    },
    ...(run.onStart ? { onStart: run.onStart } : {}),
  });
  await devOps.close();

  const commands = vsoCommandsIn(`${end.stdout}\n${end.stderr}`);
  const named = (name: string) => commands.filter((command) => command.name === name);
  const allowed = manifest.restrictions.settableVariables.allowed.map((name) => name.toLowerCase());
  const set = named('task.setvariable').map(({ properties, data }) => ({ name: properties.variable ?? '', data }));
  const [complete] = named('task.complete');
  const [uploaded] = named('task.uploadsummary');
  const outputs = Object.fromEntries(
    set.filter(({ name }) => allowed.includes(name.toLowerCase())).map(({ name, data }) => [name, data]),
  );
  const resultFile = outputs.result;
  return {
    ...end,
    commands,
    complete: complete?.properties.result,
    completeMessage: complete?.data ?? '',
    outputs,
    refused: set.filter(({ name }) => !allowed.includes(name.toLowerCase())).map(({ name }) => name),
    issues: [...named('task.issue'), ...named('task.logissue')].map(({ properties, data }) => ({
      type: properties.type ?? '',
      message: data,
      ...(properties.sourcepath === undefined ? {} : { file: properties.sourcepath }),
    })),
    masks: new Set(named('task.setsecret').map(({ data }) => data)),
    summary: uploaded && existsSync(uploaded.data) ? readFileSync(uploaded.data, 'utf8') : undefined,
    published: named('results.publish').map(({ properties }) => properties),
    workspace,
    staging,
    temp,
    children: readFileSync(childrenFile, 'utf8'),
    requests: devOps.requests,
    result: resultFile && existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')) : undefined,
  };
}
