import type { DynamoDbCase } from '../case';
import { capacityCases } from './capacity';
import { itemCases } from './items';
import { queryCases } from './queries';
import { updateCases } from './updates';

export const allCases: readonly DynamoDbCase[] = [...itemCases, ...updateCases, ...queryCases, ...capacityCases];
