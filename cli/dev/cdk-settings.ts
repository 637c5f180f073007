import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CliError, Exit } from '../cli-error';

/** What the CDK CLI would read before it starts an app. */
export interface CdkSettings {
  readonly app?: string;
  /** A command that the CDK CLI runs before the app. */
  readonly build?: string;
  readonly context: { readonly [key: string]: unknown };
}

/** What the CDK CLI tells an app, and what makes a template that runs on this machine. Nothing of the user's overrides it. */
const FORCED_CONTEXT = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:version-reporting': false,
  'aws:cdk:bundling-stacks': ['**'],
  // Errors are metadata for whoever deploys; a template for a local run always carries one.
  '@aws-cdk/core:failSynthOnValidationErrors': false,
  // Nothing is deployed, so CloudFormation's limit of 500 resources does not bind.
  '@aws-cdk/core:stackResourceLimit': 0,
  'cdk-webhooks:local': true,
};

/**
 * Settings of the project in `folder`. For context the CDK CLI's order of precedence holds: the command line, cdk.json,
 * cdk.context.json, ~/.cdk.json; the user's own CDK_CONTEXT_JSON stands beside the command line.
 */
export function readCdkSettings(folder: string, commandLine: { readonly [key: string]: string }): CdkSettings {
  const project = readJsonObject(path.join(folder, 'cdk.json'));
  const user = readJsonObject(path.join(os.homedir(), '.cdk.json'));
  return {
    app: commandOf(project['app'] ?? user['app'], 'app'),
    build: commandOf(project['build'] ?? user['build'], 'build'),
    context: {
      ...objectOf(user['context']),
      ...readJsonObject(path.join(folder, 'cdk.context.json')),
      ...objectOf(project['context']),
      ...parseObject(process.env['CDK_CONTEXT_JSON'] || '{}', 'CDK_CONTEXT_JSON'),
      ...commandLine,
      ...FORCED_CONTEXT,
    },
  };
}

function commandOf(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join(' ');
  throw new CliError(Exit.USAGE, `${JSON.stringify(name)} in cdk.json is ${JSON.stringify(value)}; write a command as a string`);
}

function readJsonObject(file: string): { [key: string]: unknown } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new CliError(Exit.USAGE, `cannot read ${file}: ${(error as Error).message}`);
  }
  return parseObject(text, file);
}

function parseObject(text: string, from: string): { [key: string]: unknown } {
  try {
    return objectOf(JSON.parse(text));
  } catch (error) {
    throw new CliError(Exit.USAGE, `${from} is not valid JSON: ${(error as Error).message}`);
  }
}

function objectOf(value: unknown): { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as { [key: string]: unknown } : {};
}
