import { containing, error, exit, matching, payload, type Case } from './case';

export const STARTS: readonly Case[] = [
  {
    what: 'a missing export',
    code: 'export const handle = async () => {};',
    says: [error('Runtime.HandlerNotFound', 'index.handler is undefined or not exported')],
  },
  {
    what: 'a missing nested export',
    code: 'export const deep = {};',
    definition: { handler: 'index.deep.handler' },
    says: [error('Runtime.HandlerNotFound', 'index.deep.handler is undefined or not exported')],
  },
  {
    what: 'an export that is no function',
    code: 'export const handler = 5;',
    says: [error('Runtime.HandlerNotFound', 'index.handler is not a function')],
  },
  {
    what: 'an export that is zero',
    code: 'export const handler = 0;',
    says: [error('Runtime.HandlerNotFound', 'index.handler is undefined or not exported')],
  },
  {
    what: 'a missing file',
    code: { 'other.mjs': '' },
    says: [error('Runtime.ImportModuleError', "Error: Cannot find module 'index'\nRequire stack:\n- RUNTIME")],
  },
  {
    what: 'a missing file in a folder',
    code: { 'src/other.mjs': '' },
    definition: { handler: 'src/index.handler' },
    says: [error('Runtime.ImportModuleError', "Error: Cannot find module 'index'\nRequire stack:\n- RUNTIME")],
  },
  { what: 'a syntax error', code: 'export const = 1;', says: [error('Runtime.UserCodeSyntaxError', "SyntaxError: Unexpected token '='")] },
  {
    what: 'a syntax error of CommonJS',
    code: { 'index.cjs': 'exports.handler = async () => {' },
    says: [error('Runtime.UserCodeSyntaxError', containing('SyntaxError: Unexpected end of input'))],
  },
  {
    what: 'a missing import of a name',
    code: "import { nothing } from 'node:fs'; export const handler = async () => {};",
    says: [error('Runtime.UserCodeSyntaxError', containing("does not provide an export named 'nothing'"))],
  },
  {
    what: 'an error at the top level',
    code: 'throw new RangeError("at import"); export const handler = async () => {};',
    says: [error('RangeError', 'at import')],
  },
  {
    what: 'a rejected top-level await',
    code: 'await Promise.reject(new TypeError("no config")); export const handler = async () => {};',
    says: [error('TypeError', 'no config')],
  },
  { what: 'a text thrown at the top level', code: 'throw "text";', says: [error('string', 'text')] },
  {
    what: 'a missing CommonJS dependency',
    code: { 'index.cjs': 'require("not-there"); exports.handler = async () => {};' },
    says: [error('Runtime.ImportModuleError', matching(/^Error: Cannot find module 'not-there'\nRequire stack:/))],
  },
  {
    what: 'a missing ES dependency',
    code: "import 'not-there'; export const handler = async () => {};",
    says: [error('Error', containing("Cannot find package 'not-there'"))],
  },
  { what: 'a handler without a dot', code: '', definition: { handler: 'index' }, says: [error('Runtime.MalformedHandlerName', 'Bad handler')] },
  {
    what: 'a handler outside the code',
    code: '',
    definition: { handler: '../index.handler' },
    says: [error('Runtime.MalformedHandlerName', containing("'../index.handler' is not a valid handler name"))],
  },
  {
    what: 'a handler without an export',
    code: 'export const handler = async () => {};',
    definition: { handler: 'index.' },
    says: [error('Runtime.HandlerNotFound', 'index. is undefined or not exported')],
  },
  {
    what: 'a handler that takes a callback',
    code: 'export const handler = (event, context, callback) => callback(null, 1);',
    says: [error('Runtime.CallbackHandlerDeprecated', matching(/^ERROR: AWS Lambda has removed support for callback-based function handlers/))],
  },
  {
    what: 'a callback with a default, which nobody can see',
    code: 'export const handler = async (event, context, callback = null) => callback;',
    says: [payload(null)],
  },
  { what: 'a handler that takes the rest', code: 'export const handler = async (...all) => all.length;', says: [payload(2)] },
  { what: 'an exit at the top level', code: 'process.exit(5);', says: [exit('with error: exit status 5')] },
  { what: 'an exit without a code at the top level', code: 'process.exit();', says: [exit('without providing a reason')] },
  {
    what: 'a top-level await that never ends',
    code: 'await new Promise(() => {}); export const handler = async () => {};',
    says: [exit('without providing a reason')],
  },
  {
    what: 'an unhandled rejection at the top level',
    code: 'Promise.reject(new Error("loose")); await new Promise((resolve) => setTimeout(resolve, 1_000)); export const handler = async () => {};',
    says: [exit('with error: exit status 1')],
  },
  {
    what: 'a start that fails once',
    code: `
      import { existsSync, writeFileSync } from 'node:fs';
      if (!existsSync('ready')) {
        writeFileSync('ready', '');
        throw new Error('not yet');
      }
      export const handler = async () => 'ready';`,
    events: [1, 2],
    says: [error('Error', 'not yet'), payload('ready')],
  },
];
