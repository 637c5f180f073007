import { usage, type Arguments } from './arguments';

interface Range { readonly least: number; readonly most: number }

/** An option that is a whole number in a range. Undefined where it is not given. */
export function readInteger(command: string, args: Arguments, name: string, { least, most }: Range): number | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  throw usage(command, `--${name} is ${JSON.stringify(text)}; write a whole number from ${least} to ${most}`);
}
