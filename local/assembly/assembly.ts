import path from 'node:path';
import { LocalRunError } from '../local-run-error';
import { type FileAsset, type FileAssets, readAssetManifest } from './assets';
import { readJson } from './read-json';

/** One stack as the assembly holds it. Nested stacks are assets of their parent and come with its resources. */
export interface StackArtifact {
  readonly stackName: string;
  /** How a person knows the stack: `Prod/Webhooks` for one inside a stage. */
  readonly displayName: string;
  readonly templateFile: string;
  readonly assets: FileAssets;
  /** Values of parameters that the CDK CLI fills in at deployment. */
  readonly parameters: { readonly [name: string]: string };
  /** Absent where the stack names none. */
  readonly account?: string;
  readonly region?: string;
}

interface Manifest {
  readonly artifacts?: { readonly [id: string]: Artifact };
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: string[];
  readonly displayName?: string;
  readonly metadata?: Metadata;
  readonly additionalMetadataFile?: string;
  readonly properties?: {
    readonly templateFile?: string; readonly stackName?: string; readonly file?: string; readonly directoryName?: string;
    readonly parameters?: { readonly [name: string]: string };
  };
}

interface Metadata {
  readonly [path: string]: { readonly type: string; readonly data?: unknown }[];
}

/** An asset of the legacy synthesizer, which tells the place in the bucket through parameters. */
interface LegacyAsset {
  readonly path: string;
  readonly packaging: string;
  readonly sourceHash: string;
  readonly s3BucketParameter?: string;
  readonly s3KeyParameter?: string;
  readonly artifactHashParameter?: string;
}

/** Every stack of a cloud assembly folder, those of its stages included, in the order of the manifests. */
export function readAssembly(folder: string): StackArtifact[] {
  const { artifacts = {} } = readJson(path.join(folder, 'manifest.json')) as Manifest;
  const stacks: StackArtifact[] = [];
  for (const [id, artifact] of Object.entries(artifacts)) {
    if (artifact.type === 'cdk:cloud-assembly' && artifact.properties?.directoryName !== undefined) {
      stacks.push(...readAssembly(path.join(folder, artifact.properties.directoryName)));
    } else if (artifact.type === 'aws:cloudformation:stack') {
      stacks.push(stackArtifact(folder, id, artifact, artifacts));
    }
  }
  return stacks;
}

function stackArtifact(folder: string, id: string, artifact: Artifact, artifacts: { readonly [id: string]: Artifact }): StackArtifact {
  const { properties = {} } = artifact;
  if (properties.templateFile === undefined) {
    throw new LocalRunError('assembly-invalid', `the stack ${JSON.stringify(id)} has no template in manifest.json: synthesise the app again`);
  }
  const assets = new Map<string, FileAsset>();
  for (const dependency of artifact.dependencies ?? []) {
    const { type, properties: manifest } = artifacts[dependency] ?? {};
    if (type !== 'cdk:asset-manifest' || manifest?.file === undefined) continue;
    for (const [key, asset] of readAssetManifest(path.join(folder, manifest.file))) assets.set(key, asset);
  }
  const parameters: { [name: string]: string } = { ...properties.parameters };
  for (const asset of legacyAssets(folder, artifact)) addLegacyAsset(folder, asset, assets, parameters);
  return {
    stackName: properties.stackName ?? id,
    displayName: artifact.displayName ?? id,
    templateFile: path.join(folder, properties.templateFile),
    assets,
    parameters,
    ...environment(artifact.environment),
  };
}

/** `aws://123456789012/eu-west-1`, or `aws://unknown-account/unknown-region`. */
function environment(text = ''): { account?: string; region?: string } {
  const [account, region] = text.replace('aws://', '').split('/');
  return {
    ...(account && account !== 'unknown-account' && { account }),
    ...(region && region !== 'unknown-region' && { region }),
  };
}

/** What constructs warned of at synth, each text once. The CDK CLI shows these, and an app by itself does not. */
export function readWarnings(folder: string): string[] {
  const { artifacts = {} } = readJson(path.join(folder, 'manifest.json')) as Manifest;
  return [...new Set(Object.values(artifacts).flatMap((artifact) => {
    const nested = artifact.type === 'cdk:cloud-assembly' ? artifact.properties?.directoryName : undefined;
    if (nested !== undefined) return readWarnings(path.join(folder, nested));
    return metadata(folder, artifact).filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data));
  }))];
}

function metadata(folder: string, artifact: Artifact): Metadata[string] {
  // Newer versions of CDK keep metadata in a file of its own.
  const more = artifact.additionalMetadataFile === undefined ? {} : readJson(path.join(folder, artifact.additionalMetadataFile));
  return Object.values({ ...artifact.metadata, ...(more as Metadata) }).flat();
}

function legacyAssets(folder: string, artifact: Artifact): LegacyAsset[] {
  return metadata(folder, artifact)
    .filter(({ type }) => type === 'aws:cdk:asset')
    .map(({ data }) => data as LegacyAsset)
    .filter(({ s3KeyParameter }) => s3KeyParameter !== undefined);
}

function addLegacyAsset(folder: string, asset: LegacyAsset, assets: Map<string, FileAsset>, parameters: { [name: string]: string }): void {
  const key = `${asset.sourceHash}.zip`;
  assets.set(key, { path: path.resolve(folder, asset.path), packaging: asset.packaging });
  if (asset.s3BucketParameter) parameters[asset.s3BucketParameter] = 'cdk-assets';
  // A prefix and a name, which the template takes apart again.
  if (asset.s3KeyParameter) parameters[asset.s3KeyParameter] = `||${key}`;
  if (asset.artifactHashParameter) parameters[asset.artifactHashParameter] = asset.sourceHash;
}
