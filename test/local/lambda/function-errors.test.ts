import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FunctionError } from '../../../local/lambda/invocation';
import { closeFunctions, errorOf, folderWith, handling, newFunction, removeFolders, returned, type TestFunction } from './support';

afterEach(closeFunctions);
afterAll(removeFolders);

describe('an error of the handler', () => {
  test.each<[string, string, FunctionError]>([
    ['an error', 'throw new RangeError("too far");', { errorType: 'RangeError', errorMessage: 'too far' }],
    ['an error with a name of its own', 'const e = new Error("m"); e.name = "QueueDown"; throw e;', { errorType: 'QueueDown', errorMessage: 'm' }],
    ['a rejection', 'return Promise.reject(new Error("no"));', { errorType: 'Error', errorMessage: 'no' }],
    ['a string', 'throw "text";', { errorType: 'string', errorMessage: 'text' }],
    ['undefined', 'throw undefined;', { errorType: 'undefined', errorMessage: 'undefined' }],
    ['a name outside ASCII', 'const e = new Error("m"); e.name = "F\u00e9hler\\n"; throw e;', { errorType: 'F\u00e9hler\n', errorMessage: 'm' }],
    ['a DEL character', 'throw new Error("a\\u007fb");', { errorType: 'Error', errorMessage: 'a%7Fb' }],
    ['a name that cannot be read', 'const e = new Error("m"); e.name = 5; throw e;', { errorType: 'handled', errorMessage: expect.stringContaining('a problem while retrieving') }],
    ['a BigInt in the result', 'return { n: 1n };', { errorType: 'Runtime.JSONStringifyError', errorMessage: 'Unable to stringify response body' }],
    ['a circle in the result', 'const a = {}; a.a = a; return a;', { errorType: 'Runtime.JSONStringifyError', errorMessage: 'Unable to stringify response body' }],
    ['a function as the result', 'return () => 1;', { errorType: 'TypeError', errorMessage: 'Wrong arguments' }],
  ])('%s has Lambda\'s shape', async (_what, body, error) => {
    expect(errorOf(await handling(body).target.invoke({}))).toEqual({ ...error, trace: expect.any(Array) });
  });

  test('carries the stack as its trace', async () => {
    const { trace } = errorOf(await handling('throw new Error("here");').target.invoke({}));
    expect(trace?.[0]).toBe('Error: here');
    expect(trace?.[1]).toMatch(/at handler \(file:.*index\.mjs:1:/);
  });
});

describe('an end of the process', () => {
  const mortal = `
    const started = process.pid;
    export const handler = async (event) => {
      if (event === 'exit 0') process.exit(0);
      if (event === 'exit 3') process.exit(3);
      if (event === 'uncaught') setTimeout(() => { throw new Error('loose'); });
      if (event === 'unhandled') Promise.reject(new Error('loose'));
      if (event === 'kill') process.kill(process.pid, 'SIGKILL');
      if (event === 'abort') process.abort();
      if (event === 'nothing left') await new Promise(() => {});
      if (event === 'no text') throw Object.create(null);
      if (event === 'left behind') { Promise.reject(new Error('loose')); return 1; }
      if (event === 'put off') { setImmediate(() => process.exit(3)); return 1; }
      if (event !== 'live') await new Promise((resolve) => setTimeout(resolve, 10_000));
      return started;
    };`;

  test.each([
    ['exit 0', 'Runtime exited without providing a reason'],
    ['exit 3', 'Runtime exited with error: exit status 3'],
    ['uncaught', 'Runtime exited with error: exit status 1'],
    ['unhandled', 'Runtime exited with error: exit status 1'],
    ['kill', 'Runtime exited with error: signal: killed'],
    ['abort', 'Runtime exited with error: signal: aborted'],
    ['nothing left', 'Runtime exited without providing a reason'],
    ['no text', 'Runtime exited with error: exit status 1'],
    ['left behind', 'Runtime exited with error: exit status 1'],
    ['put off', 'Runtime exited with error: exit status 3'],
  ])('by %s is a Runtime.ExitError, and the next invocation has a fresh environment', async (event, text) => {
    const { target, lines } = newFunction(mortal);
    const before = returned<number>(await target.invoke('live'));
    const result = await target.invoke(event);
    const errorMessage = `RequestId: ${(result as { requestId: string }).requestId} Error: ${text}`;
    expect(errorOf(result)).toEqual({ errorType: 'Runtime.ExitError', errorMessage });
    expect(lines.at(-1)).toBe(`${errorMessage} Runtime.ExitError`);
    expect(returned(await target.invoke('live'))).not.toBe(before);
  });

  test('of an uncaught error prints the error first', async () => {
    const { target, lines } = newFunction(mortal);
    await target.invoke('uncaught');
    expect(lines).toContain('Error: loose');
  });

  test('is seen although something that the function started still holds its output', async () => {
    const { target, lines } = handling(`
      const { spawn } = await import('node:child_process');
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      process.stdout.write('last words');
      process.exit(1);`);
    expect(errorOf(await target.invoke({})).errorType).toBe('Runtime.ExitError');
    expect(lines[0]).toBe('last words');
  });

  test('by too much memory is real', async () => {
    const { target, lines } = handling('const kept = []; for (;;) kept.push(Array.from({ length: 10_000 }, () => ({})));', { definition: { memoryMegabytes: 32 } });
    expect(errorOf(await target.invoke({}))).toMatchObject({ errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('signal: aborted') });
    expect(lines.some((line) => line.includes('JavaScript heap out of memory'))).toBe(true);
  });

  test('after its result does not fail the next invocation, which it never saw', async () => {
    // A runtime that answers one invocation and is gone.
    const runtime = path.join(folderWith(`
      const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
      const next = await fetch(api + 'next');
      await next.text();
      await fetch(api + next.headers.get('lambda-runtime-aws-request-id') + '/response', { method: 'POST', body: String(process.pid) });
      process.exit(1);`, 'runtime.mjs'), 'runtime.mjs');
    const { target } = newFunction('', { bootstrapFile: runtime });
    const pids = [await target.invoke({}), await target.invoke({}), await target.invoke({})].map((result) => returned<number>(result));
    expect(new Set(pids).size).toBe(3);
  });
});

describe('a timeout', () => {
  test.each([
    ['waits', 'await new Promise((resolve) => setTimeout(resolve, 10_000));'],
    ['never lets go of the processor', 'for (;;);'],
  ])('ends a function that %s, and the next invocation has a fresh environment', async (_what, wait) => {
    const { target, lines } = handling(`console.log("began"); if (event === "slow") { ${wait} } return process.pid;`, { definition: { timeoutSeconds: 0.3 } });
    const before = returned<number>(await target.invoke('fast'));
    const started = performance.now();
    const result = await target.invoke('slow');
    expect(performance.now() - started).toBeLessThan(2_000);
    const errorMessage = `RequestId: ${(result as { requestId: string }).requestId} Error: Task timed out after 0.30 seconds`;
    expect(errorOf(result)).toEqual({ errorType: 'Sandbox.Timedout', errorMessage });
    expect(lines).toEqual(['began', 'began', `${errorMessage} Sandbox.Timedout`]);
    expect(returned(await target.invoke('fast'))).not.toBe(before);
  });

  test('counts whole seconds as Lambda writes them', async () => {
    const { target } = handling('await new Promise((resolve) => setTimeout(resolve, 10_000));', { definition: { timeoutSeconds: 1 } });
    expect(errorOf(await target.invoke({})).errorMessage).toMatch(/Error: Task timed out after 1\.00 seconds$/);
  });

  test('does not count the import, which has a limit of its own', async () => {
    const slow = 'await new Promise((resolve) => setTimeout(resolve, 250)); export const handler = async () => "in time";';
    expect(returned(await newFunction(slow, { definition: { timeoutSeconds: 0.2 } }).target.invoke({}))).toBe('in time');
    const late = newFunction(slow, { initSeconds: 0.2 });
    expect(errorOf(await late.target.invoke({}))).toMatchObject({ errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('after 0.20 seconds') });
  });
});

describe('a start that fails', () => {
  const cases: [string, () => TestFunction, string, string][] = [
    ['no such file', () => newFunction('', { file: 'other.mjs' }), 'Runtime.ImportModuleError', "Cannot find module 'index'"],
    ['no such export', () => newFunction('export const handle = async () => {};'), 'Runtime.HandlerNotFound', 'index.handler is undefined or not exported'],
    ['an export that is no function', () => newFunction('export const handler = 5;'), 'Runtime.HandlerNotFound', 'index.handler is not a function'],
    ['a handler that takes a callback', () => newFunction('export const handler = (event, context, callback) => callback(null, 1);'), 'Runtime.CallbackHandlerDeprecated', 'AWS Lambda has removed support for callback-based function handlers'],
    ['a syntax error', () => newFunction('export const = 1;'), 'Runtime.UserCodeSyntaxError', 'SyntaxError'],
    ['an error at the top level', () => newFunction('throw new RangeError("at import"); export const handler = async () => {};'), 'RangeError', 'at import'],
    ['a rejected top-level await', () => newFunction('await Promise.reject(new Error("no config")); export const handler = async () => {};'), 'Error', 'no config'],
    ['a missing CommonJS dependency', () => newFunction('require("not-there"); exports.handler = async () => {};', { file: 'index.cjs' }), 'Runtime.ImportModuleError', 'not-there'],
    ['a malformed handler', () => newFunction('', { definition: { handler: 'index' } }), 'Runtime.MalformedHandlerName', 'Bad handler'],
    ['a handler outside the code', () => newFunction('', { definition: { handler: '../index.handler' } }), 'Runtime.MalformedHandlerName', "'../index.handler' is not a valid handler name"],
    ['a handler without an export', () => newFunction('export const handler = async () => {};', { definition: { handler: 'index.' } }), 'Runtime.HandlerNotFound', 'index. is undefined or not exported'],
    ['an export that is zero', () => newFunction('export const handler = 0;'), 'Runtime.HandlerNotFound', 'index.handler is undefined or not exported'],
  ];

  test.each(cases)('for %s', async (_what, create, errorType, text) => {
    const { target, lines } = create();
    const error = errorOf(await target.invoke({}));
    expect(error).toMatchObject({ errorType, errorMessage: expect.stringContaining(text) });
    expect(lines.filter((line) => line.includes(`Z\t-\tERROR\tInit Error \t{"errorType":"${errorType}"`))).toHaveLength(1);
  });

  test('for code that is not there', async () => {
    const { target } = newFunction('', { definition: { codeDirectory: '/no/such/folder' } });
    expect(errorOf(await target.invoke({}))).toEqual({
      errorType: 'Runtime.InvalidEntrypoint',
      errorMessage: expect.stringMatching(/Error: cannot start a process in "\/no\/such\/folder": spawn .* ENOENT$/),
    });
  });

  test('is over when the cause is', async () => {
    const folder = folderWith('', 'other.txt');
    const { target } = newFunction(`import { existsSync } from 'node:fs';
      if (!existsSync(${JSON.stringify(`${folder}/ready`)})) { (await import('node:fs')).writeFileSync(${JSON.stringify(`${folder}/ready`)}, ''); throw new Error('not yet'); }
      export const handler = async () => 'ready';`);
    expect(errorOf(await target.invoke({})).errorMessage).toBe('not yet');
    expect(returned(await target.invoke({}))).toBe('ready');
  });
});

describe('where the handler is found', () => {
  test.each([
    ['index.mjs', 'export const handler = async () => "found";', 'index.handler'],
    ['index.cjs', 'exports.handler = async () => "found";', 'index.handler'],
    ['index.js', 'exports.handler = async () => "found";', 'index.handler'],
    ['index.mjs', 'export default { deep: { handler: async () => "found" } };', 'index.deep.handler'],
  ])('%s with %s', async (file, source, handler) => {
    expect(returned(await newFunction(source, { file, definition: { handler } }).target.invoke({}))).toBe('found');
  });

  test('a package of the code', async () => {
    const codeDirectory = folderWith('', 'unused');
    mkdirSync(path.join(codeDirectory, 'node_modules/pack'), { recursive: true });
    writeFileSync(path.join(codeDirectory, 'node_modules/pack/index.js'), 'exports.handler = async () => "found";');
    expect(returned(await newFunction('', { definition: { codeDirectory, handler: 'pack.handler' } }).target.invoke({}))).toBe('found');
  });

  test('in a folder, with top-level await', async () => {
    const codeDirectory = folderWith('', 'unused');
    mkdirSync(path.join(codeDirectory, 'src'));
    writeFileSync(path.join(codeDirectory, 'src/main.mjs'), 'const word = await Promise.resolve("found"); export const handler = async () => word;');
    expect(returned(await newFunction('', { definition: { codeDirectory, handler: 'src/main.handler' } }).target.invoke({}))).toBe('found');
  });
});

test('a response over 6 MB is an error, and the environment lives on', async () => {
  const { target, lines } = handling('return event ? "x".repeat(6_291_556 - 1) : process.pid;');
  const before = returned<number>(await target.invoke(false));
  const error = { errorType: 'Function.ResponseSizeTooLarge', errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).' };
  expect(errorOf(await target.invoke(true))).toEqual(error);
  expect(lines).toEqual([`${error.errorMessage} ${error.errorType}`]);
  expect(returned(await target.invoke(false))).toBe(before);
});
