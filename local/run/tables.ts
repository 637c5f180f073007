import type { Resource } from '../assembly/deployed-stack';
import type { Deployment } from '../assembly/deployment';
import { LocalRunError } from '../local-run-error';
import type { Warn } from './lines';

/** What the run needs of DynamoDB. */
export interface TableMaker {
  addTable(description: { [property: string]: unknown }): void;
}

interface Keyed {
  readonly KeySchema?: { readonly AttributeName: string }[];
}

/** Makes every table of the deployment, empty. */
export function createTables(deployment: Deployment, dynamoDb: TableMaker, warn: Warn): void {
  for (const table of deployment.resources('AWS::DynamoDB::Table')) makeTable(table, dynamoDb, warn);
}

/** Of the properties, those that CreateTable and UpdateTimeToLive have by the same name. The others change nothing here. */
function makeTable({ stack, logicalId }: Resource, dynamoDb: TableMaker, warn: Warn): void {
  const subject = `the table ${JSON.stringify(logicalId)} of stack ${JSON.stringify(stack.name)}`;
  const property = <T>(name: string): T | undefined => stack.property(logicalId, name) as T | undefined;
  const KeySchema = property<Keyed['KeySchema']>('KeySchema') ?? [];
  const GlobalSecondaryIndexes = property<Keyed[]>('GlobalSecondaryIndexes');
  const TimeToLiveSpecification = property<object>('TimeToLiveSpecification');
  if (property('LocalSecondaryIndexes') !== undefined) {
    warn('not-made', `the local secondary indexes of ${subject} are left out: a local run has global ones only`);
  }
  // The types of other attributes are those of the indexes that are left out.
  const schemas = [{ KeySchema }, ...GlobalSecondaryIndexes ?? []].map((keyed: Keyed) => keyed.KeySchema ?? []);
  const keys = new Set(schemas.flat().map(({ AttributeName }) => AttributeName));
  const AttributeDefinitions = (property<{ AttributeName: string }[]>('AttributeDefinitions') ?? []).filter(({ AttributeName }) => keys.has(AttributeName));
  try {
    dynamoDb.addTable({
      TableName: stack.identity(logicalId).ref, AttributeDefinitions, KeySchema,
      ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }), ...(TimeToLiveSpecification && { TimeToLiveSpecification }),
    });
  } catch (error) {
    throw new LocalRunError('invalid-resource', `${subject} cannot be made: ${(error as Error).message}`);
  }
}
