import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { FunctionDefinition } from './invocation';

/**
 * Every variable of a function's process: the function's own and those that Lambda sets, and nothing of the machine's, so that
 * no credentials, proxies or options of the person who runs it reach a function.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function environmentVariables(definition: FunctionDefinition, runtimeApi: string, now: number): { [name: string]: string } {
  const region = definition.arn.split(':')[3] ?? '';
  return {
    // A function may set these itself.
    LANG: 'en_US.UTF-8',
    PATH: [path.dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(path.delimiter),
    TZ: ':UTC',
    // Nine lines for each start of a function that uses the SDK, about a Node.js that the deployed functions do not have.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...definition.environment,
    // Reserved.
    _HANDLER: definition.handler,
    LAMBDA_TASK_ROOT: definition.codeDirectory,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMegabytes),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName(now),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // The runtime of the deployed functions, whatever Node.js runs them here.
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    // The SDK wants credentials to sign with. No service of a local run looks at them, and no service of AWS accepts them.
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
  };
}

function logStreamName(now: number): string {
  return `${new Date(now).toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomBytes(16).toString('hex')}`;
}

/**
 * Lambda gives V8's old space nine tenths of the memory and its semi-space a twentieth, so that too much memory is fatal here too,
 * and lets a function collect its garbage.
 */
export function nodeOptions(memoryMegabytes: number): string[] {
  return ['--expose-gc', `--max-old-space-size=${Math.floor(memoryMegabytes * 0.9)}`, `--max-semi-space-size=${Math.floor(memoryMegabytes * 0.05)}`];
}
