import { readFileSync } from 'fs';
import * as path from 'path';
import { App, AppProps, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  IWebhookTarget, WebhookGateway, WebhookGatewayProps, WebhookSecret, WebhookSource, WebhookStack, WebhookStackProps, WebhookTarget,
} from '../../lib';
import type { DeliverConfig, IngestConfig, KeeperFile } from '../../lib/contract/config';
import { GatewayParts } from '../../lib/contract/parts';

type Context = AppProps['context'];

export const github = (): WebhookSource => WebhookSource.github({ secret: WebhookSecret.fromSecretName('webhooks/github') });
export const target = (): IWebhookTarget => WebhookTarget.http('https://billing.example.com/hooks');

/** The smallest gateway that is valid: tests start from it and change one thing. */
export const valid = (): Required<Pick<WebhookGatewayProps, 'sources' | 'targets'>> => ({
  sources: { github: github() },
  targets: { billing: target() },
});

export function webhookStack(props: WebhookStackProps = valid(), context: Context = {}): WebhookStack {
  return new WebhookStack(new App({ context }), 'Webhooks', props);
}

export function gateway(props: WebhookGatewayProps = valid(), context: Context = {}): WebhookGateway {
  return webhookStack(props, context).gateway;
}

export function template(props?: WebhookStackProps, context?: Context): Template {
  return Template.fromStack(webhookStack(props, context));
}

/** The one resource of a type whose logical id starts so. */
export function resource(source: Template, type: string, prefix = ''): { readonly id: string; readonly properties: any; readonly all: any } {
  const found = Object.entries(source.findResources(type)).filter(([id]) => id.startsWith(prefix));
  if (found.length !== 1) throw new Error(`${found.length} resources of ${type} start with ${JSON.stringify(prefix)}: ${found.map(([id]) => id).join(', ')}`);
  const [id, all] = found[0] as [string, any];
  return { id, properties: all.Properties, all };
}

/** What a deployed function will read: the file in its asset, and what VALUES names. */
export interface FunctionConfig<T> {
  readonly config: T;
  readonly values: unknown[];
  readonly directory: string;
}

export function ingestConfig(stack: Stack): FunctionConfig<IngestConfig> {
  return functionConfig(stack, 'GatewayIngestFunction');
}

export function deliverConfig(stack: Stack, name: string): FunctionConfig<DeliverConfig> {
  return functionConfig(stack, `GatewayTargets${name}Function`);
}

export function keeperFile(stack: Stack): FunctionConfig<KeeperFile> {
  return functionConfig(stack, 'GatewayKeeperFunction');
}

export function functionConfig<T>(stack: Stack, prefix: string): FunctionConfig<T> {
  const { properties } = resource(Template.fromStack(stack), 'AWS::Lambda::Function', prefix);
  const assembly = App.of(stack) as App;
  const directory = path.join(assembly.outdir, `asset.${properties.Code.S3Key.replace('.zip', '')}`);
  return {
    config: JSON.parse(readFileSync(path.join(directory, 'config.json'), 'utf8')),
    values: valuesOf(properties.Environment.Variables.VALUES),
    directory,
  };
}

/** The entries of VALUES as intrinsics: CloudFormation joins them into a JSON array of strings. */
function valuesOf(variable: unknown): unknown[] {
  if (typeof variable === 'string') return JSON.parse(variable);
  const parts = (variable as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
  const entries: string[] = JSON.parse(parts.map((part, index) => (typeof part === 'string' ? part : `${MARK}${index}${MARK}`)).join(''));
  return entries.map((entry) => {
    const pieces = entry.split(MARK).map((piece, index) => (index % 2 === 0 ? piece : parts[Number(piece)])).filter((piece) => piece !== '');
    return pieces.length === 1 ? pieces[0] : { 'Fn::Join': ['', pieces] };
  });
}

/** Around the place of an intrinsic. */
const MARK = '\ue000';

export function partsOf(source: Template, gatewayPath = 'Webhooks/Gateway'): GatewayParts {
  return source.toJSON().Metadata[`cdk-webhooks:${gatewayPath}`];
}

/** Policy statements of the role whose logical id starts so, by action. */
export function statements(source: Template, rolePrefix: string): { readonly [action: string]: unknown } {
  const { properties } = resource(source, 'AWS::IAM::Policy', rolePrefix);
  return Object.fromEntries(properties.PolicyDocument.Statement.map(({ Effect, Action, ...rest }: any) => {
    if (Effect !== 'Allow') throw new Error(`unexpected ${Effect}`);
    return [[Action].flat().sort().join(' '), rest];
  }));
}
