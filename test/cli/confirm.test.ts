import { PassThrough } from 'node:stream';
import { Exit } from '../../cli/cli-error';
import { confirm } from '../../cli/move/confirm';

const real = { stdin: process.stdin, stderr: process.stderr };
afterEach(() => Object.entries(real).forEach(([name, value]) => Object.defineProperty(process, name, { value, configurable: true })));

/** Asks at a terminal at which this is typed. */
async function asked(typed: string, signal = new AbortController().signal): Promise<void> {
  const [stdin, stderr] = [new PassThrough(), new PassThrough()].map((stream) => Object.assign(stream, { isTTY: true, setRawMode: () => stream }));
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  Object.defineProperty(process, 'stderr', { value: stderr, configurable: true });
  const answer = confirm('replay 101 messages', false, signal);
  stdin!.write(typed);
  await answer;
}

test.each(['y\r', 'Yes\r'])('%j is a yes', (typed) => asked(typed));

test.each(['\r', 'n\r', 'yeah\r'])('%j is a no', async (typed) => {
  await expect(asked(typed)).rejects.toMatchObject({ exit: Exit.FAILED, message: 'not confirmed; nothing was changed' });
});

test.each([['Ctrl-C', '\u0003'], ['Ctrl-D', '\u0004']])('%s is an interrupt', async (_name, typed) => {
  await expect(asked(typed)).rejects.toMatchObject({ exit: Exit.INTERRUPTED });
});

test('a signal is an interrupt', async () => {
  const stop = new AbortController();
  const answer = asked('', stop.signal);
  stop.abort();
  await expect(answer).rejects.toMatchObject({ exit: Exit.INTERRUPTED });
});
