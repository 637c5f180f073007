import { checkTime } from './effort';
import { equal } from './equal';
import { formats } from './formats';
import { few, judge } from './judge';
import { lengthOf } from './length';
import { createPatterns } from './patterns';
import { unique } from './unique';

/**
 * What compiled schemas call. It stands at the head of `schemas.mjs`, so that the file imports nothing; `require` is what ajv's
 * standalone code asks for its helpers by: https://ajv.js.org/standalone.html. They are our own, as they are a part of a cold start.
 */
const HELPERS: { readonly [name: string]: { readonly default: unknown } } = {
  'ajv/dist/runtime/equal': { default: equal },
  'ajv/dist/runtime/ucs2length': { default: lengthOf },
};

export const require = (name: string): { readonly default: unknown } | undefined => HELPERS[name];

/** The helpers that there are. */
export const helpers = Object.keys(HELPERS);

export { checkTime, createPatterns, few, formats, judge, unique };
