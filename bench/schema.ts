import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type { BuildOptions, BuildResult } from 'esbuild';
import { compileSchema } from '../lambda/tools/schema';
import type { Contender, Suite } from './measure';

const SCHEMA = {
  type: 'object',
  required: ['id', 'type', 'created', 'data'],
  properties: {
    id: { type: 'string', pattern: '^evt_[a-z0-9]{8,32}$' },
    type: { enum: ['order.created', 'order.paid', 'order.cancelled'] },
    created: { type: 'integer', minimum: 0 },
    data: {
      type: 'object',
      required: ['order', 'items'],
      properties: {
        order: { type: 'string', minLength: 1, maxLength: 64 },
        currency: { type: 'string', pattern: '^[A-Z]{3}$' },
        items: { type: 'array', minItems: 1, items: { $ref: '#/$defs/item' } },
      },
    },
  },
  $defs: {
    item: {
      type: 'object',
      required: ['sku', 'quantity', 'price'],
      properties: { sku: { type: 'string', maxLength: 40 }, quantity: { type: 'integer', minimum: 1 }, price: { type: 'number', minimum: 0 } },
      additionalProperties: false,
    },
  },
};

const EVENT = {
  id: 'evt_0123456789', type: 'order.paid', created: 1_767_323_045,
  data: { order: 'A-1', currency: 'EUR', items: [{ sku: 'a', quantity: 1, price: 9.9 }, { sku: 'b', quantity: 2, price: 0.5 }] },
};

/**
 * What a cold start pays: a file of compiled schemas, or ajv and the schema, from its text to the first event judged. Each time in
 * a process of its own, in which nothing of it is warm.
 */
export async function schemaSuite(): Promise<Suite> {
  const root = path.resolve(path.dirname(process.argv[1] as string), '..');
  const load = createRequire(path.join(root, 'package.json'));
  const { build }: { build(options: BuildOptions): Promise<BuildResult> } = load('esbuild');
  const textOf = async (entry: string, globalName: string): Promise<string> => {
    const { outputFiles = [] } = await build({
      entryPoints: [entry], absWorkingDir: root, bundle: true, minify: true, platform: 'node', format: 'iife', globalName, target: 'node20', write: false,
    });
    return outputFiles[0]?.text as string;
  };
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-schema-'));
  const contender = (name: string, version: string, text: string): Contender => {
    const file = path.join(folder, `${name}.js`);
    writeFileSync(file, text);
    return { name, version, elsewhere: true, run: () => start(file) };
  };
  const { version }: { version: string } = load('ajv/package.json');
  const runtime = await textOf('lambda/tools/schema-runtime/index.ts', 'runtime');
  const ajv = await textOf('ajv/dist/2020.js', 'ajv');
  return {
    comparisons: [{
      name: 'schema start', unit: 'us', bar: 1 / 30,
      ours: contender('compiled', process.version, `${runtime}\nconst schema=${compileSchema(SCHEMA)};\n(event)=>schema(event).length===0;`),
      peers: [contender('ajv', version, `${ajv}\nnew ajv.default().compile(${JSON.stringify(SCHEMA)});`)],
    }],
    close: () => rmSync(folder, { recursive: true }),
  };
}

/** CPU microseconds. Reading the file and the first script at all are no part of it: they are the same for both. */
function start(file: string): number {
  const script = `
    const vm = require('node:vm');
    const text = require('node:fs').readFileSync(${JSON.stringify(file)}, 'utf8');
    new vm.Script('1').runInThisContext();
    const before = process.cpuUsage();
    const taken = new vm.Script(text).runInThisContext()(${JSON.stringify(EVENT)});
    const { user, system } = process.cpuUsage(before);
    if (!taken) throw new Error('the event was not taken');
    console.log(user + system);`;
  return Number(execFileSync(process.execPath, ['--eval', script], { encoding: 'utf8' }));
}
