import Ajv, { _, type Options } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import standaloneCode from 'ajv/dist/standalone';
import { formats, helpers, unique } from '../schema-runtime';
import type { Checked } from './check';
import type { Draft } from './draft';
import type { Patterns } from './patterns';
import { SchemaError } from './schema-error';

type Instance = Ajv | Ajv2020;

/** ajv's code for a schema, as an expression that has `runtime` around it. */
export function generate(schema: { readonly [keyword: string]: unknown }, draft: Draft, { patterns }: Checked): string {
  const ajv = createAjv(draft, patterns);
  const code = withBounds(standaloneCode(ajv, compile(ajv, schema)));
  const asked = [...code.matchAll(/^const \w+ = require\("([^"]*)"\)/gm)].map(([, name]) => name as string);
  const missing = asked.filter((name) => !helpers.includes(name));
  if (missing.length > 0) throw new Error(`compiled schemas need ${missing.join(', ')}, which the runtime of schemas does not have`);
  const head = `const module={},{require,formats,unique}=runtime,pattern=runtime.createPatterns(${JSON.stringify([...patterns.quadratic])});`;
  return `runtime.judge((()=>{${head}\n${code}\nreturn module.exports;})())`;
}

function createAjv(draft: Draft, patterns: Patterns): Instance {
  const makePattern = Object.assign((source: string, flags: string) => {
    // Those of the meta-schemas, and whatever else was not met on the way through the schema.
    patterns.judge(source, '');
    return new RegExp(source, flags);
  }, { code: 'pattern' });
  const options: Options = {
    // Keywords of others, such as OpenAPI's `example`, are passed over, as JSON Schema wants it. Slips are found by `checkKeywords`.
    strict: false,
    logger: false,
    // Names that every object inherits, such as `constructor`, are not there.
    ownProperties: true,
    // 19.99 is a multiple of 0.01, and in doubles it is not.
    multipleOfPrecision: 8,
    formats,
    code: { source: true, lines: true, regExp: makePattern, formats: _`formats` },
  };
  const ajv: Instance = draft === '2020-12' ? new Ajv2020(options) : new Ajv(options);
  // ajv compares each item with each.
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', error: { message: 'must NOT have duplicate items' },
    code(context) {
      if (context.schema !== true) return;
      const check = context.gen.scopeValue('func', { ref: unique, code: _`unique` });
      context.fail(_`!${check}(${context.data})`);
    },
  });
  return ajv;
}

function compile(ajv: Instance, schema: { readonly [keyword: string]: unknown }): ReturnType<Instance['compile']> {
  if (!ajv.validateSchema(schema)) {
    const [failure] = ajv.errors ?? [];
    const allowed: unknown = failure?.params.allowedValues;
    throw new SchemaError(failure?.instancePath ?? '', `this is no JSON Schema: it ${failure?.message ?? 'is not valid'}${Array.isArray(allowed) ? `: ${allowed.join(', ')}` : ''}`);
  }
  try {
    return ajv.compile(schema);
  } catch (error) {
    if (error instanceof SchemaError) throw error;
    const { missingRef } = error as { missingRef?: string };
    if (missingRef === undefined) throw new SchemaError('', `this is no JSON Schema: ${(error as Error).message}`);
    throw new SchemaError('', `the reference ${JSON.stringify(missingRef)} leads out of the schema, or to nothing in it, and a function fetches nothing: `
      + 'copy what it means into $defs and refer to it as "#/$defs/NAME"');
  }
}

/**
 * Functions are what calls others and itself. Each asks for the time first, and hands on few failures: those of alternatives add up, and
 * would fill the memory before the time is up.
 */
function withBounds(code: string): string {
  const head = /^(function validate\d+\(data, \{.*\}=\{\}\)\{)$/gm;
  const end = /^(validate\d+\.errors = )vErrors;$/gm;
  if (code.search(head) === -1 || (code.includes('vErrors.concat(') && code.search(end) === -1)) throw new Error('the code of compiled schemas has another form than it had');
  return code.replace(head, '$1runtime.checkTime();').replace(end, '$1runtime.few(vErrors);');
}
