import { engineTests } from '../conformance/dynamodb/engine';
import { account, type Account } from './account';

const emulator = process.env['EMULATOR']?.split(' ')[0];
const skipped = account && emulator ? '' : ' (skipped, as ministack.mjs has not started an emulator)';

(skipped ? describe.skip : describe)(`the DynamoDB of an emulator does what differences.ts says${skipped}`, () => {
  engineTests(() => account as Account, emulator);
});
