import { body, error, payload, platformError, type Case } from './case';

export const RESULTS: readonly Case[] = [
  {
    what: 'an object',
    code: body('return { event, calls };'),
    events: [{ a: ['\u00e9', null] }, 2],
    says: [payload({ event: { a: ['\u00e9', null] }, calls: 1 }), payload({ event: 2, calls: 2 })],
  },
  { what: 'nothing', code: body(''), says: [payload(null)] },
  { what: 'null', code: body('return null;'), says: [payload(null)] },
  { what: 'a text', code: body('return "\\u2028 \\ud800 \u{1F600}";'), says: [payload('\u2028 \ud800 \u{1F600}')] },
  {
    what: 'what has a JSON form of its own',
    code: body('return [new Date(0), Buffer.from("a"), { toJSON: () => 5 }, undefined, () => 1, NaN];'),
    says: [payload(['1970-01-01T00:00:00.000Z', { type: 'Buffer', data: [97] }, 5, null, null, null])],
  },
  { what: 'a handler that is not async', code: 'export const handler = (event) => [event];', says: [payload([{}])] },
  { what: 'a thenable', code: 'export const handler = () => ({ then: (resolve) => resolve("later") });', says: [payload('later')] },
  { what: 'an event of null', code: body('return event === null;'), events: [null], says: [payload(true)] },
  {
    what: 'a circle',
    code: body('const a = {}; a.a = a; return a;'),
    says: [error('Runtime.JSONStringifyError', 'Unable to stringify response body')],
  },
  { what: 'a BigInt', code: body('return { n: 1n };'), says: [error('Runtime.JSONStringifyError', 'Unable to stringify response body')] },
  {
    what: 'a toJSON that throws',
    code: body('return { toJSON() { throw new RangeError("no"); } };'),
    says: [error('Runtime.JSONStringifyError', 'Unable to stringify response body')],
  },
  { what: 'a function', code: body('return () => 1;'), says: [error('TypeError', 'Wrong arguments')] },
  { what: 'a symbol', code: body('return Symbol("s");'), says: [error('TypeError', 'Wrong arguments')] },
  { what: 'a toJSON that returns nothing', code: body('return { toJSON() {} };'), says: [error('TypeError', 'Wrong arguments')] },
  { what: 'the largest result', code: body('return "x".repeat(6_291_556 - 2);'), says: [payload('6291556 characters')] },
  {
    what: 'a result over 6 MB, after which the environment lives on',
    code: body('return event === "large" ? "x".repeat(6_291_556 - 1) : calls;'),
    events: ['large', 'small'],
    says: [
      platformError('Function.ResponseSizeTooLarge', 'Response payload size exceeded maximum allowed payload size (6291556 bytes).'),
      payload(2),
    ],
  },
];
