import { begin, TooMuch } from './effort';
import { MAX_SENTENCES, sentences, type SchemaFailure } from './sentences';

export interface Validate {
  (value: unknown): boolean;
  errors?: readonly SchemaFailure[] | null;
}

/** Judges parsed JSON: an array of sentences, empty where it is valid. */
export type Judge = (value: unknown) => string[];

/** As many as are told at most. What failed has one at least. */
export function few(failures: readonly SchemaFailure[] | null): readonly SchemaFailure[] | null {
  return failures === null ? null : failures.slice(0, 2 * MAX_SENTENCES);
}

export function judge(validate: Validate): Judge {
  return (value) => {
    begin();
    try {
      return validate(value) ? [] : sentences(validate.errors ?? []);
    } catch (error) {
      if (error instanceof TooMuch) return [error.message];
      // The stack, of calls or of a pattern, is full.
      if (error instanceof RangeError) return ['the body is too deep or too long for the schema'];
      throw error;
    }
  };
}
