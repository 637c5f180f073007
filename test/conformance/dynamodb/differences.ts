/** What an engine does instead of what DynamoDB does, in a sentence for all the cases it explains. */
export interface Difference {
  readonly cases: readonly string[];
  readonly says: string;
}

export const DIFFERENCES: { readonly [engine: string]: readonly Difference[] } = {
  /** 4.0.0 */
  dynalite: [
    { cases: ['updates/remove-members'], says: 'It removes members of a list one after the other, so that an index means another member than before.' },
    { cases: ['indexes/not-projected'], says: 'It answers without attributes that an index does not have, where DynamoDB refuses to be asked for them.' },
    { cases: ['capacity/index-write'], says: 'It counts no write units of indexes.' },
  ],
  /** 1.5.33 */
  MiniStack: [
    { cases: ['updates/remove-members'], says: 'It removes members of a list one after the other, so that an index means another member than before.' },
    {
      cases: ['updates/overlap', 'updates/wrong-type', 'updates/clause-twice', 'expressions/syntax'],
      says: 'It carries out update expressions that DynamoDB refuses: two changes of one place, a clause twice, operands of other types, none at all.',
    },
    { cases: ['expressions/undefined'], says: 'It says of a value that is not defined that another is not used.' },
    { cases: ['conditions/functions'], says: 'It refuses begins_with of an attribute that is a number, which is not known before the item is read.' },
    { cases: ['queries/filter-on-key'], says: 'It takes a filter on a key.' },
    { cases: ['queries/condition'], says: 'It says of a hash key that is compared by another operator than = that it is missing.' },
    { cases: ['queries/a-megabyte'], says: 'A page of it ends before the item that reaches a megabyte, one of DynamoDB after it.' },
    {
      cases: ['indexes/not-projected', 'indexes/all-attributes'],
      says: 'It answers without attributes that an index does not have, where DynamoDB refuses to be asked for them.',
    },
    { cases: ['capacity/read', 'capacity/query'], says: 'It counts half a unit, or one, for a read of any size.' },
  ],
};
