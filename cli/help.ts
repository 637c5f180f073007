import type { Command, OptionSpec } from './command';
import { COMMANDS, type CommandEntry } from './commands';

const EXIT_CODES = 'Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 nothing matches, 4 no access, 130 interrupted.';

export function generalHelp(): string {
  return [
    'cdk-webhooks: run, feed and look after a webhook gateway',
    '',
    'Usage: cdk-webhooks COMMAND [OPTIONS]',
    '',
    ...columns(Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary])),
    '',
    'cdk-webhooks COMMAND --help explains a command; --version prints the version.',
    EXIT_CODES,
    '',
  ].join('\n');
}

/** The help of a name that several actions stand behind. */
export function actionsHelp(name: string, { summary, actions = {} }: CommandEntry): string {
  return [
    `cdk-webhooks ${name}: ${summary}`,
    '',
    `Usage: cdk-webhooks ${name} ACTION [OPTIONS]`,
    '',
    ...columns(Object.entries(actions).map(([action, each]) => [action, each.summary])),
    '',
    `cdk-webhooks ${name} ACTION --help explains an action.`,
    EXIT_CODES,
    '',
  ].join('\n');
}

export function commandHelp(name: string, summary: string, command: Command): string {
  const positionals = command.positionals.map((each): [string, string] => [each.name, each.description]);
  const options = Object.entries(command.options).filter(([, { hidden }]) => !hidden)
    .map(([option, spec]): [string, string] => [heading(option, spec), spec.description]);
  return [
    `cdk-webhooks ${name}: ${summary}`,
    '',
    `Usage: ${['cdk-webhooks', name, ...command.positionals.map((each) => (each.any ? `[${each.name}…]` : each.name)), '[OPTIONS]'].join(' ')}`,
    '',
    ...columns([...positionals, ...options, ['-h, --help', 'print this help']]),
    '',
    ...command.notes ? [command.notes.trim(), ''] : [],
    EXIT_CODES,
    '',
  ].join('\n');
}

function heading(name: string, { short, type, value, multiple }: OptionSpec): string {
  return `${short ? `-${short}, ` : ''}--${name}${type === 'string' ? ` ${value ?? 'VALUE'}` : ''}${multiple ? ' …' : ''}`;
}

/** Two columns, the second one wrapped at 100 characters. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.flatMap(([left, right]) => wrap(right, 98 - width).map((line, i) => `  ${(i === 0 ? left : '').padEnd(width)}${line}`));
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line && line.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}
