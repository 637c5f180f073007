import { payload, type Case } from './case';

export const MODULES: readonly Case[] = [
  { what: 'CommonJS', code: { 'index.cjs': 'exports.handler = async () => "found";' }, says: [payload('found')] },
  {
    what: '.js, before .mjs',
    code: { 'index.js': 'exports.handler = async () => "js";', 'index.mjs': 'export const handler = async () => "mjs";' },
    says: [payload('js')],
  },
  {
    what: '.js as an ES module by its package.json',
    code: { 'index.js': 'export const handler = async () => typeof require;', 'package.json': '{"type":"module"}' },
    says: [payload('undefined')],
  },
  {
    what: '.js as an ES module by its syntax',
    code: { 'index.js': 'export const handler = async () => typeof require;' },
    says: [payload('undefined')],
  },
  {
    what: 'a nested export',
    code: 'export const deep = { er: { handler: async () => "found" } };',
    definition: { handler: 'index.deep.er.handler' },
    says: [payload('found')],
  },
  { what: 'the default export', code: 'export default { handler: async () => "found" };', says: [payload('found')] },
  {
    what: 'a function as all of CommonJS',
    code: { 'index.cjs': 'module.exports = () => 1; module.exports.handler = async () => "found";' },
    says: [payload('found')],
  },
  {
    what: 'a folder with a dot in its name',
    code: { 'src.v2/main.mjs': 'export const handler = async () => "found";' },
    definition: { handler: 'src.v2/main.handler' },
    says: [payload('found')],
  },
  {
    what: 'top-level await',
    code: 'const word = await new Promise((resolve) => setTimeout(resolve, 20, "found")); export const handler = async () => word;',
    says: [payload('found')],
  },
  {
    what: 'a package in node_modules',
    code: { 'node_modules/pack/index.js': 'exports.handler = async () => "packed";' },
    definition: { handler: 'pack.handler' },
    says: [payload('packed')],
  },
  {
    what: 'an ES module required from CommonJS',
    code: {
      'index.cjs': `
        let type;
        try { type = typeof require("./other.mjs").x; } catch (error) { type = error.code; }
        exports.handler = async () => type;`,
      'other.mjs': 'export const x = 1;',
    },
    says: [payload(expect.any(String))],
  },
];
