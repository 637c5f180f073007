import { readArguments } from '../../cli/arguments';
import { CliError, Exit } from '../../cli/cli-error';
import type { Command } from '../../cli/command';
import { actionsHelp, commandHelp, generalHelp } from '../../cli/help';
import { COMMANDS, type CommandEntry } from '../../cli/commands';

const command: Command = {
  positionals: [{ name: 'SOURCE', description: 'a source' }],
  options: {
    port: { type: 'string', value: 'N', description: 'a port' },
    target: { type: 'string', value: 'NAME=URL', multiple: true, short: 't', description: 'targets' },
    json: { type: 'boolean', description: 'lines' },
  },
  run: () => Promise.resolve(Exit.DONE),
};

test('options and positionals in any order', () => {
  const args = readArguments('x', command, ['--port', '1', 'github', '--json', '-t', 'a=b', '--target=c=d']);
  expect(args.positionals).toEqual(['github']);
  expect([args.text('port'), args.flag('json'), args.all('target'), args.text('none')]).toEqual(['1', true, ['a=b', 'c=d'], undefined]);
});

test('the last value counts', () => {
  expect(readArguments('x', command, ['s', '--port', '1', '--port', '2']).text('port')).toBe('2');
});

test('after -- everything is positional', () => {
  expect(readArguments('x', command, ['--', '--json']).positionals).toEqual(['--json']);
});

test('a value may look like an option when it is joined by =', () => {
  expect(readArguments('x', command, ['s', '--port=-1']).text('port')).toBe('-1');
});

test('help needs nothing else', () => {
  expect(readArguments('x', command, ['--help']).flag('help')).toBe(true);
  expect(readArguments('x', command, ['-h']).flag('help')).toBe(true);
});

describe('fails with the flag and the cure', () => {
  test.each([
    [['s', '--prot', '1'], '"--prot"', 'did you mean --port?'],
    [['s', '--whatever'], '"--whatever"', '--port, --target, --json'],
    [['s', '-x'], '"-x"', '--port'],
    [['s', '--constructor'], '"--constructor"', '--port'],
    [['s', '--port'], '--port', 'write --port N'],
    [['s', '--port', '--json'], '--port', 'write --port N'],
    [['s', '--json=1'], '--json', '"1"'],
    [[], 'SOURCE', 'missing'],
    [['s', 'extra'], '"extra"', 'remove it'],
  ])('%j', (argv, flag, cure) => {
    let error: unknown;
    try {
      readArguments('x', command, argv);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(CliError);
    expect(error).toMatchObject({ exit: Exit.USAGE, message: expect.stringContaining(flag) });
    expect(error).toMatchObject({ message: expect.stringContaining(cure) });
  });
});

describe('help', () => {
  test('names every command', () => {
    for (const name of Object.keys(COMMANDS)) expect(generalHelp()).toContain(`  ${name} `);
  });

  const commands = Object.entries(COMMANDS).flatMap(([name, entry]): [string, CommandEntry][] => (
    entry.actions ? Object.entries(entry.actions).map(([action, each]) => [`${name} ${action}`, each]) : [[name, entry]]));

  test.each(commands)('of %s names every option that it offers, and the exit codes', async (name, { summary, load }) => {
    const loaded = await load!();
    const text = commandHelp(name, summary, loaded);
    expect(text).toContain(`cdk-webhooks ${name}: ${summary}`);
    for (const [option, { hidden = false }] of Object.entries(loaded.options)) expect([option, text.includes(`--${option}`)]).toEqual([option, !hidden]);
    for (const { name: positional } of loaded.positionals) expect(text).toContain(positional);
    expect(text).toContain('130 interrupted');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(150);
  });

  test.each(Object.entries(COMMANDS).filter(([, { actions }]) => actions))('of %s names its actions', (name, entry) => {
    for (const [action, { summary }] of Object.entries(entry.actions!)) expect(actionsHelp(name, entry)).toMatch(new RegExp(`  ${action} +${summary}`));
  });
});
