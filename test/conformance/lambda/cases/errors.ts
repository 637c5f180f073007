import { body, containing, error, exit, matching, payload, type Case } from './case';

export const ERRORS: readonly Case[] = [
  { what: 'an Error', code: body('throw new Error("no");'), says: [error('Error', 'no')] },
  {
    what: 'a TypeError of the language',
    code: body('return event.a.b;'),
    says: [error('TypeError', containing('Cannot read properties of undefined'))],
  },
  {
    what: 'an error from deep inside',
    code: `const deep = async () => { await null; throw new RangeError("deep"); };\n${body('return deep();')}`,
    says: [error('RangeError', 'deep')],
  },
  { what: 'a rejected promise', code: 'export const handler = () => Promise.reject(new Error("rejected"));', says: [error('Error', 'rejected')] },
  {
    what: 'a throw of a handler that is not async',
    code: 'export const handler = () => { throw new Error("at once"); };',
    says: [error('Error', 'at once')],
  },
  {
    what: 'an error with a name of its own',
    code: body('const e = new Error("m"); e.name = "QueueDown"; throw e;'),
    says: [error('QueueDown', 'm')],
  },
  { what: 'an error class', code: `class QueueDown extends Error {}\n${body('throw new QueueDown("m");')}`, says: [error('Error', 'm')] },
  {
    what: 'an error with a code, a cause and fields',
    code: body(`
      const e = new Error("m", { cause: new TypeError("c") });
      throw Object.assign(e, { code: "E1", inner: new RangeError("i"), n: 1 });`),
    says: [error('Error', 'm')],
  },
  { what: 'an error with a field that JSON refuses', code: body('const e = new Error("m"); e.n = 1n; throw e;'), says: [error('Error', 'm')] },
  {
    what: 'an AggregateError',
    code: body('return Promise.any([Promise.reject(new Error("a"))]);'),
    says: [error('AggregateError', 'All promises were rejected')],
  },
  { what: 'a message of several lines', code: body('throw new Error("one\\ntwo\\r\\nthree");'), says: [error('Error', 'one\ntwo\r\nthree')] },
  {
    what: 'a message outside ASCII',
    code: body('const e = new Error("h\u00e9 \u{1F600}\\u007f\\u0000"); e.name = "F\u00e9\\u007f"; throw e;'),
    says: [error('F\u00e9%7F', 'h\u00e9 \u{1F600}%7F\u0000')],
  },
  { what: 'a long message', code: body('throw new Error("x".repeat(100_000));'), says: [error('Error', matching(/^x{100000}$/))] },
  {
    what: 'no stack',
    code: body('const e = new Error("m"); e.stack = undefined; throw e;'),
    says: [{ errorType: 'Error', errorMessage: 'm', trace: [] }],
  },
  { what: 'a stack that is no text', code: body('const e = new Error("m"); e.stack = 5; throw e;'), says: [error('handled')] },
  { what: 'a name that is no text', code: body('const e = new Error("m"); e.name = 5; throw e;'), says: [error('handled')] },
  { what: 'no name', code: body('const e = new Error("m"); e.name = null; throw e;'), says: [error('Runtime.Unknown', 'm')] },
  {
    what: 'a message that throws',
    code: body('const e = new Error(); Object.defineProperty(e, "message", { get() { throw new Error("inner"); } }); throw e;'),
    says: [error('handled')],
  },
  {
    what: 'an error of another realm',
    code: `import vm from 'node:vm';\n${body('throw vm.runInNewContext("new TypeError(\'far\')");')}`,
    says: [error('object', 'TypeError: far')],
  },
  { what: 'a text', code: body('throw "text";'), says: [error('string', 'text')] },
  { what: 'a number', code: body('throw 5;'), says: [error('number', '5')] },
  { what: 'undefined', code: body('throw undefined;'), says: [error('undefined', 'undefined')] },
  { what: 'null', code: body('throw null;'), says: [error('object', 'null')] },
  { what: 'an object', code: body('throw { message: "m" };'), says: [error('object', '[object Object]')] },
  { what: 'a symbol', code: body('throw Symbol("s");'), says: [error('symbol', 'Symbol(s)')] },
  {
    what: 'an object without a text, which the runtime does not survive',
    code: body('if (event === "throw") throw Object.create(null); return calls;'),
    events: ['throw', 'live'],
    says: [exit('with error: exit status 1'), payload(1)],
  },
  {
    what: 'an error, after which the environment lives on',
    code: body('if (calls === 1) throw new Error("first"); return calls;'),
    events: [1, 2],
    says: [error('Error', 'first'), payload(2)],
  },
  { what: 'too much recursion', code: body('const f = () => f() + 1; return f();'), says: [error('RangeError', 'Maximum call stack size exceeded')] },
];
