import { createHash } from 'crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'fs';
import * as path from 'path';
import { FileAssetLocation, FileAssetPackaging, Lazy, Stack, Stage } from 'aws-cdk-lib';
import { Code, CodeConfig } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CONFIG_FILE } from '../contract/config';
import { RenderedConfig, renderConfig } from './config-values';

/**
 * A function's code: bundles of this package and a configuration file that is written when the template is, so that a source or
 * target added late is in it. `Code.fromAsset` can do neither: it hashes at once, and with `bundling` its cache hands the second
 * function the file of the first.
 */
export class ConfiguredCode extends Code {
  public readonly isInline = false;

  /** The value of the function's VALUES variable. */
  public readonly values = Lazy.uncachedString({ produce: () => this.stack.toJsonString(this.render().values) });

  private readonly locations = new Map<string, FileAssetLocation>();
  private scope?: Construct;

  /**
   * @param folders whose files, side by side, are the code, as they are now
   * @param config the function's configuration as it is now
   * @param texts further files by name, as they are now
   */
  constructor(
    private readonly folders: () => string[],
    private readonly config: () => object,
    private readonly texts: () => { readonly [name: string]: string } = () => ({}),
  ) {
    super();
  }

  public bind(scope: Construct): CodeConfig {
    this.scope = scope;
    return {
      s3Location: {
        bucketName: Lazy.uncachedString({ produce: () => this.publish().bucketName }),
        objectKey: Lazy.uncachedString({ produce: () => this.publish().objectKey }),
      },
    };
  }

  private get stack(): Stack {
    return Stack.of(this.scope as Construct);
  }

  private render(): RenderedConfig {
    return renderConfig(this.stack, this.config());
  }

  /** Tokens are resolved several times in a synth: the same content is written and registered once. */
  private publish(): FileAssetLocation {
    const { json } = this.render();
    const folders = this.folders();
    const texts = this.texts();
    const content = JSON.stringify([json, folders, texts]);
    const location = this.locations.get(content) ?? this.write(folders, { ...texts, [CONFIG_FILE]: json });
    this.locations.set(content, location);
    return location;
  }

  private write(folders: string[], texts: { readonly [name: string]: string }): FileAssetLocation {
    const scope = this.scope as Construct;
    const stage = Stage.of(scope) as Stage;
    const files = collectFiles(folders, texts);
    const sourceHash = hashFiles(files);
    const directory = path.join(stage.assetOutdir, `asset.${sourceHash}`);
    writeFiles(directory, files);
    return this.stack.synthesizer.addFileAsset({
      sourceHash,
      fileName: path.relative(stage.outdir, directory),
      packaging: FileAssetPackaging.ZIP_DIRECTORY,
      displayName: `${scope.node.path}/Code`,
    });
  }
}

/** What is written must not take the place of what is copied, or the other way round. */
function collectFiles(folders: string[], texts: { readonly [name: string]: string }): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const folder of folders) {
    for (const name of listFiles(folder)) {
      if (files.has(name) || Object.hasOwn(texts, name)) {
        throw new Error(`${JSON.stringify(path.join(folder, name))} would replace the function's own ${JSON.stringify(name)}: rename it`);
      }
      files.set(name, readFileSync(path.join(folder, name)));
    }
  }
  for (const [name, text] of Object.entries(texts)) files.set(name, Buffer.from(text));
  return files;
}

/** Paths of the files below a folder, with `/` on every platform so that hashes agree. */
function listFiles(folder: string, prefix = ''): string[] {
  return readdirSync(path.join(folder, prefix), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(folder, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`]));
}

function hashFiles(files: Map<string, Buffer>): string {
  const hash = createHash('sha256');
  for (const [name, content] of files) hash.update(`${name}\0${content.length}\0`).update(content);
  return hash.digest('hex');
}

/** Under its final name only when complete: an interrupted synth must not leave half a folder for the next one to publish. */
function writeFiles(directory: string, files: Map<string, Buffer>): void {
  if (existsSync(directory)) return;
  const draft = mkdtempSync(`${directory}.`);
  for (const [name, content] of files) {
    const file = path.join(draft, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    // The CDK CLI zips modes as they are, and Lambda's user must be able to read whatever umask wrote this.
    chmodSync(file, 0o644);
    for (let folder = path.dirname(file); folder.startsWith(draft); folder = path.dirname(folder)) chmodSync(folder, 0o755);
  }
  renameSync(draft, directory);
}
