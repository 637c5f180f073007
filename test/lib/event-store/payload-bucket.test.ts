import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
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

test('a body outlives every message that refers to it: two queues of 14 days and 30 days to replay', () => {
  const { Rules } = resource(template(), 'AWS::S3::Bucket').properties.LifecycleConfiguration;
  expect(Rules).toEqual([{ Status: 'Enabled', ExpirationInDays: 60, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }]);
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
