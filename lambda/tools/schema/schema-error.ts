/** What is wrong with a schema, and where: a JSON pointer, empty for the whole. */
export class SchemaError extends Error {
  constructor(pointer: string, problem: string) {
    super(pointer === '' ? problem : `at ${pointer}: ${problem}`);
  }
}
