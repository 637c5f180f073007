import {
  CloudFormationClient, CreateStackCommand, DeleteStackCommand, DescribeStacksCommand, paginateListStackResources, type Stack,
} from '@aws-sdk/client-cloudformation';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { randomBytes } from 'node:crypto';
import type { Account } from '../account';
import { call, query, type CallResult } from '../aws-call';
import { post, type Reply } from '../post';
import type { Headers } from '../senders';
import { Recorder, type SqsRecord } from './recorder';
import { template } from './template';

/** How long to wait before it is said that something does not happen. Only a log that stays empty takes all of its time. */
const PATIENCE_MS = 20_000;
const LOG_PATIENCE_MS = 5_000;
const STEP_MS = 100;

export interface Echo {
  readonly event: APIGatewayProxyEventV2;
  readonly context: { readonly [field: string]: unknown };
  readonly environment: { readonly [name: string]: string };
  readonly execPath: string;
}

/** The stack of the probes, and what they do with it. */
export class Lab {
  readonly recorder = new Recorder();
  readonly sqs: SQSClient;
  private readonly cloudFormation: CloudFormationClient;
  private readonly resources = new Map<string, string>();
  private stack!: Stack;

  constructor(readonly account: Account) {
    this.sqs = new SQSClient({ ...account, useQueueUrlAsEndpoint: false });
    this.cloudFormation = new CloudFormationClient(account);
  }

  /** Makes the stack. */
  async open(): Promise<void> {
    const StackName = `Probes-${randomBytes(3).toString('hex')}`;
    const Parameters = [{ ParameterKey: 'Recorder', ParameterValue: await this.recorder.listen() }];
    const TemplateBody = JSON.stringify(template());
    await this.cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities: ['CAPABILITY_IAM'], Parameters }));
    this.stack = await this.created(StackName);
    for await (const { StackResourceSummaries: page = [] } of paginateListStackResources({ client: this.cloudFormation }, { StackName })) {
      for (const { LogicalResourceId, PhysicalResourceId } of page) this.resources.set(LogicalResourceId as string, PhysicalResourceId as string);
    }
  }

  close(): void {
    this.recorder.close();
    this.sqs.destroy();
    this.cloudFormation.destroy();
  }

  /** Deletes the stack by its ARN, as the CDK command line does. Resolves to whether it is gone. */
  async delete(): Promise<boolean> {
    await this.cloudFormation.send(new DeleteStackCommand({ StackName: this.stack.StackId }));
    return await this.until(async () => (await this.describe(this.stack.StackName as string) ? undefined : true)) ?? false;
  }

  physicalId(logicalId: string): string {
    const id = this.resources.get(logicalId);
    if (id === undefined) throw new Error(`the stack of the probes has no resource ${logicalId}`);
    return id;
  }

  output(name: string): string {
    return this.stack.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue ?? '';
  }

  queueName(logicalId: string): string {
    return this.physicalId(logicalId).split('/').pop() as string;
  }

  async attributes(logicalId: string): Promise<{ readonly [name: string]: string }> {
    return (await this.sqs.send(new GetQueueAttributesCommand({ QueueUrl: this.physicalId(logicalId), AttributeNames: ['All'] }))).Attributes ?? {};
  }

  /** The batches that the function was given of one queue. */
  batches(logicalId: string): readonly (readonly SqsRecord[])[] {
    return this.recorder.batches(this.queueName(logicalId));
  }

  /** How often the function was given a message of this body. */
  receives(logicalId: string, body: string): number {
    return this.batches(logicalId).flat().filter((record) => record.body === body).length;
  }

  async isEmpty(logicalId: string): Promise<boolean> {
    const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: inFlight } = await this.attributes(logicalId);
    return visible === '0' && inFlight === '0';
  }

  send(logicalId: string, MessageBody: string): Promise<unknown> {
    return this.sqs.send(new SendMessageCommand({ QueueUrl: this.physicalId(logicalId), MessageBody }));
  }

  /** Sends one body many times, ten at a time. */
  async sendMany(logicalId: string, MessageBody: string, count: number): Promise<void> {
    const entries = Array.from({ length: count }, (_, index) => ({ Id: String(index), MessageBody }));
    for (let from = 0; from < count; from += 10) {
      await this.sqs.send(new SendMessageBatchCommand({ QueueUrl: this.physicalId(logicalId), Entries: entries.slice(from, from + 10) }));
    }
  }

  /** Posts to one of the HTTP APIs. */
  request(api: string, path: string, headers: Headers, body: Uint8Array): Promise<Reply> {
    const { protocol, port } = new URL(this.account.endpoint);
    return post(new URL(`${protocol}//${this.physicalId(api)}.execute-api.localhost:${port}${path}`), headers, body);
  }

  /** What the function sees of a request. */
  async echo(headers: Headers = {}, path = '/echo', body: Uint8Array = Buffer.of()): Promise<Echo> {
    const reply = await this.request('Api', path, headers, body);
    if (reply.status !== 200) throw new Error(`${path} was answered ${reply.status}: ${reply.body}`);
    return JSON.parse(reply.body) as Echo;
  }

  invoke(logicalId: string, payload: object): Promise<CallResult> {
    const path = `/2015-03-31/functions/${this.physicalId(logicalId)}/invocations`;
    return call(this.account, 'lambda', path, { 'content-type': 'application/json' }, JSON.stringify(payload));
  }

  /** Whether a log group has this, in the end. */
  async hasLogLine(logicalId: string, contains: string): Promise<boolean> {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.FilterLogEvents' };
    const input = JSON.stringify({ logGroupName: this.physicalId(logicalId) });
    return await this.until(async () => {
      const { text } = await call(this.account, 'logs', '/', headers, input);
      return text.includes(contains) || undefined;
    }, LOG_PATIENCE_MS) ?? false;
  }

  /** Whether a namespace of CloudWatch has this metric, in the end. */
  async hasMetric(Namespace: string, MetricName: string): Promise<boolean> {
    return await this.until(async () => {
      const xml = await query(this.account, 'monitoring', '2010-08-01', 'ListMetrics', { Namespace, MetricName });
      return xml.includes(`<MetricName>${MetricName}</MetricName>`) || undefined;
    }, LOG_PATIENCE_MS) ?? false;
  }

  /** What is there in the end; undefined where nothing comes. */
  async until<T>(look: () => T | undefined | Promise<T | undefined>, patienceMs = PATIENCE_MS): Promise<T | undefined> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const found = await look();
      if (found !== undefined || Date.now() >= end) return found;
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
  }

  private async created(name: string): Promise<Stack> {
    const stack = await this.until(async () => {
      const found = await this.describe(name);
      return found?.StackStatus === 'CREATE_IN_PROGRESS' ? undefined : found;
    });
    if (stack?.StackStatus === 'CREATE_COMPLETE') return stack;
    throw new Error(`the stack of the probes is ${stack?.StackStatus}: ${stack?.StackStatusReason}`);
  }

  private async describe(StackName: string): Promise<Stack | undefined> {
    try {
      return (await this.cloudFormation.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0];
    } catch (error) {
      if (/does not exist/.test((error as Error).message)) return undefined;
      throw error;
    }
  }
}
