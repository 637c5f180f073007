import { AwsError, type AwsJsonService } from './aws-service';
import type { Clock } from './clock';
import { DEFAULT_KEY, detailsOf, type Input, invalid, newName, text, typeOf } from './parameter-store/input';
import { Parameter, type ParameterVersion } from './parameter-store/parameter';
import { partitionOf } from './partition';
import type { NewSecret } from './secrets-manager';

export interface ParameterStoreOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly account: string;
}

/** The ARN has one slash before the name, whether the name begins with one or not. */
export function parameterArn({ region, account }: { readonly region: string; readonly account: string }, name: string): string {
  return `arn:${partitionOf(region)}:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`;
}

const MAX_NAMES = 10;
const MAX_PAGE = 50;

/** Parameter Store as far as secrets with two live versions and their rotation need it. Values live in memory only. */
export class ParameterStore implements AwsJsonService {
  readonly prefix = 'AmazonSSM';
  readonly contentType = 'application/x-amz-json-1.1';
  private readonly parameters = new Map<string, Parameter>();
  private readonly actions: { readonly [action: string]: (input: Input) => object } = {
    DeleteParameter: (input) => this.deleteParameter(input),
    GetParameter: (input) => this.getParameter(input),
    GetParameterHistory: (input) => this.getParameterHistory(input),
    GetParameters: (input) => this.getParameters(input),
    PutParameter: (input) => this.putParameter(input),
  };

  constructor(private readonly options: ParameterStoreOptions) {}

  async call(action: string, input: Input): Promise<object> {
    const run = Object.hasOwn(this.actions, action) ? this.actions[action] : undefined;
    if (!run) throw new AwsError('UnknownOperationException', `a local run has no ${action} of Systems Manager`);
    return run(input);
  }

  /** Makes a SecureString, and its previous version where one is given: both count from now. */
  add({ name, arn = parameterArn(this.options, name), current, previous }: NewSecret): Parameter {
    const parameter = new Parameter(name, arn, 'SecureString');
    const details = { Tier: 'Standard', DataType: 'text', KeyId: DEFAULT_KEY } as const;
    if (previous !== undefined) parameter.put(previous, this.now(), details);
    parameter.put(current, this.now(), details);
    this.parameters.set(name, parameter);
    return parameter;
  }

  private getParameter(input: Input): object {
    const { parameter, version, selector } = this.select(text(input, 'Name'));
    return { Parameter: describe(parameter, version, selector, input.WithDecryption === true) };
  }

  private getParameters(input: Input): object {
    const names = input.Names as string[] | undefined ?? [];
    if (names.length === 0 || names.length > MAX_NAMES) throw invalid(`Names has ${names.length} members; 1 to ${MAX_NAMES} are allowed.`);
    const found = names.map((name) => {
      try {
        return this.select(name);
      } catch {
        return name;
      }
    });
    return {
      Parameters: found.flatMap((each) => typeof each === 'string' ? [] : [describe(each.parameter, each.version, each.selector, input.WithDecryption === true)]),
      InvalidParameters: found.filter((each) => typeof each === 'string'),
    };
  }

  /** All versions, the oldest first. A page begins after the version that the token has. */
  private getParameterHistory(input: Input): object {
    const parameter = this.known(text(input, 'Name'));
    const size = Number(input.MaxResults ?? MAX_PAGE);
    if (!(size >= 1 && size <= MAX_PAGE)) throw invalid(`MaxResults is ${size}; 1 to ${MAX_PAGE} are allowed.`);
    const rest = parameter.versions.filter(({ number }) => number > Number(input.NextToken ?? 0));
    const page = rest.slice(0, size);
    return {
      Parameters: page.map((version) => ({
        Name: parameter.name, Type: parameter.type, Version: version.number, LastModifiedDate: version.modifiedAt / 1_000,
        LastModifiedUser: `arn:${partitionOf(this.options.region)}:iam::${this.options.account}:root`,
        Value: parameter.shown(version, input.WithDecryption === true), Labels: [], Policies: [], ...version.details,
      })),
      ...(rest.length > size && { NextToken: String(page.at(-1)?.number) }),
    };
  }

  private putParameter(input: Input): object {
    const name = newName(input);
    const existing = this.parameters.get(name);
    if (existing && input.Overwrite !== true) {
      throw new AwsError('ParameterAlreadyExists', 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.');
    }
    const value = text(input, 'Value');
    const type = typeOf(input, existing);
    const details = detailsOf(input, type, value, existing);
    const parameter = existing ?? new Parameter(name, parameterArn(this.options, name), type);
    this.parameters.set(name, parameter);
    return { Version: parameter.put(value, this.now(), details).number, Tier: details.Tier };
  }

  private deleteParameter(input: Input): object {
    this.parameters.delete(this.known(text(input, 'Name')).name);
    return {};
  }

  /** `name`, or `name:version`; an ARN likewise. No name has a colon. */
  private select(id: string): { parameter: Parameter; version: ParameterVersion; selector?: string } {
    const [, base = id, selector] = /^((?:arn(?::[^:]*){5})|[^:]*)(?::(.*))?$/.exec(id) ?? [];
    const parameter = this.known(base);
    if (selector === undefined) return { parameter, version: parameter.latest };
    const version = parameter.find(selector);
    if (!version) throw new AwsError('ParameterVersionNotFound', `Systems Manager could not find version ${selector} of ${base}.`);
    return { parameter, version, selector };
  }

  private known(id: string): Parameter {
    const parameter = this.parameters.get(id) ?? [...this.parameters.values()].find(({ arn }) => arn === id);
    if (!parameter) throw new AwsError('ParameterNotFound', `Parameter ${id} not found.`);
    return parameter;
  }

  private now(): number {
    return this.options.clock.now();
  }
}

function describe(parameter: Parameter, version: ParameterVersion, selector: string | undefined, decrypt: boolean): object {
  return {
    ARN: parameter.arn, Name: parameter.name, Type: parameter.type, DataType: version.details.DataType, Version: version.number,
    Value: parameter.shown(version, decrypt), LastModifiedDate: version.modifiedAt / 1_000,
    ...(selector !== undefined && { Selector: `:${selector}` }),
  };
}
