import { existsSync } from 'fs';
import * as path from 'path';

/** `lib/private` and `dist/private` lie equally deep, so this holds in a checkout and in the published package. */
const ASSETS = path.join(__dirname, '..', '..', 'assets');

/** The folder of a bundle that comes with the package, e.g. `ingest` or `senders`, `http`. */
export function bundleDirectory(...names: string[]): string {
  const directory = path.join(ASSETS, ...names);
  if (!existsSync(directory)) {
    throw new Error(
      `the bundle ${JSON.stringify(names.join('/'))} is missing at ${JSON.stringify(directory)}: in a checkout run "npm run bundle"; `
      + 'an app that is itself bundled must leave cdk-webhooks outside its bundle (esbuild: --packages=external)',
    );
  }
  return directory;
}
