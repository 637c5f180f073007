import { version } from '../package.json';
import type { Clock } from './clock';
import { ClockService } from './clock-service';
import { CloudFormation } from './cloudformation';
import { CloudWatch } from './cloudwatch/cloudwatch';
import { ControlServer } from './control';
import { DynamoDb } from './dynamodb/dynamodb';
import { EventSourceMapping } from './lambda/event-source-mapping';
import { LocalFunction } from './lambda/function';
import { LambdaApi } from './lambda/lambda-api';
import { MappingControl } from './lambda/mapping-control';
import { recordedServices } from './recorded';
import { recorder } from './recorded/recorder';
import { recordedResources } from './recorded/resources';
import { ParameterStore } from './parameter-store';
import { createBuckets } from './run/buckets';
import { describeStacks } from './run/describe-stacks';
import { type FunctionPlan, planFunction } from './run/functions';
import type { Gateway } from './run/gateways';
import { HttpApis } from './run/http-apis';
import { functionLine, type OnLine, warnings } from './run/lines';
import type { MappingPlan } from './run/mappings';
import { planRun, type RunPlan } from './run/plan';
import { createQueues } from './run/queues';
import type { SchedulePlan } from './run/schedules';
import { createSecrets, type GivenSecrets } from './run/secrets';
import { createTables } from './run/tables';
import { type ReadyTarget, readyTarget, targetOverrides } from './run/targets';
import { wantedSecrets } from './run/wanted-secrets';
import { S3 } from './s3/s3';
import { Schedule, scheduledEvent } from './schedule/schedule';
import { SecretsManager } from './secrets-manager';
import { ServiceEndpoint } from './service-endpoint';
import { SqsEngine } from './sqs/engine';
import { TestAuthority, type TestKeys } from './test-authority/test-authority';

export { LocalRunError, type LocalRunErrorCode } from './local-run-error';

export interface LocalRunOptions {
  /** Folder of the cloud assembly, e.g. `cdk.out`. */
  readonly assembly: string;
  /** Port of the first gateway's HTTP API on 127.0.0.1; 0 takes any that is free. All other ports are free ones. */
  readonly port: number;
  /** The run's clock. It is closed with the run. */
  readonly clock: Clock;
  /** Values of secrets and parameters by their name, their logical id or the ARN that the app imports. Others get a random value. */
  readonly secrets: GivenSecrets;
  /** Where HTTP targets are instead, by the name in `ready.targets`. */
  readonly targets: { readonly [name: string]: string };
  /** What runs a function: `assets/local/bootstrap.mjs`. */
  readonly bootstrapFile: string;
  /** Takes every line of the run: the functions' own, and warnings of its start. */
  readonly onLine: OnLine;
}

/** What a run listens on and what it made. */
export interface LocalRunReady {
  readonly version: string;
  /** Origin of the first gateway's HTTP API. */
  readonly apiUrl: string;
  readonly controlUrl: string;
  readonly awsEndpointUrl: string;
  readonly region: string;
  readonly account: string;
  readonly stacks: string[];
  readonly clock: { readonly mode: 'real' | 'manual'; readonly now: string };
  /** URLs by name. A name that two gateways share has its stack's name and `/` before it. */
  readonly sources: { readonly [name: string]: string };
  readonly targets: { readonly [name: string]: ReadyTarget };
  /** The whole text of every secret that was made up, by its name in Secrets Manager or Parameter Store. */
  readonly generatedSecrets: { readonly [name: string]: string };
  readonly unusedSecrets: string[];
}

export interface LocalRun {
  readonly ready: LocalRunReady;
  /** Private keys that the run signs with instead of senders, where a source needs one. Not for an output that others read. */
  readonly testKeys?: TestKeys;
  /** Ends every process, server and timer of the run. */
  close(): Promise<void>;
}

/** The run's test authority, as its functions are told of it. */
interface Authority {
  readonly keys: TestKeys;
  readonly arguments: readonly string[];
  /** Names of the functions that verify. No other request of a function is anything of a sender's. */
  readonly functions: ReadonlySet<string>;
}

interface Closable {
  close(): void | Promise<void>;
}

/** Starts what the templates of a cloud assembly say, on this machine. Throws `LocalRunError`, and leaves nothing behind then. */
export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  const parts: Closable[] = [options.clock];
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => closed ??= closeAll(parts);
  try {
    return { ...await start(options, parts), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Starts the parts in the order in which they need each other. Each is in `parts` before it starts, so that it is closed whatever comes. */
async function start(options: LocalRunOptions, parts: Closable[]): Promise<Pick<LocalRun, 'ready' | 'testKeys'>> {
  const { clock, onLine } = options;
  const warn = warnings(onLine, clock);
  const endpoint = add(parts, new ServiceEndpoint());
  await endpoint.listen(0);
  const plan = planRun(options.assembly, endpoint.origin, warn);
  const overrides = targetOverrides(plan.targets, options.targets);

  const functions = new Map<string, LocalFunction>();
  const apis = add(parts, new HttpApis({ clock, onLine, functions, place: plan.place }));
  for (const [i, api] of plan.apis.entries()) await apis.start(api, i === 0 ? options.port : 0);

  const settings = { overrides, environment: { AWS_ENDPOINT_URL: endpoint.origin }, localUrls: (text: string) => apis.localUrls(text) };
  const functionPlans = [...plan.functions.values()].map((resource) => planFunction(resource, settings, warn));
  const engine = add(parts, new SqsEngine({ clock, ...plan.place, origin: () => endpoint.origin }));
  createQueues(plan.deployment, engine, warn);
  const secrets = new SecretsManager({ clock, ...plan.place });
  const parameters = new ParameterStore({ clock, ...plan.place });
  const wanted = wantedSecrets(plan.deployment, plan.gateways, functionPlans, plan.place);
  const secretsOutcome = createSecrets(wanted, options.secrets, { secrets, parameters });
  const s3 = new S3({ clock });
  createBuckets(plan.deployment, s3);
  const dynamoDb = new DynamoDb({ clock, ...plan.place });
  createTables(plan.deployment, dynamoDb, warn);
  const cloudWatch = new CloudWatch(clock);
  for (const service of [engine, secrets, parameters, dynamoDb, cloudWatch]) endpoint.addJsonService(service);
  endpoint.addFormService(new CloudFormation(describeStacks(plan.deployment, clock.now(), settings.localUrls, warn)));
  const recorded = recordedServices(recordedResources(plan.deployment, plan.place), recorder(onLine, clock), clock);
  for (const service of recorded.json) endpoint.addJsonService(service);
  endpoint.addFormService(recorded.form);

  const authority = await startAuthority(plan, parts);
  const onFunctionLine = (line: string, name: string): void => {
    const told = functionLine(line, name, clock);
    if (!cloudWatch.take(told)) onLine(told);
  };
  for (const functionPlan of functionPlans) {
    functions.set(functionPlan.definition.arn, add(parts, makeFunction(functionPlan, options, authority, onFunctionLine)));
  }
  const mappings = plan.mappings.map((mapping) => {
    const started = add(parts, startMapping(mapping, engine, functions, clock));
    return new MappingControl(mapping, started, clock);
  });
  for (const service of [new ClockService(clock), new LambdaApi({ functions, mappings }), s3]) endpoint.addRestService(service);
  for (const schedule of plan.schedules) add(parts, startSchedule(schedule, functions, clock));
  const control = add(parts, new ControlServer(clock));
  await control.listen(0);
  const ready = {
    version,
    apiUrl: apis.origin(plan.gateways[0] as Gateway),
    controlUrl: control.origin,
    awsEndpointUrl: endpoint.origin,
    ...plan.place,
    stacks: plan.deployment.stacks.map(({ name }) => name),
    clock: { mode: clock.mode, now: new Date(clock.now()).toISOString() },
    sources: fromMap(plan.sources, ({ gateway, part }) => apis.origin(gateway) + part.path),
    targets: fromMap(plan.targets, (target, name) => readyTarget(target, options.targets[name])),
    ...secretsOutcome,
  };
  return { ready, ...authority && { testKeys: authority.keys } };
}

async function startAuthority({ sources }: RunPlan, parts: Closable[]): Promise<Authority | undefined> {
  const authority = await TestAuthority.make([...sources.values()].map(({ part }) => part));
  if (!authority) return undefined;
  await add(parts, authority).listen();
  const ingest = [...sources.values()].map(({ gateway, part }) => gateway.stack.identity(part.function).ref);
  return { keys: authority.keys, arguments: [JSON.stringify(authority.hook)], functions: new Set(ingest) };
}

function makeFunction(
  { definition, ...limits }: FunctionPlan, { clock, bootstrapFile }: LocalRunOptions, authority: Authority | undefined,
  onLine: (line: string, functionName: string) => void,
): LocalFunction {
  return new LocalFunction(definition, {
    ...authority?.functions.has(definition.name) && { bootstrapArguments: authority.arguments },
    clock, bootstrapFile, onLine, ...limits,
  });
}

function startMapping(plan: MappingPlan, engine: SqsEngine, functions: ReadonlyMap<string, LocalFunction>, clock: Clock): EventSourceMapping {
  const target = functions.get(plan.functionArn) as LocalFunction;
  return new EventSourceMapping({ ...plan, clock, queue: engine.queueByArn(plan.queueArn), function: target });
}

function startSchedule({ ruleArn, everyMinutes, targets }: SchedulePlan, functions: ReadonlyMap<string, LocalFunction>, clock: Clock): Schedule {
  return new Schedule({
    clock, everyMinutes,
    onDue: (dueAt) => {
      for (const target of targets) functions.get(target.functionArn)?.invokeAsync('input' in target ? target.input : scheduledEvent(ruleArn, dueAt));
    },
  });
}

function add<T extends Closable>(parts: Closable[], part: T): T {
  parts.push(part);
  return part;
}

/** All at once: a mapping waits for its batches, which end with the functions. */
async function closeAll(parts: readonly Closable[]): Promise<void> {
  await Promise.allSettled([...parts].reverse().map((part) => part.close()));
}

function fromMap<T, U>(map: ReadonlyMap<string, T>, change: (value: T, name: string) => U): { [name: string]: U } {
  return Object.fromEntries([...map].map(([name, value]) => [name, change(value, name)]));
}
