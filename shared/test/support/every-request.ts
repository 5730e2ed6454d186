/** One call of every request of the client, with the answer that it understands: for what must hold for all of them. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CallContext } from '@fusegate/shared/api/call';
import type { AppdomeClient } from '@fusegate/shared/api/client';
import type { Operation } from '@fusegate/shared/api/retry-table';
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
const ANYTHING = { of: ['unknown', 'shape'] };
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
    'upload-link': {
      send: (client, context) => client.uploadLink(context),
      answer: { url: 'https://storage.example/k', file_id: 'file-1', expires: 1800 },
      gives: { url: new URL('https://storage.example/k'), fileId: 'file-1' },
    },
    'put-file': {
      send: (client, context) => client.putFile({ url: storage, fileId: 'file-1' }, app, context),
      answer: Buffer.alloc(0),
      gives: sha256(APP_BYTES),
      storage: true,
      unread: true,
    },
    'upload-using-link': {
      send: (client, context) => client.uploadUsingLink({ fileId: 'file-1', fileName: 'app.apk' }, context),
      answer: { id: 'app-1' },
      gives: 'app-1',
    },
    'upload-status': {
      send: (client, context) => client.uploadStatus('app-1', context),
      answer: { status: 'queued' },
      gives: { status: 'queued' },
    },
    'upload-direct': {
      send: (client, context) => client.uploadDirect(app, context),
      answer: { id: 'app-1' },
      gives: { appId: 'app-1', sha256: sha256(APP_BYTES) },
    },
    'check-by-checksum': {
      send: (client, context) => client.checkByChecksum('ab'.repeat(32), context),
      answer: { exists: false },
      gives: { known: false },
    },
    pwa: {
      send: (client, context) => client.buildPwa({ address: 'https://pwa.example', platform: 'aab' }, context),
      answer: [{ app: { id: 'app-1', status: 'active' }, taskId: { task_id: 'build-1' } }],
      gives: [
        { app: { id: 'app-1', status: 'active', fields: { id: 'app-1', status: 'active' } }, buildId: 'build-1' },
      ],
    },
    'library-apps': {
      send: (client, context) => client.libraryApps(context),
      answer: { apps: [{ id: 'app-1' }] },
      gives: [{ id: 'app-1', fields: { id: 'app-1' } }],
    },
    'delete-library-apps': {
      send: (client, context) => client.deleteLibraryApps({ ids: ['app-1'] }, context),
      answer: ANYTHING,
      gives: ANYTHING,
    },
    fuse: { send: (client, context) => client.fuse(build, context), ...task, gives: 'build-1' },
    'build-to-test': {
      send: (client, context) => client.buildToTest({ ...build, vendor: 'bitbar' }, context),
      ...task,
      gives: 'build-1',
    },
    context: { send: (client, context) => client.context(action, context), ...task, gives: undefined },
    sign: { send: (client, context) => client.sign(action, context), ...task, gives: undefined },
    seal: { send: (client, context) => client.seal(action, context), ...task, gives: undefined },
    'sign-script': { send: (client, context) => client.signScript(action, context), ...task, gives: undefined },
    'task-status': {
      send: (client, context) => client.taskStatus('build-1', undefined, context),
      answer: { status: 'progress' },
      gives: { status: 'progress', messages: [] },
    },
    'appdome-test': {
      send: (client, context) => client.appdomeTest('build-1', context),
      answer: { task_id: 'test-1' },
      gives: 'test-1',
    },
    'appdome-test-result': {
      send: (client, context) => client.appdomeTestResult('test-1', context),
      answer: ANYTHING,
      gives: ANYTHING,
    },
    output: {
      send: (client, context) =>
        client.downloadOutput('build-1', undefined, context, async ({ body }) => Buffer.concat(await body.toArray())),
      answer: APP_BYTES,
      gives: APP_BYTES,
      unread: true,
    },
    certificate: {
      send: (client, context) => client.certificatePdf('build-1', context),
      answer: BYTES,
      gives: BYTES,
      unread: true,
    },
    'certificate-json': {
      send: (client, context) => client.certificateJson('build-1', context),
      answer: BYTES,
      gives: BYTES,
      unread: true,
    },
    'verify-certificate': {
      send: (client, context) => client.verifyCertificate('build-1', context),
      answer: { verified: true },
      gives: { confirmed: true },
    },
    'validation-upload': {
      send: (client, context) => client.validationUpload(app, context),
      answer: { id: 'validation-1' },
      gives: { validationId: 'validation-1', sha256: sha256(APP_BYTES) },
    },
    'validation-status': {
      send: (client, context) => client.validationStatus('validation-1', context),
      answer: { validation_state: 'active' },
      gives: { state: 'active', messages: [] },
    },
    'storage-check': {
      send: (client, context) => client.checkStorage(storage, context),
      answer: Buffer.alloc(0),
      gives: undefined,
      storage: true,
      unread: true,
    },
    'deploy-script': {
      send: (client, context) => client.deployScript('build-1', context),
      answer: BYTES,
      gives: BYTES,
      unread: true,
    },
    'release-fusion-set': {
      send: (client, context) => client.releaseFusionSet('set-1', 'team-2', context),
      answer: { new_fusion_set_id: 'set-2' },
      gives: 'set-2',
    },
    'export-fusion-set': {
      send: (client, context) => client.exportFusionSet('set-1', context),
      answer: ANYTHING,
      gives: ANYTHING,
    },
    'compare-fusion-sets': {
      send: (client, context) => client.compareFusionSets({ first: 'set 1&2', second: 'ä' }, context),
      answer: [1],
      gives: [1],
    },
    'fusion-set-history': {
      send: (client, context) => client.fusionSetHistory({}, context),
      answer: 'a text',
      gives: 'a text',
    },
    publish: {
      send: (client, context) => client.publish({ anything: true }, context),
      answer: ANYTHING,
      gives: ANYTHING,
    },
    'sessions-limit': { send: (client, context) => client.sessionsLimit(context), answer: ANYTHING, gives: ANYTHING },
    'refresh-api-token': {
      send: async (client, context) => (await client.refreshApiToken(context)).reveal(),
      answer: Buffer.from('whatever it is'),
      gives: 'whatever it is',
      unread: true,
    },
  };
}
