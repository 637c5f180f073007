/** One call, and what AWS answers. */
export interface Step {
  readonly action: string;
  /** Without `TableName`, which is that of the case. */
  readonly input: { readonly [name: string]: unknown };
  /** What the answer has at least. Lists are whole; of sets the order does not matter; `ABSENT` must not be there. */
  readonly gives?: { readonly [name: string]: unknown };
  /** The name of the error, and words of its message. */
  readonly refused?: readonly [name: string, message?: string];
}

/** One behaviour of DynamoDB, in a table of its own: see `TABLE`. */
export interface DynamoDbCase {
  /** `group/name`, its key in differences.ts. */
  readonly id: string;
  readonly steps: readonly Step[];
}

/** Means in an expected answer that there is no such member. */
export const ABSENT = null;

/** Keys, an index with a part of the attributes, and one with all, sorted by a number. */
export const TABLE = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    ...['pk', 'sk', 'gpk1', 'gsk1', 'gpk2'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })), { AttributeName: 'count', AttributeType: 'N' },
  ],
  KeySchema: keys('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: 'byTime', KeySchema: keys('gpk1', 'gsk1'), Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a'] } },
    { IndexName: 'byCount', KeySchema: keys('gpk2', 'count'), Projection: { ProjectionType: 'ALL' } },
  ],
};

function keys(hash: string, range: string): object[] {
  return [{ AttributeName: hash, KeyType: 'HASH' }, { AttributeName: range, KeyType: 'RANGE' }];
}

export type Attributes = { readonly [name: string]: object };

export const S = (text: string): object => ({ S: text });
export const N = (number: number | string): object => ({ N: String(number) });
export const SS = (...members: string[]): object => ({ SS: members });

export const key = (pk: string, sk = 's'): Attributes => ({ pk: S(pk), sk: S(sk) });

export const put = (Item: Attributes, more: object = {}): Step => ({ action: 'PutItem', input: { Item, ...more } });
export const get = (Key: Attributes, Item: Attributes | typeof ABSENT): Step => ({ action: 'GetItem', input: { Key, ConsistentRead: true }, gives: { Item } });

/** Changes the item `a`. */
export const update = (UpdateExpression: string, values: Attributes, more: object = {}): Step => ({
  action: 'UpdateItem',
  input: { Key: key('a'), UpdateExpression, ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }), ...more },
});

export const given = (step: Step, gives: Step['gives']): Step => ({ ...step, gives });
export const refused = (step: Step, name: string, message?: string): Step => ({ ...step, refused: message === undefined ? [name] : [name, message] });
export const invalid = (step: Step, message?: string): Step => refused(step, 'ValidationException', message);
export const query = (KeyConditionExpression: string, values: Attributes, more: object = {}): Step => ({
  action: 'Query', input: { KeyConditionExpression, ExpressionAttributeValues: values, ...more },
});
