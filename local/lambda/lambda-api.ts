import { AwsError, type RestAnswer, type RestRequest, type RestService } from '../aws-service';
import type { InvokeResult } from './invocation';
import type { MappingControl } from './mapping-control';

/** What the API needs of a function; a `LocalFunction` is one. */
export interface InvokableFunction {
  readonly name: string;
  readonly arn: string;
  invoke(event: unknown): Promise<InvokeResult>;
  invokeAsync(event: unknown): void;
}

export interface LambdaApiOptions {
  /** By ARN. */
  readonly functions: ReadonlyMap<string, InvokableFunction>;
  readonly mappings: readonly MappingControl[];
}

type Route = (this: LambdaApi, request: RestRequest, id: string) => RestAnswer | Promise<RestAnswer>;

const VERSION = '/2015-03-31/';

/**
 * Lambda as far as a caller of functions and a switch of mappings need it: Invoke, GetEventSourceMapping, ListEventSourceMappings and
 * UpdateEventSourceMapping.
 */
export class LambdaApi implements RestService {
  private readonly routes: readonly (readonly [string, RegExp, Route])[] = [
    ['POST', /^functions\/([^/]+)\/invocations$/, this.invoke],
    ['GET', /^event-source-mappings\/?()$/, this.listMappings],
    ['GET', /^event-source-mappings\/([^/]+)\/?$/, this.getMapping],
    ['PUT', /^event-source-mappings\/([^/]+)\/?$/, this.updateMapping],
  ];

  constructor(private readonly options: LambdaApiOptions) {}

  owns(_method: string, path: string): boolean {
    return path.startsWith(VERSION);
  }

  async call(request: RestRequest): Promise<RestAnswer> {
    const path = request.path.slice(VERSION.length);
    for (const [method, pattern, route] of this.routes) {
      const id = pattern.exec(path)?.[1];
      if (method === request.method && id !== undefined) return route.call(this, request, decoded(id));
    }
    throw new AwsError('UnknownOperationException', `a local run has no ${request.method} ${request.path} of Lambda`, 404);
  }

  tell(error: AwsError): RestAnswer {
    const body = { Type: error.status < 500 ? 'User' : 'Service', Message: error.message };
    return { ...answer(error.status, body), headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.name } };
  }

  private async invoke({ headers, body }: RestRequest, reference: string): Promise<RestAnswer> {
    const target = this.findFunction(reference);
    const type = String(headers['x-amz-invocation-type'] ?? 'RequestResponse');
    const event = readEvent(body);
    const executed = { 'x-amz-executed-version': '$LATEST' };
    if (type === 'DryRun') return { status: 204, headers: executed, body: '' };
    if (type === 'Event') {
      target.invokeAsync(event);
      return { status: 202, headers: {}, body: '' };
    }
    if (type !== 'RequestResponse') throw invalid(`X-Amz-Invocation-Type must be RequestResponse, Event or DryRun, not ${JSON.stringify(type)}`);
    const { payload, failed } = payloadOf(await target.invoke(event));
    return { status: 200, headers: { 'content-type': 'application/json', ...executed, ...failed && { 'x-amz-function-error': 'Unhandled' } }, body: payload };
  }

  private listMappings({ query }: RestRequest): RestAnswer {
    const [reference, source] = [query.get('FunctionName'), query.get('EventSourceArn')];
    const functionArn = reference === null ? undefined : this.findFunction(reference).arn;
    const mappings = this.options.mappings.filter(({ description }) => (functionArn ?? description.functionArn) === description.functionArn
      && (source ?? description.queueArn) === description.queueArn);
    return answer(200, { EventSourceMappings: mappings.map(written) });
  }

  private getMapping(_request: RestRequest, id: string): RestAnswer {
    return answer(200, written(this.findMapping(id)));
  }

  private updateMapping({ body }: RestRequest, id: string): RestAnswer {
    const mapping = this.findMapping(id);
    const { Enabled, ...others } = readObject(body);
    const [other] = Object.keys(others).filter((name) => name !== 'FunctionName');
    if (other !== undefined) throw invalid(`a local run changes Enabled of a mapping and nothing else, not ${other}`);
    if (Enabled !== undefined && typeof Enabled !== 'boolean') throw invalid(`Enabled must be true or false, not ${JSON.stringify(Enabled)}`);
    if (Enabled !== undefined) mapping.setEnabled(Enabled);
    return answer(202, written(mapping));
  }

  /** By name, by ARN, or by a part of it, with or without a qualifier. There is one version here. */
  private findFunction(reference: string): InvokableFunction {
    const name = /function:([^:]+)/.exec(reference)?.[1] ?? reference.split(':')[0];
    const found = [...this.options.functions.values()].find((candidate) => candidate.name === name);
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', `Function not found: ${reference}: no route, queue or schedule of this run calls one of that name`, 404);
  }

  private findMapping(id: string): MappingControl {
    const found = this.options.mappings.find(({ description }) => description.id === id);
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', `The resource you requested does not exist: no event source mapping ${JSON.stringify(id)} runs here`, 404);
  }
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html */
function written({ description, state, modifiedAt }: MappingControl): object {
  const { id, arn, queueArn, functionArn, batchSize, batchingWindowSeconds, maximumConcurrency, reportBatchItemFailures } = description;
  return {
    UUID: id, EventSourceMappingArn: arn, EventSourceArn: queueArn, FunctionArn: functionArn, State: state, StateTransitionReason: 'USER_INITIATED',
    LastModified: modifiedAt / 1000, BatchSize: batchSize ?? 10, MaximumBatchingWindowInSeconds: batchingWindowSeconds ?? 0,
    FunctionResponseTypes: reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
    ...maximumConcurrency !== undefined && { ScalingConfig: { MaximumConcurrency: maximumConcurrency } },
  };
}

function payloadOf(result: InvokeResult): { payload: string; failed: boolean } {
  switch (result.outcome) {
    case 'success': return { payload: result.payload, failed: false };
    case 'function-error': return { payload: JSON.stringify(result.error), failed: true };
    case 'event-too-large': throw new AwsError('RequestTooLargeException', `the event has ${result.bytes} bytes, more than Lambda takes`, 413);
    case 'closed': throw new AwsError('ServiceException', 'the local run has ended', 500);
  }
}

function readEvent(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${(error as Error).message}`);
  }
}

function readObject(body: Buffer): { readonly [name: string]: unknown } {
  const value = readEvent(body);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as { readonly [name: string]: unknown };
  throw invalid('the body is not a JSON object');
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(`${JSON.stringify(text)} in the path cannot be decoded`);
  }
}

function answer(status: number, body: object): RestAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
