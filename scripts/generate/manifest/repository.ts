import publish from '../../../publish.json' with { type: 'json' };

/** Where the project is published: manifests must name it. */
export const REPOSITORY_URL = publish.repository;

/** Of the Marketplace of Azure DevOps. */
export const PUBLISHER = publish.azurePublisher;
