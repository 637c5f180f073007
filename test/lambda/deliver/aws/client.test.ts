import { clientOptions, endpointOf } from '../../../../lambda/deliver/aws/client';

const ENVIRONMENT = { AWS_REGION: 'eu-north-1', AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'key', AWS_SESSION_TOKEN: 'token' };

test.each([
  [{}, undefined],
  [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, 'http://127.0.0.1:1'],
  [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:2' }, 'http://127.0.0.1:2'],
  [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_SNS: 'http://127.0.0.1:2' }, 'http://127.0.0.1:1'],
  [{ AWS_ENDPOINT_URL: '', AWS_ENDPOINT_URL_SQS: '' }, undefined],
])('the endpoint of SQS with %j is %s', (environment, endpoint) => {
  expect(endpointOf('SQS', environment)).toBe(endpoint);
  expect(clientOptions('SQS', { ...ENVIRONMENT, ...environment }).endpoint).toBe(endpoint);
});

test.each([
  ['arn:aws:sns:us-east-1:123456789012:topic', 'us-east-1'],
  ['arn:aws-us-gov:kinesis:us-gov-west-1:123456789012:stream/s', 'us-gov-west-1'],
  ['https://sqs.ap-south-1.amazonaws.com/123456789012/q', 'ap-south-1'],
  ['https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q', 'cn-north-1'],
  ['https://eu-west-3.queue.amazonaws.com/123456789012/q', 'eu-west-3'],
  ['http://127.0.0.1:4566/000000000000/q', 'eu-north-1'],
  ['a-name', 'eu-north-1'],
  [undefined, 'eu-north-1'],
])('the region of %s is %s', (resource, region) => {
  expect(clientOptions('SQS', ENVIRONMENT, resource).region).toBe(region);
});

test('credentials are those of the environment, and of nothing else', async () => {
  expect(await clientOptions('SQS', ENVIRONMENT).credentials()).toEqual({ accessKeyId: 'AKID', secretAccessKey: 'key', sessionToken: 'token' });
  await expect(clientOptions('SQS', { ...ENVIRONMENT, AWS_SECRET_ACCESS_KEY: undefined }).credentials()).rejects.toThrow('AWS_SECRET_ACCESS_KEY is not set');
});
