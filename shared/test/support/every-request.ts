/** One call of every request of the client, with the answer that it understands: for what must hold for all of them. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CallContext } from '@fusegate/shared/api/call';
import type { AppdomeClient } from '@fusegate/shared/api/client';
import type { Operation } from '@fusegate/shared/api/endpoints';
import { temporaryFolder } from './folder.ts';

export interface EveryRequest {
  send(client: AppdomeClient, context: CallContext): Promise<unknown>;
  /** Body of a good answer; a Buffer is sent as it is. */
  answer: unknown;
  /** What `send` gives for it. */
  gives: unknown;
  /** What is sent to the storage at that address, not to the API. */
  storage?: true;
  /** The body is handed on unread, so nothing that comes with a 2xx can be wrong. */
  unread?: true;
}

export const APP_BYTES = Buffer.from('PK\x03\x04 synthetic app');
const BYTES = Buffer.from('#!/bin/bash\n');
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** @param url of the server, for what goes to its storage */
export async function everyRequest(url: string): Promise<Record<Operation, EveryRequest>> {
  const file = path.join(await temporaryFolder(), 'app.apk');
  await writeFile(file, APP_BYTES);
  const app = { path: file, size: APP_BYTES.length, fileName: 'app.apk' };
  const action = { buildId: 'build-1', overrides: {} };
  const build = { appId: 'app-1', fusionSetId: 'set-1', overrides: {} };
  const storage = new URL(`${url}/storage/key?signature=s`);
  const task = { answer: { task_id: 'build-1' } };
  return {
    uploadLink: {
      send: (client, context) => client.uploadLink(context),
      answer: { url: 'https://storage.example/k', file_id: 'file-1', expires: 1800 },
      gives: { url: new URL('https://storage.example/k'), fileId: 'file-1' },
    },
    putFile: {
      send: (client, context) => client.putFile({ url: storage, fileId: 'file-1' }, app, context),
      answer: Buffer.alloc(0),
      gives: sha256(APP_BYTES),
      storage: true,
      unread: true,
    },
    uploadUsingLink: {
      send: (client, context) => client.uploadUsingLink({ fileId: 'file-1', fileName: 'app.apk' }, context),
      answer: { id: 'app-1' },
      gives: 'app-1',
    },
    uploadStatus: {
      send: (client, context) => client.uploadStatus('app-1', context),
      answer: { status: 'queued' },
      gives: { status: 'queued' },
    },
    uploadDirect: {
      send: (client, context) => client.uploadDirect(app, context),
      answer: { id: 'app-1' },
      gives: { appId: 'app-1', sha256: sha256(APP_BYTES) },
    },
    checkByChecksum: {
      send: (client, context) => client.checkByChecksum('ab'.repeat(32), context),
      answer: { exists: false },
      gives: { known: false },
    },
    buildPwa: {
      send: (client, context) => client.buildPwa({ address: 'https://pwa.example', platform: 'aab' }, context),
      answer: [{ app: { id: 'app-1', status: 'active' }, taskId: { task_id: 'build-1' } }],
      gives: [
        { app: { id: 'app-1', status: 'active', fields: { id: 'app-1', status: 'active' } }, buildId: 'build-1' },
      ],
    },
    libraryApps: {
      send: (client, context) => client.libraryApps(context),
      answer: { apps: [{ id: 'app-1' }] },
      gives: [{ id: 'app-1', fields: { id: 'app-1' } }],
    },
    fuse: { send: (client, context) => client.fuse(build, context), ...task, gives: 'build-1' },
    buildToTest: {
      send: (client, context) => client.buildToTest({ ...build, vendor: 'bitbar' }, context),
      ...task,
      gives: 'build-1',
    },
    context: { send: (client, context) => client.context(action, context), ...task, gives: undefined },
    sign: { send: (client, context) => client.sign(action, context), ...task, gives: undefined },
    seal: { send: (client, context) => client.seal(action, context), ...task, gives: undefined },
    signScript: { send: (client, context) => client.signScript(action, context), ...task, gives: undefined },
    taskStatus: {
      send: (client, context) => client.taskStatus('build-1', undefined, context),
      answer: { status: 'progress' },
      gives: { status: 'progress', messages: [] },
    },
    appdomeTest: {
      send: (client, context) => client.appdomeTest('build-1', context),
      answer: { task_id: 'test-1' },
      gives: 'test-1',
    },
    downloadOutput: {
      send: (client, context) =>
        client.downloadOutput('build-1', undefined, context, async ({ body }) => Buffer.concat(await body.toArray())),
      answer: APP_BYTES,
      gives: APP_BYTES,
      unread: true,
    },
    certificatePdf: {
      send: (client, context) => client.certificatePdf('build-1', context),
      answer: BYTES,
      gives: BYTES,
      unread: true,
    },
    certificateJson: {
      send: (client, context) => client.certificateJson('build-1', context),
      answer: BYTES,
      gives: BYTES,
      unread: true,
    },
    validationUpload: {
      send: (client, context) => client.validationUpload(app, context),
      answer: { id: 'validation-1' },
      gives: { validationId: 'validation-1', sha256: sha256(APP_BYTES) },
    },
    validationStatus: {
      send: (client, context) => client.validationStatus('validation-1', context),
      answer: { validation_state: 'active' },
      gives: { state: 'active', messages: [] },
    },
    checkStorage: {
      send: (client, context) => client.checkStorage(storage, context),
      answer: Buffer.alloc(0),
      gives: undefined,
      storage: true,
      unread: true,
    },
    releaseFusionSet: {
      send: (client, context) => client.releaseFusionSet('set-1', 'team-2', context),
      answer: { new_fusion_set_id: 'set-2' },
      gives: 'set-2',
    },
    sessionLimit: {
      send: (client, context) => client.sessionLimit(context),
      answer: { active: 0, limit: 5 },
      gives: { active: 0, limit: 5 },
    },
  };
}
