import path from 'node:path';
import { LocalRunError } from '../local-run-error';
import { readJson } from './read-json';

/** A file or folder of the assembly that a deployment would upload. */
export interface FileAsset {
  /** Absolute. */
  readonly path: string;
  /** `zip`: a folder that is zipped for the upload. `file`: uploaded as it is. */
  readonly packaging: string;
}

/** The assets of one stack by the object key they would have in the bucket, which is what a template says of them. */
export type FileAssets = ReadonlyMap<string, FileAsset>;

interface AssetManifest {
  readonly files?: {
    readonly [id: string]: {
      readonly source: { readonly path?: string; readonly packaging?: string; readonly executable?: string[] };
      readonly destinations: { readonly [id: string]: { readonly objectKey: string } };
    };
  };
}

/** Reads a `*.assets.json`. Assets that a command makes at publishing time are left out: there is nothing to run yet. */
export function readAssetManifest(file: string): FileAssets {
  const assets = new Map<string, FileAsset>();
  for (const { source, destinations } of Object.values((readJson(file) as AssetManifest).files ?? {})) {
    if (source.path === undefined) continue;
    const asset = { path: path.resolve(path.dirname(file), source.path), packaging: source.packaging ?? 'file' };
    for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, asset);
  }
  return assets;
}

/** The folder with a function's code, by the `S3Key` in its template. `where` names the function in errors. */
export function codeDirectory(assets: FileAssets, s3Key: string, where: string): string {
  const asset = assets.get(s3Key);
  if (!asset) {
    throw new LocalRunError('asset-missing', `the code of ${where} is ${JSON.stringify(s3Key)}, which is no asset of its stack: `
      + 'a local run takes code from the cloud assembly only, such as lambda.Code.fromAsset makes');
  }
  if (asset.packaging !== 'zip') {
    throw new LocalRunError('asset-zip', `the code of ${where} is the archive ${JSON.stringify(path.basename(asset.path))}: `
      + 'a local run takes a folder, so give lambda.Code.fromAsset the folder instead of a zip file');
  }
  return asset.path;
}
