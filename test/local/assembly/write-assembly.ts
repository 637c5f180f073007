import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunEnvironment } from '../../../local/assembly/run-environment';
import type { Template } from '../../../local/assembly/template';
import { temporaryFolder } from '../../temporary-folder';

/** One stack of a hand-written assembly. */
export interface WrittenStack {
  readonly template: Template;
  readonly environment?: string;
  readonly stackName?: string;
  readonly displayName?: string;
  /** Files of asset folders, by hash and name. */
  readonly assets?: { readonly [hash: string]: { readonly [file: string]: string } };
  /** Further entries of the asset manifest. */
  readonly files?: { readonly [id: string]: object };
  /** Further properties of the artifact. */
  readonly artifact?: object;
}

/** Writes an assembly as CDK lays it out, and gives its folder. */
export function writeAssembly(stacks: { readonly [id: string]: WrittenStack }, folder = temporaryFolder(), more: object = {}): string {
  mkdirSync(folder, { recursive: true });
  const artifacts: { [id: string]: object } = { ...more };
  for (const [id, stack] of Object.entries(stacks)) {
    writeJson(folder, `${id}.template.json`, stack.template);
    writeJson(folder, `${id}.assets.json`, { version: '53.0.0', files: { ...assetFiles(folder, stack.assets), ...stack.files } });
    artifacts[`${id}.assets`] = { type: 'cdk:asset-manifest', properties: { file: `${id}.assets.json` } };
    artifacts[id] = {
      type: 'aws:cloudformation:stack',
      environment: stack.environment ?? 'aws://unknown-account/unknown-region',
      properties: { templateFile: `${id}.template.json`, ...(stack.stackName && { stackName: stack.stackName }) },
      dependencies: [`${id}.assets`],
      displayName: stack.displayName ?? id,
      ...stack.artifact,
    };
  }
  writeJson(folder, 'manifest.json', { version: '53.0.0', artifacts });
  return folder;
}

export function writeJson(folder: string, name: string, value: unknown): void {
  writeFileSync(path.join(folder, name), JSON.stringify(value, null, 1));
}

function assetFiles(folder: string, assets: WrittenStack['assets'] = {}): { [id: string]: object } {
  return Object.fromEntries(Object.entries(assets).map(([hash, files]) => {
    mkdirSync(path.join(folder, `asset.${hash}`), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, `asset.${hash}`, name), text);
    return [hash, { source: { path: `asset.${hash}`, packaging: 'zip' }, destinations: { here: { bucketName: 'b', objectKey: `${hash}.zip` } } }];
  }));
}

export const environment: RunEnvironment = {
  account: '000000000000',
  region: 'eu-west-1',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
  queueUrl: (name) => `http://127.0.0.1:1/000000000000/${name}`,
  secretArn: (name) => `arn:aws:secretsmanager:eu-west-1:000000000000:secret:${name}-abcdef`,
};
