/** A registry of packages on this machine that has one package in one version: what `npx --yes NAME@VERSION` asks for. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VERSION } from '@fusegate/shared/model/version';
import { PUBLISH } from '../../../scripts/publish.mjs';

export interface PackageRegistry {
  url: string;
  /** What was asked for. */
  paths: string[];
  stop(): Promise<void>;
}

export async function startRegistry(tarball: string): Promise<PackageRegistry> {
  const bytes = readFileSync(tarball);
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const { url = '' } = request;
    paths.push(url);
    if (url.endsWith('.tgz')) {
      response.end(bytes);
    } else if (url === `/${PUBLISH.npmPackage}`) {
      const dist = {
        tarball: `http://${request.headers.host}/${PUBLISH.npmPackage}.tgz`,
        integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
      };
      const manifest = { name: PUBLISH.npmPackage, version: VERSION, bin: { fusegate: 'dist/fusegate.cjs' }, dist };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          name: PUBLISH.npmPackage,
          'dist-tags': { latest: VERSION },
          versions: { [VERSION]: manifest },
        }),
      );
    } else {
      response.statusCode = 404;
      response.end('{}');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    paths,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
