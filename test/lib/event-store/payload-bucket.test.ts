import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { EventStore, WebhookGateway } from '../../../lib';
import { deliverConfig, ingestConfig, partsOf, resource, template, valid, webhookStack } from '../fixture';

test('the payload bucket is private, encrypted, TLS only, without versions, and kept', () => {
  const source = template();
  const { id, all } = resource(source, 'AWS::S3::Bucket');
  expect(id).toBe('GatewayPayloadsBucketD7E5C54B');
  expect(all).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  expect(all.Properties).toMatchObject({
    BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
  });
  expect(all.Properties).not.toHaveProperty('BucketName');
  expect(all.Properties).not.toHaveProperty('VersioningConfiguration');
  source.hasResourceProperties('AWS::S3::BucketPolicy', {
    Bucket: { Ref: id },
    PolicyDocument: { Statement: [Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })] },
  });
});

test.each([
  ['30 days, unless said otherwise', undefined, 60],
  ['a day', EventStore.dynamoDb({ retention: Duration.days(1) }), 60],
  ['30 days and a second', EventStore.dynamoDb({ retention: Duration.seconds(30 * 86_400 + 1) }), 61],
  ['a year', EventStore.dynamoDb({ retention: Duration.days(365) }), 395],
  ['no time at all', EventStore.none(), 60],
])('a body outlives every message that refers to it: two queues of 14 days after events were kept for %s', (_, eventStore, days) => {
  const { Rules } = resource(template({ ...valid(), eventStore }), 'AWS::S3::Bucket').properties.LifecycleConfiguration;
  expect(Rules).toEqual([{ Status: 'Enabled', ExpirationInDays: days, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }]);
});

test('is encrypted with the event store\'s key, by way of a key of the bucket', () => {
  const stack = new Stack(new App(), 'Own');
  new WebhookGateway(stack, 'Hooks', { ...valid(), eventStore: EventStore.dynamoDb({ encryptionKey: new Key(stack, 'Key') }) });
  const source = Template.fromStack(stack);
  expect(resource(source, 'AWS::S3::Bucket').properties.BucketEncryption).toEqual({
    ServerSideEncryptionConfiguration: [{
      BucketKeyEnabled: true,
      ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': [resource(source, 'AWS::KMS::Key').id, 'Arn'] } },
    }],
  });
});

test('goes when the gateway\'s removal policy says so, by CloudFormation alone', () => {
  const source = template({ ...valid(), removalPolicy: RemovalPolicy.DESTROY });
  expect(resource(source, 'AWS::S3::Bucket').all.DeletionPolicy).toBe('Delete');
  expect(Object.values<any>(source.toJSON().Resources).filter(({ Type }) => Type.startsWith('Custom::'))).toEqual([]);
});

test('both functions and the command line know it', () => {
  const stack = webhookStack();
  const { id } = resource(Template.fromStack(stack), 'AWS::S3::Bucket');
  const named = ({ config, values }: { config: { payloadBucket?: any }; values: unknown[] }) => values[config.payloadBucket.$value];
  expect(named(ingestConfig(stack))).toEqual({ Ref: id });
  expect(named(deliverConfig(stack, 'billing'))).toEqual({ Ref: id });
  expect(partsOf(Template.fromStack(stack)).payloadBucket).toBe(id);
});
