import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { ManualClock, RealClock } from '../../../local/clock';
import { LocalFunction } from '../../../local/lambda/function';
import { bootstrapFile, closeFunctions, errorOf, folderWith, handling, isAlive, newFunction, removeFolders, returned, waitFor } from './support';

afterEach(closeFunctions);
afterAll(removeFolders);

describe('an invocation', () => {
  test('runs the handler with the event and gives its result as JSON text', async () => {
    const { target } = handling('return { hello: event.name, nothing: undefined };');
    const result = await target.invoke({ name: 'Ada' });
    expect(result).toEqual({ outcome: 'success', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/), payload: '{"hello":"Ada"}' });
  });

  test.each([
    ['undefined', 'return;', 'null'],
    ['null', 'return null;', 'null'],
    ['a string', 'return "done";', '"done"'],
    ['text that UTF-8 writes in four bytes', 'return event;', '"\u{1F600}"'],
  ])('gives %s as its JSON text', async (_what, body, payload) => {
    const { target } = handling(body);
    expect(await target.invoke('\u{1F600}')).toMatchObject({ outcome: 'success', payload });
  });

  test('takes a result that is not a promise', async () => {
    const { target } = newFunction('export function handler(event) { return event + 1; }');
    expect(returned(await target.invoke(1))).toBe(2);
  });

  test('passes an event and a response at the 6 MB limits', async () => {
    const { target } = handling('return "x".repeat(event.length + 100);');
    const largest = 'x'.repeat(6_291_456 - 2);
    expect(returned<string>(await target.invoke(largest))).toHaveLength(6_291_556 - 2);
    expect(await target.invoke(`${largest}x`)).toEqual({ outcome: 'event-too-large', bytes: 6_291_457 });
  });

  test('has the documented context', async () => {
    const clock = new ManualClock(Date.parse('2031-02-03T04:05:06.000Z'));
    const { target } = handling(
      'await new Promise((resolve) => setTimeout(resolve, 100)); return { ...context, left: context.getRemainingTimeInMillis() };',
      { clock, definition: { timeoutSeconds: 7 } });
    const result = await target.invoke({});
    const { left, ...context } = returned<{ left: number; [name: string]: unknown }>(result);
    expect(context).toEqual({
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:greeter',
      awsRequestId: (result as { requestId: string }).requestId,
      xRayTraceId: expect.stringMatching(/^Root=1-72e8c6f2-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/),
      functionName: 'greeter',
      functionVersion: '$LATEST',
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/greeter',
      logStreamName: expect.stringMatching(/^2031\/02\/03\/\[\$LATEST\][0-9a-f]{32}$/),
    });
    expect(left).toBeGreaterThan(6_000);
    expect(left).toBeLessThanOrEqual(6_901);
  });
});

describe('the environment', () => {
  test('has exactly the variables of the function and of Lambda', async () => {
    process.env.NODE_OPTIONS_OF_THE_MACHINE = 'leaks';
    const { target } = handling('return process.env;', { definition: { environment: { QUEUE: 'q', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } } });
    const environment = returned<{ [name: string]: string }>(await target.invoke({}));
    delete process.env.NODE_OPTIONS_OF_THE_MACHINE;
    expect(environment).toEqual({
      QUEUE: 'q',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      _HANDLER: 'index.handler',
      LAMBDA_TASK_ROOT: expect.stringMatching(/local-function-/),
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      AWS_LAMBDA_FUNCTION_NAME: 'greeter',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/greeter',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringContaining('[$LATEST]'),
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: 'local',
      TZ: ':UTC',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      LANG: 'en_US.UTF-8',
      PATH: expect.any(String),
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-/),
    });
  });

  test('has the trace id of each invocation in a variable too', async () => {
    const { target } = handling('return [context.xRayTraceId, process.env._X_AMZN_TRACE_ID];');
    const [first, second] = [returned<string[]>(await target.invoke(1)), returned<string[]>(await target.invoke(2))];
    expect(first[1]).toBe(first[0]);
    expect(second[1]).toBe(second[0]);
    expect(second[0]).not.toBe(first[0]);
  });

  test('lets a function collect its garbage', async () => {
    expect(returned(await handling('gc(); return typeof gc;').target.invoke({}))).toBe('function');
  });

  test('lets a function change what Lambda lets it change, and no more', async () => {
    const environment = { TZ: 'Asia/Tokyo', AWS_LAMBDA_FUNCTION_NAME: 'forged', AWS_ACCESS_KEY_ID: 'AKIA' };
    const { target } = handling(
      'const { TZ, AWS_LAMBDA_FUNCTION_NAME, AWS_ACCESS_KEY_ID } = process.env; return { TZ, AWS_LAMBDA_FUNCTION_NAME, AWS_ACCESS_KEY_ID };',
      { definition: { environment } });
    expect(returned(await target.invoke({}))).toEqual({ TZ: 'Asia/Tokyo', AWS_LAMBDA_FUNCTION_NAME: 'greeter', AWS_ACCESS_KEY_ID: 'local' });
  });

  test('has the code as its folder, UTC as its time zone and the memory as its heap', async () => {
    const codeDirectory = folderWith(`import v8 from 'node:v8'; export const handler = async () => ({
      cwd: process.cwd(), offset: new Date(0).getTimezoneOffset(), heap: v8.getHeapStatistics().heap_size_limit / 2 ** 20 });`);
    const { target } = newFunction('', { definition: { codeDirectory, memoryMegabytes: 256 } });
    const { heap, ...rest } = returned<{ heap: number }>(await target.invoke({}));
    expect(rest).toEqual({ cwd: codeDirectory, offset: 0 });
    expect(heap).toBeGreaterThan(225);
    expect(heap).toBeLessThan(300);
  });

  test('is kept for the next invocation, also after an error', async () => {
    const { target } = newFunction('let calls = 0; export const handler = async (event) => { calls++; if (event === 2) throw new Error("two"); return calls; };');
    expect(returned(await target.invoke(1))).toBe(1);
    expect(errorOf(await target.invoke(2)).errorMessage).toBe('two');
    expect(returned(await target.invoke(3))).toBe(3);
  });
});

describe('Date', () => {
  const noon = Date.parse('2040-06-01T12:00:00.000Z');

  test('reads the clock of the run, which stands still, and everything else is real', async () => {
    const { target } = newFunction(`
      const atImport = Date.now();
      class Day extends Date {}
      export const handler = async () => {
        const started = performance.now();
        const before = Date.now();
        await new Promise((resolve) => setTimeout(resolve, 30));
        return { atImport, before, passed: Date.now() - before, waited: performance.now() - started, object: new Date().getTime(), text: Date(),
          subclass: new Day().getTime(), throughInstance: new (new Date(0).constructor)().getTime(), fixed: new Date(5).getTime(),
          parsed: new Date('2020-01-01').toISOString(), utc: Date.UTC(2020, 0), isDate: new Date() instanceof Date && new Day() instanceof Day,
          name: Date.name, timeOrigin: performance.timeOrigin };
      };`, { clock: new ManualClock(noon) });
    const seen = returned<{ [name: string]: number }>(await target.invoke({}));
    for (const name of ['atImport', 'before', 'object', 'subclass', 'throughInstance']) expect(seen[name]).toBe(noon);
    expect(seen.passed).toBe(0);
    expect(seen.waited).toBeGreaterThanOrEqual(29);
    expect(seen).toMatchObject({ text: expect.stringContaining('Jun 01 2040 12:00:00'), fixed: 5, parsed: '2020-01-01T00:00:00.000Z', utc: 1577836800000, isDate: true, name: 'Date' });
    expect(Math.abs((seen.timeOrigin as number) - Date.now())).toBeLessThan(60_000);
  });

  test('follows the clock from one invocation to the next in the same process', async () => {
    const clock = new ManualClock(noon);
    const { target } = handling('return { now: Date.now(), pid: process.pid };', { clock });
    const first = returned<{ now: number; pid: number }>(await target.invoke({}));
    await clock.advance(86_400_000);
    const second = returned<{ now: number; pid: number }>(await target.invoke({}));
    expect(second.pid).toBe(first.pid);
    expect(second.now - first.now).toBe(86_400_000);
  });

  test('is the real one on a real clock', async () => {
    const { target } = handling('return Date.now();');
    const before = Date.now();
    const seen = returned<number>(await target.invoke({}));
    expect(seen).toBeGreaterThanOrEqual(before);
    expect(seen).toBeLessThanOrEqual(Date.now());
  });
});

describe('output', () => {
  test('is handed on line by line with the name of the function', async () => {
    const seen: string[][] = [];
    const onLine = (...line: string[]): number => seen.push(line);
    const target = new LocalFunction({
      name: 'speaker', arn: 'arn:aws:lambda:eu-west-1:000000000000:function:speaker', handler: 'index.handler', environment: {}, timeoutSeconds: 5, memoryMegabytes: 128,
      codeDirectory: folderWith('export const handler = async () => { console.log("one\\ntwo"); };'),
    }, { clock: new RealClock(), bootstrapFile: bootstrapFile(), onLine });
    await target.invoke({});
    await target.close();
    expect(seen).toEqual([['one', 'speaker'], ['two', 'speaker']]);
  });

  test.each([1, 2, 3])('has come whole when the invocation resolves (%i)', async () => {
    const { target, lines } = handling('for (let i = 0; i < 3000; i++) { console.log(`out ${i}`); console.error(`err ${i}`); } process.stdout.write("no line feed");');
    await target.invoke({});
    expect(lines.filter((line) => line.startsWith('out '))).toEqual(Array.from({ length: 3000 }, (_, i) => `out ${i}`));
    expect(lines.filter((line) => line.startsWith('err '))).toEqual(Array.from({ length: 3000 }, (_, i) => `err ${i}`));
    expect(lines).toContain('no line feed');
    expect(lines).toHaveLength(6001);
  });

  test('of the import comes too, empty lines and UTF-8 included, and nothing of our own', async () => {
    const { target, lines } = newFunction('console.log("imported"); export const handler = async () => { console.log("\\n\u{1F600} {}"); };');
    await target.invoke({});
    await target.invoke({});
    expect(lines).toEqual(['imported', '', '\u{1F600} {}', '', '\u{1F600} {}']);
  });

  test('of a handler that throws is followed by the runtime\'s line about it', async () => {
    const { target, lines } = handling('console.log("before"); throw Object.assign(new TypeError("bad"), { code: "E1", cause: new Error("why") });');
    const { requestId } = await target.invoke({}) as { requestId: string };
    expect(lines[0]).toBe('before');
    const [time, id, level, title, json] = (lines[1] as string).split('\t');
    expect([time, id, level, title]).toEqual([expect.stringMatching(/^\d{4}-.*Z$/), requestId, 'ERROR', 'Invoke Error ']);
    expect(JSON.parse(json as string)).toEqual({
      errorType: 'TypeError', errorMessage: 'bad', code: 'E1', stack: expect.arrayContaining(['TypeError: bad']),
      cause: { errorType: 'Error', errorMessage: 'why', stack: expect.arrayContaining(['Error: why']) },
    });
  });

  test('of a handler that throws what is no error has that as the message', async () => {
    const { target, lines } = handling('throw "text";');
    await target.invoke({});
    expect(lines[0]).toMatch(/\tERROR\tInvoke Error \t\{"errorType":"Error","errorMessage":"text","stack":\["Error: text",/);
  });

  test('reaches the run even when a function replaces the streams\' write', async () => {
    const { target, lines } = handling('console.log("kept"); process.stdout.write = () => true; process.stderr.write = () => true;');
    await target.invoke({});
    expect(lines).toEqual(['kept']);
  });
});

describe('concurrency', () => {
  // Each invocation waits until as many as the event says have begun, each in its own process.
  const meeting = `
    import { readdirSync, writeFileSync } from 'node:fs';
    export const handler = async ({ folder, id, together }) => {
      writeFileSync(folder + '/' + id, '');
      while (readdirSync(folder).filter((name) => name.startsWith('call')).length < together) await new Promise((resolve) => setTimeout(resolve, 2));
      return process.pid;
    };`;

  test('starts an environment for each invocation at a time, and reuses them', async () => {
    const folder = folderWith('', 'seat');
    const { target } = newFunction(meeting);
    const first = await Promise.all([1, 2, 3].map((id) => target.invoke({ folder, id: `call${id}`, together: 3 })));
    const pids = new Set(first.map((result) => returned<number>(result)));
    expect(pids.size).toBe(3);
    const again = await Promise.all([1, 2, 3].map((id) => target.invoke({ folder, id: `call${id}`, together: 1 })));
    for (const result of again) expect(pids).toContain(returned<number>(result));
  });

  test('makes what is over the limit wait in line', async () => {
    const folder = folderWith('', 'closed');
    const { target, lines } = newFunction(`
      import { existsSync } from 'node:fs';
      export const handler = async (event) => {
        console.log(event);
        while (!existsSync(${JSON.stringify(`${folder}/open`)})) await new Promise((resolve) => setTimeout(resolve, 2));
        return process.pid;
      };`, { concurrency: 2 });
    expect(target.free).toBe(2);
    const all = [1, 2, 3, 4].map(async (id) => returned<number>(await target.invoke(id)));
    expect(target.free).toBe(0);
    await waitFor(() => lines.length === 2);
    expect([...lines].sort()).toEqual(['1', '2']);
    writeFileSync(`${folder}/open`, '');
    expect(new Set(await Promise.all(all)).size).toBe(2);
    expect([...lines].sort()).toEqual(['1', '2', '3', '4']);
    expect(target.free).toBe(2);
  });

  test('defaults to ten', () => {
    expect(handling('').target.free).toBe(10);
  });

  test('tells when an environment is free', async () => {
    const { target } = handling('', { concurrency: 1 });
    const seen: number[] = [];
    const stop = target.onFree(() => seen.push(target.free));
    await target.invoke({});
    expect(seen).toEqual([1]);
    stop();
    await target.invoke({});
    expect(seen).toEqual([1]);
  });

  test('keeps a manual clock from moving on', async () => {
    const clock = new ManualClock(0);
    const { target } = handling('await new Promise((resolve) => setTimeout(resolve, 50));', { clock });
    let ended = false;
    void target.invoke({}).then(() => {
      ended = true;
    });
    clock.schedule(1000, () => expect(ended).toBe(true));
    expect(await clock.advance(1000)).toBe(1);
    expect(ended).toBe(true);
  });
});

describe('ending', () => {
  test('stops an environment that was idle for its time, and starts another when needed', async () => {
    const { target } = handling('return process.pid;', { idleSeconds: 0.05 });
    const pid = returned<number>(await target.invoke({}));
    expect(isAlive(pid)).toBe(true);
    await waitFor(() => !isAlive(pid));
    expect(returned(await target.invoke({}))).not.toBe(pid);
  });

  test('is not for an environment that is idle for longer than a function may run', async () => {
    const { target } = handling('return process.pid;', { definition: { timeoutSeconds: 0.2 } });
    const pid = returned<number>(await target.invoke({}));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(returned(await target.invoke({}))).toBe(pid);
  });

  test('close ends the processes, and gives what runs and what waits as closed', async () => {
    const { target, lines } = handling('console.log(process.pid); await new Promise((resolve) => setTimeout(resolve, 60_000));', { concurrency: 1 });
    const running = target.invoke(1);
    const waiting = target.invoke(2);
    await waitFor(() => lines.length === 1);
    await target.close();
    expect(isAlive(Number(lines[0]))).toBe(false);
    expect(await running).toEqual({ outcome: 'closed' });
    expect(await waiting).toEqual({ outcome: 'closed' });
    expect(await target.invoke(3)).toEqual({ outcome: 'closed' });
    expect(target.free).toBe(0);
    expect(lines).toHaveLength(1);
  });

  test('close before the first invocation, or during a start, leaves nothing behind', async () => {
    const { target, lines } = newFunction('console.log("started"); export const handler = async () => {};');
    const starting = target.invoke({});
    await target.close();
    expect(await starting).toEqual({ outcome: 'closed' });
    expect(lines).toEqual([]);
    await handling('').target.close();
  });

  test('what a function starts does not outlive it', async () => {
    const { target, lines } = handling(`
      const { spawn } = await import('node:child_process');
      const server = 'const s = require("node:net").createServer(); s.listen(0, "127.0.0.1", () => console.log(s.address().port));';
      spawn(process.execPath, ['-e', server], { stdio: 'inherit' });`);
    await target.invoke({});
    await waitFor(() => lines.length === 1);
    const port = Number(lines[0]);
    expect(await connects(port)).toBe(true);
    await target.close();
    expect(await connects(port)).toBe(false);
  });
});

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
