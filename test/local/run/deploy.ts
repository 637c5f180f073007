import { readAssembly } from '../../../local/assembly/assembly';
import { Deployment } from '../../../local/assembly/deployment';
import type { Template, TemplateResource } from '../../../local/assembly/template';
import type { Warn } from '../../../local/run/lines';
import { environment, writeAssembly } from '../assembly/write-assembly';

export const HASH = 'a'.repeat(64);
export const place = { region: environment.region, account: environment.account };

/** The stack `Main` of these resources, with one asset of the code of a function. */
export function deploy(resources: { [logicalId: string]: TemplateResource }, more: Partial<Template> = {}): Deployment {
  return deployAll({ Main: { ...more, Resources: resources } });
}

export function deployAll(templates: { [stack: string]: Template }): Deployment {
  const stacks = Object.entries(templates).map(([name, template]) => [name, { template, assets: { [HASH]: { 'index.mjs': '' } } }]);
  return new Deployment(readAssembly(writeAssembly(Object.fromEntries(stacks))), environment);
}

export function resource(type: string, properties: object = {}): TemplateResource {
  return { Type: type, Properties: properties as TemplateResource['Properties'] };
}

export function lambdaFunction(properties: object = {}): TemplateResource {
  return resource('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { S3Bucket: 'b', S3Key: `${HASH}.zip` }, ...properties });
}

/** Keeps warnings as `code: message`. */
export function recorder(): { warn: Warn; warned: string[] } {
  const warned: string[] = [];
  return { warned, warn: (code, message) => warned.push(`${code}: ${message}`) };
}
