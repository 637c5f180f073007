import { parseArgs } from 'node:util';

export const USAGE = `Runs the SQS conformance suite against an endpoint.

  npm run conformance:sqs -- --endpoint URL [options]

  --endpoint URL         where SQS is, e.g. the awsEndpointUrl of a local run
  --control URL          the controlUrl of a local run started with --clock manual: also runs what needs hours, by moving its clock
  --scale                also runs what needs 120,000 messages in flight, with calls that are not signed
  --only REGEX           only the cases whose id or title match
  --skip REGEX           counts the cases whose id matches as not testable
  --json FILE            writes the results, for --table
  --engine NAME          what the results call the endpoint, default its URL; --engine-version VERSION goes with it
  --table FILE...        runs nothing: merges result files into the table of docs/sqs-conformance.md, on stdout

Exit code 0 when all cases pass, 1 when one fails, 2 for wrong usage. The last line is "N passed, N failed"; cases that cannot be tested are neither.
`;

export type Options = { readonly kind: 'help' } | { readonly kind: 'table'; readonly files: string[] } | RunOptions;

export interface RunOptions {
  readonly kind: 'run';
  readonly endpoint: string;
  readonly control?: string;
  readonly scale: boolean;
  readonly only: RegExp;
  readonly skip?: RegExp;
  readonly json?: string;
  readonly engine: string;
  readonly version: string;
}

export class UsageError extends Error {}

export function readOptions(args: string[]): Options {
  const { values, positionals } = parse(args);
  if (values.help) return { kind: 'help' };
  if (values.table) {
    if (positionals.length === 0) throw new UsageError('--table has no files: name the files that --json wrote');
    return { kind: 'table', files: positionals };
  }
  if (positionals[0] !== undefined) throw new UsageError(`${JSON.stringify(positionals[0])} is no option: see --help`);
  const endpoint = url('--endpoint', values.endpoint);
  if (!endpoint) throw new UsageError('there is no endpoint: give --endpoint URL');
  const control = url('--control', values.control);
  return {
    kind: 'run',
    endpoint,
    ...(control && { control }),
    scale: values.scale ?? false,
    only: pattern('--only', values.only ?? ''),
    ...(values.skip !== undefined && { skip: pattern('--skip', values.skip) }),
    ...(values.json !== undefined && { json: values.json }),
    engine: values.engine ?? endpoint,
    version: values['engine-version'] ?? '',
  };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        'endpoint': text, 'control': text, 'scale': flag, 'only': text, 'skip': text,
        'json': text, 'engine': text, 'engine-version': text, 'table': flag, 'help': flag,
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function url(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^https?:/.test(text) && URL.canParse(text)) return text.replace(/\/$/, '');
  throw new UsageError(`${option} is ${JSON.stringify(text)}; write a URL that starts with http:// or https://`);
}

function pattern(option: string, text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw new UsageError(`${option} is ${JSON.stringify(text)}: ${(error as Error).message}`);
  }
}
