import { AwsError, type AwsJsonService } from '../aws-service';

export type Input = { readonly [name: string]: unknown };

/** A service of the JSON protocol whose calls are told and answered, and do nothing. */
export function recordedService(
  { name, prefix, contentType, actions }: Pick<AwsJsonService, 'prefix' | 'contentType'> & {
    readonly name: string;
    readonly actions: { readonly [action: string]: (input: Input) => object };
  },
): AwsJsonService {
  return {
    prefix,
    contentType,
    async call(action, input) {
      const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (run) return run(input);
      throw new AwsError('UnknownOperationException', `a local run has no ${action} of ${name}, only ${Object.keys(actions).join(', ')}`);
    },
  };
}

/** The members of a list, which must be objects. */
export function entriesOf(input: Input, name: string): Input[] {
  const value = input[name];
  if (Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === 'object' && entry !== null)) return value as Input[];
  throw new AwsError('ValidationException', `${name} must be a list of objects with one member or more`);
}
