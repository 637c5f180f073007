import { Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { IDomainName, IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { IMetric, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { SOURCE_METRICS, TARGET_METRICS } from './contract/metrics';
import { PARTS_METADATA_PREFIX } from './contract/parts';
import { EventStore } from './event-store/event-store';
import { EventTable } from './event-store/event-table';
import { WebhookGatewayGrants } from './event-store/gateway-grants';
import { PayloadBucket } from './event-store/payload-bucket';
import { sourcesWithoutQuarantine } from './event-store/quarantine-place';
import { GatewayAlarms } from './monitoring/gateway-alarms';
import { KeeperFunction } from './monitoring/keeper-function';
import { MetricDetail } from './monitoring/metric-detail';
import { metric, sumOver } from './monitoring/metrics';
import { checkGiven, checkName, listNames, publicBaseUrl, removalPolicy } from './private/checks';
import { GatewayContents, gatewayParts, keeperFile } from './private/gateway-files';
import { limitProblems } from './private/limits';
import { forbidDeployment, isLocalRun } from './private/local-run';
import { markGateway } from './private/own-parts';
import { CustomDomain, customDomain } from './source/custom-domain';
import { IngestFunctions } from './source/ingest-functions';
import { ISourceEndpoint, SourceEndpoint } from './source/source-endpoint';
import { sourcePath } from './source/source-path';
import { WebhookApi } from './source/webhook-api';
import { WebhookSource } from './source/webhook-source';
import { DeliveryQueue } from './target/delivery-queue';
import { IDeliveryQueue } from './target/delivery-queue-interface';
import { routesWithoutEvents } from './target/routes-without-events';
import { missingParts, unknownSources, warnOfIdleSources } from './target/taken-sources';
import { IWebhookTarget } from './target/webhook-target';
import { WebhookGatewayProps } from './webhook-gateway-props';

/** Enough for nearly every sender, and little enough that a flood of forgeries leaves an account's concurrency alone. */
const DEFAULT_RATE_LIMIT = 100;
const DEFAULT_BURST_LIMIT = 200;

/**
 * Takes webhooks in, verifies them, and delivers them to their targets for days if need be.
 *
 * An event is answered 2xx only when it is in the queue of every target that takes it. Each target has a queue, a dead-letter
 * queue and a function of its own, so that one that is down slows no other. Delivery is at least once, with an id that never
 * changes.
 */
export class WebhookGateway extends Construct {
  /**
   * The API that senders post to.
   */
  public readonly api: IHttpApi;

  /**
   * The domain of the API: what a record in the DNS points to. Undefined where the gateway has no `domainName`.
   */
  public readonly domain?: IDomainName;

  /**
   * The table of the event store. Undefined where there is none.
   */
  public readonly table?: ITable;

  /**
   * What others may be allowed to do with the gateway's events.
   */
  public readonly grants: WebhookGatewayGrants;

  private readonly http: WebhookApi;
  private readonly ingest: IngestFunctions;
  private readonly store?: EventTable;
  private readonly payloads: PayloadBucket;
  private readonly keeper: KeeperFunction;
  private readonly sources = new Map<string, SourceEndpoint>();
  private readonly targets = new Map<string, DeliveryQueue>();
  private readonly sourceScope: Construct;
  private readonly targetScope: Construct;
  private readonly localRun: boolean;
  private readonly removalPolicy: RemovalPolicy;
  /** Without a slash at its end. */
  private readonly baseUrl: string;
  private readonly alarmTopic?: ITopic;

  constructor(scope: Construct, id: string, props: WebhookGatewayProps = {}) {
    super(scope, id);
    markGateway(this);
    this.removalPolicy = removalPolicy(props.removalPolicy);
    this.localRun = isLocalRun(this);
    this.alarmTopic = props.alarmTopic;
    if (this.localRun) forbidDeployment(this);

    this.ingest = new IngestFunctions(this, 'Ingest', {
      contents: () => this.contents,
      detailedMetrics: props.metrics === MetricDetail.DETAILED,
      grant: (role) => {
        this.store?.grantIngest(role);
        this.payloads.grantWrite(role);
      },
      alarmTopic: this.alarmTopic,
      removalPolicy: this.removalPolicy,
    });
    const { function: ingest } = this.ingest.shared;
    const named = customDomain(props);
    const domain = named && new CustomDomain(this, 'Domain', named);
    this.domain = domain?.domain;
    this.http = new WebhookApi(this, 'Http', {
      domain,
      throttlingRateLimit: props.throttlingRateLimit ?? DEFAULT_RATE_LIMIT,
      throttlingBurstLimit: props.throttlingBurstLimit ?? DEFAULT_BURST_LIMIT,
      ingest,
      removalPolicy: this.removalPolicy,
    });
    this.api = this.http.api;
    const ownUrl = named && !this.localRun ? `https://${named.domainName}` : this.http.api.apiEndpoint;
    this.baseUrl = publicBaseUrl(props.publicBaseUrl) ?? ownUrl;
    const stored = (props.eventStore ?? EventStore.dynamoDb())._definition;
    this.store = stored && new EventTable(this, 'EventStore', { ...stored, removalPolicy: this.removalPolicy });
    this.table = this.store?.table;
    this.payloads = new PayloadBucket(this, 'Payloads', { ...stored, removalPolicy: this.removalPolicy });
    this.ingest.grantShared();
    this.grants = WebhookGatewayGrants._of({ payloads: this.payloads, store: this.store, encryptionKey: stored?.encryptionKey });
    this.keeper = new KeeperFunction(this, 'Keeper', { config: () => keeperFile(this.contents), removalPolicy: this.removalPolicy });
    this.store?.grantRecord(this.keeper.role);
    new GatewayAlarms(this, 'Alarms', {
      eventStore: this.store !== undefined,
      gateway: this.node.path, api: this.http.api, ingest, keeper: this.keeper.function, topic: this.alarmTopic,
    });

    this.sourceScope = new Construct(this, 'Sources');
    this.targetScope = new Construct(this, 'Targets');
    for (const [name, source] of Object.entries(props.sources ?? {})) this.addSource(name, source);
    for (const [name, target] of Object.entries(props.targets ?? {})) this.addTarget(name, target);

    Stack.of(this).addMetadata(`${PARTS_METADATA_PREFIX}${this.node.path}`, Lazy.uncachedAny({
      produce: () => gatewayParts(this.contents, { api: this.api, keeper: this.keeper.function }),
    }));
    this.node.addValidation({ validate: () => this.validate() });
  }

  /**
   * Adds a way in.
   *
   * @param name 1 to 63 letters, digits and hyphens, the first a letter; not yet a source of this gateway
   */
  public addSource(name: string, source: WebhookSource): ISourceEndpoint {
    checkName('source', name);
    checkGiven(`source ${JSON.stringify(name)}`, source?._definition, 'WebhookSource');
    if (this.sources.has(name)) throw new Error(`the gateway has a source ${JSON.stringify(name)} already: use another name`);
    const endpoint = new SourceEndpoint(this.sourceScope, name, {
      source,
      path: sourcePath(name, source._definition.options.path, this.sources.values()),
      gateway: this.node.path,
      baseUrl: this.baseUrl,
      http: this.http,
      ingest: this.ingest,
      retentionSeconds: this.store?.config.retentionSeconds,
      removalPolicy: this.removalPolicy,
    });
    this.sources.set(name, endpoint);
    return endpoint;
  }

  /**
   * Adds a way out.
   *
   * @param name 1 to 63 letters, digits and hyphens, the first a letter; not yet a target of this gateway
   */
  public addTarget(name: string, target: IWebhookTarget): IDeliveryQueue {
    checkName('target', name);
    checkGiven(`target ${JSON.stringify(name)}`, target?.bind, 'WebhookTarget');
    if (this.targets.has(name)) throw new Error(`the gateway has a target ${JSON.stringify(name)} already: use another name`);
    const queue = new DeliveryQueue(this.targetScope, name, {
      target,
      gateway: this.node.path,
      payloads: this.payloads,
      store: this.store,
      alarmTopic: this.alarmTopic,
      localRun: this.localRun,
      removalPolicy: this.removalPolicy,
    });
    this.targets.set(name, queue);
    this.ingest.addTarget(queue);
    this.keeper.grantKeep(queue);
    this.grants._add(queue);
    return queue;
  }

  /**
   * A source by its name.
   */
  public source(name: string): ISourceEndpoint {
    const endpoint = this.sources.get(name);
    if (!endpoint) throw new Error(`the gateway has no source ${JSON.stringify(name)}: its sources are ${listNames(this.sources.keys())}`);
    return endpoint;
  }

  /**
   * A target by its name.
   */
  public target(name: string): IDeliveryQueue {
    const queue = this.targets.get(name);
    if (!queue) throw new Error(`the gateway has no target ${JSON.stringify(name)}: its targets are ${listNames(this.targets.keys())}`);
    return queue;
  }

  /**
   * The URL to give to a source's sender.
   */
  public urlFor(sourceName: string): string {
    return this.source(sourceName).url;
  }

  /**
   * Events that were accepted, of all sources. It is a query of Metrics Insights, so that it counts sources that are added later and an
   * alarm can be set on it; CloudWatch draws the last two weeks of it.
   *
   * @param options its period, label and color are used
   */
  public metricAccepted(options?: MetricOptions): IMetric {
    return sumOver(this.node.path, 'Source', SOURCE_METRICS.accepted, options);
  }

  /**
   * Requests that were answered with a 4xx or 5xx, of all sources. A query, as `metricAccepted` is.
   *
   * @param options its period, label and color are used
   */
  public metricRejected(options?: MetricOptions): IMetric {
    return sumOver(this.node.path, 'Source', SOURCE_METRICS.rejected, options);
  }

  /**
   * Events that were given up, of all targets. A query, as `metricAccepted` is.
   *
   * @param options its period, label and color are used
   */
  public metricDeadLettered(options?: MetricOptions): IMetric {
    return sumOver(this.node.path, 'Target', TARGET_METRICS.deadLetters, options);
  }

  /**
   * A metric of the gateway as a whole, e.g. `OpenBreakers`. docs/metrics.md has their names.
   */
  public metric(metricName: string, options?: MetricOptions): Metric {
    return metric(this.node.path, {}, metricName, options);
  }

  private get contents(): GatewayContents {
    return { gateway: this.node.path, sources: this.sources, targets: this.targets, payloads: this.payloads, store: this.store };
  }

  /** What can be judged only when nothing more is added. */
  private validate(): string[] {
    warnOfIdleSources(this, this.sources.keys(), this.targets.values(), this.store !== undefined);
    const [sources, targets] = [[...this.sources.values()], [...this.targets.values()]];
    return [
      ...missingParts(sources, targets),
      ...unknownSources([...this.sources.keys()], targets),
      ...routesWithoutEvents(sources, targets),
      ...(this.store ? [] : sourcesWithoutQuarantine(sources)),
      ...limitProblems(Stack.of(this), {
        sources, targets, ingest: this.ingest.shared.function, keeper: this.keeper.function, localRun: this.localRun,
      }),
    ];
  }
}
