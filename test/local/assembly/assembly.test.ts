import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readAssembly, readWarnings } from '../../../local/assembly/assembly';
import { codeDirectory } from '../../../local/assembly/assets';
import { temporaryFolder } from '../../temporary-folder';
import { writeAssembly, writeJson } from './write-assembly';

const HASH = 'a'.repeat(64);
const zip = (file: string) => ({ source: { path: file, packaging: 'file' }, destinations: { here: { bucketName: 'b', objectKey: 'code.zip' } } });

describe('the stacks of an assembly', () => {
  test('have their name, display name, environment and template', () => {
    const folder = writeAssembly({ Main: { template: {}, stackName: 'hooks', displayName: 'Prod/Main', environment: 'aws://111122223333/eu-west-1' } });
    expect(readAssembly(folder)).toMatchObject([{
      stackName: 'hooks', displayName: 'Prod/Main', account: '111122223333', region: 'eu-west-1', templateFile: path.join(folder, 'Main.template.json'),
    }]);
  });

  test('name no account and no region where the app names none', () => {
    const [stack] = readAssembly(writeAssembly({ Main: { template: {} } }));
    expect(stack).not.toHaveProperty('account');
    expect(stack).not.toHaveProperty('region');
  });

  test('include those of a stage, in the order of the manifest', () => {
    const folder = temporaryFolder();
    writeAssembly({ Inner: { template: {} } }, path.join(folder, 'assembly-Prod'));
    const stage = { 'assembly-Prod': { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Prod' } } };
    writeAssembly({ Outer: { template: {} } }, folder, stage);
    expect(readAssembly(folder).map(({ stackName }) => stackName)).toEqual(['Inner', 'Outer']);
  });
});

test('warnings are those of all stacks, each once, wherever CDK keeps them', () => {
  const folder = temporaryFolder();
  const warning = (...texts: string[]) => ({ '/a': [{ type: 'aws:cdk:error', data: 'error' }, ...texts.map((data) => ({ type: 'aws:cdk:warning', data }))] });
  writeAssembly({ Inner: { template: {}, artifact: { metadata: warning('one', 'two') } } }, path.join(folder, 'assembly-Prod'));
  writeAssembly({ Outer: { template: {}, artifact: { additionalMetadataFile: 'Outer.metadata.json' } } }, folder, {
    'assembly-Prod': { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Prod' } },
  });
  writeJson(folder, 'Outer.metadata.json', warning('two', 'three'));
  expect(readWarnings(folder)).toEqual(['one', 'two', 'three']);
});

describe('the code of a function', () => {
  const read = (folder: string, key: string) => codeDirectory(readAssembly(folder)[0]!.assets, key, 'the function "F"');

  test('is the folder that the asset manifest gives for its object key', () => {
    const folder = writeAssembly({ Main: { template: {}, assets: { [HASH]: { 'index.mjs': '' } } } });
    expect(read(folder, `${HASH}.zip`)).toBe(path.join(folder, `asset.${HASH}`));
  });

  test('is found for an object key with a prefix', () => {
    const files = { [HASH]: { source: { path: 'code', packaging: 'zip' }, destinations: { here: { bucketName: 'b', objectKey: `app/${HASH}.zip` } } } };
    const folder = writeAssembly({ Main: { template: {}, files } });
    expect(read(folder, `app/${HASH}.zip`)).toBe(path.join(folder, 'code'));
  });

  test('is found where the legacy synthesizer tells it through parameters', () => {
    const data = { path: 'code', packaging: 'zip', sourceHash: HASH, s3BucketParameter: 'B', s3KeyParameter: 'K', artifactHashParameter: 'H' };
    const folder = writeAssembly({ Main: { template: {}, artifact: { metadata: { '/Main': [{ type: 'aws:cdk:asset', data }] } } } });
    expect(readAssembly(folder)[0]!.parameters).toEqual({ B: 'cdk-assets', K: `||${HASH}.zip`, H: HASH });
    expect(read(folder, `${HASH}.zip`)).toBe(path.join(folder, 'code'));
  });

  test('is found where that metadata is in a file of its own', () => {
    const data = { path: 'code', packaging: 'zip', sourceHash: HASH, s3KeyParameter: 'K' };
    const folder = writeAssembly({ Main: { template: {}, artifact: { additionalMetadataFile: 'Main.metadata.json' } } });
    writeJson(folder, 'Main.metadata.json', { '/Main': [{ type: 'aws:cdk:creationStack', data: [] }, { type: 'aws:cdk:asset', data }] });
    expect(read(folder, `${HASH}.zip`)).toBe(path.join(folder, 'code'));
  });

  test('fails when it is a zip file, and says what to give instead', () => {
    const folder = writeAssembly({ Main: { template: {}, files: { x: zip('code.zip') } } });
    expect(() => read(folder, 'code.zip')).toThrow(expect.objectContaining({
      code: 'asset-zip', message: expect.stringMatching(/the function "F" is the archive "code.zip".*give lambda.Code.fromAsset the folder/),
    }));
  });

  test('fails when it is no asset of the stack', () => {
    const folder = writeAssembly({ Main: { template: {} } });
    expect(() => read(folder, 'elsewhere.zip')).toThrow(expect.objectContaining({ code: 'asset-missing', message: expect.stringContaining('"elsewhere.zip"') }));
  });
});

describe('an assembly that cannot be read', () => {
  test('fails when the folder is not there', () => {
    expect(() => readAssembly('/nowhere/cdk.out')).toThrow(expect.objectContaining({ code: 'assembly-missing', message: expect.stringContaining('ENOENT') }));
  });

  test.each(['', '[]', 'null', '{'])('fails when the manifest is %j', (text) => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'manifest.json'), text);
    expect(() => readAssembly(folder)).toThrow(expect.objectContaining({ code: 'assembly-invalid' }));
  });

  test('fails when a stack has no template', () => {
    const folder = writeAssembly({ Main: { template: {}, artifact: { properties: {} } } });
    expect(() => readAssembly(folder)).toThrow(/"Main" has no template/);
  });
});
