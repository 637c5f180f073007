import { ManualClock } from '../../../local/clock';
import { DynamoDb } from '../../../local/dynamodb/dynamodb';
import { ServiceEndpoint } from '../../../local/service-endpoint';
import { credentials } from '../../local/services';
import { engineTests } from './engine';

const region = 'us-east-1';
const endpoint = new ServiceEndpoint();

beforeAll(async () => {
  endpoint.addJsonService(new DynamoDb({ clock: new ManualClock(), region, account: '000000000000' }));
  await endpoint.listen(0);
});

afterAll(() => endpoint.close());

engineTests(() => ({ endpoint: endpoint.origin, region, credentials }));
