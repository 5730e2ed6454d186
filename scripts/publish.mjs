/**
 * Where the project is published, from publish.json: the one place for owner, publisher and addresses. While `placeholder` is true nothing of
 * it is real, and nothing may be published.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} Publish
 * @property {boolean} placeholder
 * @property {string} owner
 * @property {string} repository https address, without `.git`
 * @property {string} npmPackage the CLI
 * @property {string} npmLibrary the client
 * @property {string} githubAction `owner/name`
 * @property {string} azurePublisher
 * @property {string} bitriseStep
 * @property {string} dockerImage
 * @property {string} gitlabComponent the project of the components, which are named after it
 * @property {string} circleciOrb
 * @property {string} teamcityNamespace of recipes on JetBrains Marketplace
 */

/** @type {Publish} */
export const PUBLISH = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '..', 'publish.json'), 'utf8'));
