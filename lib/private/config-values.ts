import { Stack, Token } from 'aws-cdk-lib';

/** A configuration as it goes into a function's asset, and what only the deployment knows. */
export interface RenderedConfig {
  readonly json: string;
  /** What `{"$value": n}` in the file stands for, in that order, as tokens. */
  readonly values: string[];
}

/**
 * Splits a configuration into a file that is the same everywhere and the values that only the deployment knows. `stack.resolve`
 * alone would write `{"Fn::Join": …}` into the file, which nothing at run time can read.
 */
export function renderConfig(stack: Stack, config: object): RenderedConfig {
  const values: string[] = [];
  const positions = new Map<string, number>();

  return { json: JSON.stringify(render(config, 'config', false)), values };

  function render(value: unknown, where: string, resolved: boolean): unknown {
    if (Token.isUnresolved(value)) return renderToken(value, where);
    // Only what came out of a token is an intrinsic: a user's own data may have a key named `Ref`.
    if (resolved && isIntrinsic(value)) return reference(value, value);
    if (Array.isArray(value)) return value.map((item, index) => render(item, `${where}[${index}]`, resolved));
    if (typeof value !== 'object' || value === null) return value;
    if ('$value' in value) throw new Error(`${where} has a key "$value", which marks deploy-time values in a function's file: use another key`);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, render(item, `${where}.${key}`, resolved)]));
  }

  function renderToken(token: unknown, where: string): unknown {
    if (typeof token === 'number') {
      throw new Error(`${where} is a number that only the deployment knows, but the function's file is written at synth: give a plain number`);
    }
    const resolved: unknown = stack.resolve(token);
    return isIntrinsic(resolved) ? reference(token, resolved) : render(resolved, where, true);
  }

  function reference(token: unknown, resolved: unknown): { $value: number } {
    const key = JSON.stringify(resolved);
    const position = positions.get(key) ?? values.push(Token.asString(token)) - 1;
    positions.set(key, position);
    return { $value: position };
  }
}

/** Whether a value that came out of a token is one that only the deployment knows. */
export function isIntrinsic(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && /^(Ref|Fn::\w+)$/.test(keys[0] as string);
}
