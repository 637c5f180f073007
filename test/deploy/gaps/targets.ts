import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Lab } from './lab';
import type { Area, Probe } from './probe';

const DOCS = 'https://docs.aws.amazon.com';
const MIB = 1_048_576;

/** Of a JSON document, in bytes, above each service's limit. */
const TOO_BIG: { readonly [what: string]: { readonly page: string; readonly send: (lab: Lab) => Promise<unknown> } } = {
  'an execution\'s input of more than 256 KiB': {
    page: `${DOCS}/step-functions/latest/dg/service-quotas.html`,
    send: (lab) => new SFNClient(lab.account).send(new StartExecutionCommand({
      stateMachineArn: lab.physicalId('StateMachine'), input: JSON.stringify('x'.repeat(262_144)),
    })),
  },
  'a message of a topic of more than 256 KiB': {
    page: `${DOCS}/sns/latest/api/API_Publish.html`,
    send: (lab) => new SNSClient(lab.account).send(new PublishCommand({ TopicArn: lab.physicalId('Topic'), Message: 'x'.repeat(262_145) })),
  },
  'an event of a bus of more than 1 MiB': {
    page: `${DOCS}/eventbridge/latest/userguide/eb-putevents.html`,
    send: async (lab) => put(lab, lab.physicalId('Bus'), JSON.stringify({ text: 'x'.repeat(MIB) })),
  },
  'a record of a stream of more than 1 MiB': {
    page: `${DOCS}/kinesis/latest/APIReference/API_PutRecords.html`,
    send: (lab) => kinesis(lab.account).send(new PutRecordsCommand({
      StreamName: lab.physicalId('Stream'), Records: [{ PartitionKey: 'big', Data: Buffer.alloc(MIB + 1) }],
    })),
  },
  'a record of a Firehose stream of more than 1,000 KiB': {
    page: `${DOCS}/firehose/latest/APIReference/API_PutRecordBatch.html`,
    send: (lab) => new FirehoseClient(lab.account).send(new PutRecordBatchCommand({
      DeliveryStreamName: lab.physicalId('DeliveryStream'), Records: [{ Data: Buffer.alloc(1_024_001) }],
    })),
  },
};

export const TARGETS: Area = {
  name: 'Services that are targets',
  probes: [
    {
      what: 'the attributes of a message that a topic hands on raw',
      aws: 'are attributes of the queue\'s message',
      page: `${DOCS}/sns/latest/dg/sns-large-payload-raw-message-delivery.html`,
      look: async (lab) => {
        const MessageAttributes = { probe: { DataType: 'String', StringValue: 'one' } };
        await new SNSClient(lab.account).send(new PublishCommand({ TopicArn: lab.physicalId('Topic'), Message: 'raw', MessageAttributes }));
        const receive = new ReceiveMessageCommand({ QueueUrl: lab.physicalId('Subscribed'), MessageAttributeNames: ['All'] });
        const message = await lab.until(async () => (await lab.sqs.send(receive)).Messages?.find(({ Body }) => Body === 'raw'));
        return message?.MessageAttributes?.['probe']?.StringValue === 'one' || (message ? 'are dropped' : 'never come');
      },
    },
    {
      what: '`PutEvents` to a bus that does not exist',
      aws: 'is answered as a success, and the event is lost',
      page: `${DOCS}/eventbridge/latest/userguide/eb-putevents.html`,
      look: async (lab) => {
        const code = await put(lab, 'no-such-bus', '{}').then(() => undefined, (error: Error) => error.name);
        return code === undefined || `fails: ${code}`;
      },
    },
    {
      what: '`StartExecution` with the name of an execution that has ended',
      aws: 'fails with `ExecutionAlreadyExists`',
      page: `${DOCS}/step-functions/latest/apireference/API_StartExecution.html`,
      look: async (lab) => {
        const client = new SFNClient(lab.account);
        const start = (input: string) => client.send(new StartExecutionCommand({ stateMachineArn: lab.physicalId('StateMachine'), name: 'once', input }));
        await start('{"first":true}');
        return start('{"first":false}').then(() => 'starts another', ({ name }: Error) => name === 'ExecutionAlreadyExists' || `fails: ${name}`);
      },
    },
    {
      what: 'the log of a state machine at the level `ALL`',
      aws: 'has what happens in each execution',
      page: `${DOCS}/step-functions/latest/dg/cw-logs.html`,
      look: async (lab) => {
        await new SFNClient(lab.account).send(new StartExecutionCommand({ stateMachineArn: lab.physicalId('StateMachine'), name: 'logged' }));
        return await lab.hasLogLine('ExecutionLogs', 'logged') || 'stays empty';
      },
    },
    {
      what: 'the records of a Firehose stream',
      aws: 'are gathered for the interval of its buffering hints',
      page: `${DOCS}/firehose/latest/APIReference/API_BufferingHints.html`,
      look: async (lab) => {
        const DeliveryStreamName = lab.physicalId('DeliveryStream');
        await new FirehoseClient(lab.account).send(new PutRecordBatchCommand({ DeliveryStreamName, Records: [{ Data: Buffer.from('gathered\n') }] }));
        const list = new ListObjectsV2Command({ Bucket: lab.physicalId('Bucket') });
        const written = await lab.until(async () => {
          const { Contents = [] } = await s3(lab).send(list);
          return Contents.some(({ Key }) => Key !== 'plain') || undefined;
        }, 5_000);
        return written ? 'are written at once' : true;
      },
    },
    {
      what: 'an object of a bucket that is encrypted by default',
      aws: 'says how it is encrypted',
      page: `${DOCS}/AmazonS3/latest/userguide/default-encryption-faq.html`,
      look: async (lab) => {
        const place = { Bucket: lab.physicalId('Bucket'), Key: 'plain' };
        await s3(lab).send(new PutObjectCommand({ ...place, Body: 'encrypted' }));
        return (await s3(lab).send(new HeadObjectCommand(place))).ServerSideEncryption === 'AES256' || 'does not';
      },
    },
    {
      what: 'an answer of more than 64 KiB over HTTP/2',
      aws: 'comes whole',
      look: async (lab) => {
        const StreamName = lab.physicalId('Stream');
        const { Records: [record] = [] } = await kinesis(lab.account).send(new PutRecordsCommand({
          StreamName, Records: [{ PartitionKey: 'long', Data: Buffer.alloc(100_000) }],
        }));
        const position = { StreamName, ShardId: record?.ShardId, ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: record?.SequenceNumber } as const;
        const { ShardIterator } = await kinesis(lab.account).send(new GetShardIteratorCommand(position));
        const client = new KinesisClient(lab.account);
        try {
          await client.send(new GetRecordsCommand({ ShardIterator }));
          return true;
        } catch {
          // What the client makes of an answer that is cut is another error from time to time.
          return 'is cut';
        } finally {
          client.destroy();
        }
      },
    },
    ...Object.entries(TOO_BIG).map(([what, { page, send }]): Probe => ({
      what, page,
      aws: 'is refused',
      look: (lab) => send(lab).then(() => 'is taken', () => true),
    })),
  ],
};

/** One event; rejects where its entry failed. */
async function put(lab: Lab, EventBusName: string, Detail: string): Promise<void> {
  const entry = { EventBusName, Source: 'probes', DetailType: 'probe', Detail };
  const { Entries: [{ ErrorCode } = {}] = [] } = await new EventBridgeClient(lab.account).send(new PutEventsCommand({ Entries: [entry] }));
  if (ErrorCode) throw Object.assign(new Error(`the entry failed: ${ErrorCode}`), { name: ErrorCode });
}

/** Over HTTP/1.1, unlike the client's own handler. */
function kinesis(account: Lab['account']): KinesisClient {
  return new KinesisClient({ ...account, requestHandler: new NodeHttpHandler() });
}

function s3({ account }: Lab): S3Client {
  return new S3Client({ ...account, forcePathStyle: true });
}
