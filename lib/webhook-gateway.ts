import { Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { IngestConfig, KEEPER_NAMED_TARGETS, KeeperFile } from './contract/config';
import { GatewayParts, PARTS_METADATA_PREFIX } from './contract/parts';
import { PayloadBucket } from './event-store/payload-bucket';
import { KeeperFunction } from './monitoring/keeper-function';
import { checkName, listNames, publicBaseUrl } from './private/checks';
import { limitProblems } from './private/limits';
import { forbidDeployment, isLocalRun } from './private/local-run';
import { logicalId } from './private/logical-id';
import { mapValues } from './private/map-values';
import { markGateway } from './private/own-parts';
import { IngestFunction } from './source/ingest-function';
import { ISourceEndpoint, SourceEndpoint } from './source/source-endpoint';
import { sourcePath } from './source/source-path';
import { WebhookApi } from './source/webhook-api';
import { WebhookSource } from './source/webhook-source';
import { DeliveryQueue, IDeliveryQueue } from './target/delivery-queue';
import { missingParts, unknownSources, warnOfIdleSources } from './target/taken-sources';
import { IWebhookTarget } from './target/webhook-target';

/** Enough for nearly every sender, and little enough that a flood of forgeries leaves an account's concurrency alone. */
const DEFAULT_RATE_LIMIT = 100;
const DEFAULT_BURST_LIMIT = 200;

/**
 * Properties of a `WebhookGateway`.
 */
export interface WebhookGatewayProps {
  /**
   * The ways in, by name. A name is 1 to 63 letters, digits and hyphens and starts with a letter; it is the path of the source's
   * URL and part of logical ids, so renaming a source moves its URL.
   *
   * @default - none yet: `addSource` adds them
   */
  readonly sources?: { [name: string]: WebhookSource };

  /**
   * The ways out, by name. A name is 1 to 63 letters, digits and hyphens and starts with a letter; the logical ids of its queues
   * depend on nothing else, so renaming a target leaves the old queue and what waits in it behind.
   *
   * @default - none yet: `addTarget` adds them
   */
  readonly targets?: { [name: string]: IWebhookTarget };

  /**
   * What senders post to, up to a source's path, where something stands in front of the API: an `https` URL without query. It is in
   * the URLs that `urlFor` gives, and senders that sign the URL, such as Twilio, are verified by it.
   *
   * @default - the API's own URL
   */
  readonly publicBaseUrl?: string;

  /**
   * Requests a second that each source takes on average. API Gateway answers 429 to more, and a sender that never retries, such as
   * GitHub, loses what was refused.
   *
   * @default 100
   */
  readonly throttlingRateLimit?: number;

  /**
   * Requests that each source takes at once above the rate.
   *
   * @default 200
   */
  readonly throttlingBurstLimit?: number;

  /**
   * What happens to queues, dead-letter queues, the bucket of big bodies, generated secrets and log groups when they leave the
   * stack. Events may still wait in a queue, and a sender goes on signing with its secret. CloudFormation destroys a bucket only
   * when it is empty.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

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

  private readonly http: WebhookApi;
  private readonly ingest: IngestFunction;
  private readonly payloads: PayloadBucket;
  private readonly keeper: KeeperFunction;
  private readonly sources = new Map<string, SourceEndpoint>();
  private readonly targets = new Map<string, DeliveryQueue>();
  private readonly sourceScope: Construct;
  private readonly targetScope: Construct;
  private readonly localRun: boolean;
  private readonly removalPolicy: RemovalPolicy;
  private readonly publicBaseUrl?: string;

  constructor(scope: Construct, id: string, props: WebhookGatewayProps = {}) {
    super(scope, id);
    markGateway(this);
    this.removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.localRun = isLocalRun(this);
    this.publicBaseUrl = publicBaseUrl(props.publicBaseUrl);
    if (this.localRun) forbidDeployment(this);

    this.ingest = new IngestFunction(this, 'Ingest', {
      config: () => this.ingestConfig(),
      modules: () => [...new Set([...this.sources.values()].flatMap((source) => source.modules))].sort(),
      removalPolicy: this.removalPolicy,
    });
    this.http = new WebhookApi(this, 'Http', {
      throttlingRateLimit: props.throttlingRateLimit ?? DEFAULT_RATE_LIMIT,
      throttlingBurstLimit: props.throttlingBurstLimit ?? DEFAULT_BURST_LIMIT,
      ingest: this.ingest.function,
      removalPolicy: this.removalPolicy,
    });
    this.api = this.http.api;
    this.payloads = new PayloadBucket(this, 'Payloads', this.removalPolicy);
    this.payloads.grantWrite(this.ingest.role);
    this.keeper = new KeeperFunction(this, 'Keeper', { config: () => this.keeperFile(), removalPolicy: this.removalPolicy });

    this.sourceScope = new Construct(this, 'Sources');
    this.targetScope = new Construct(this, 'Targets');
    for (const [name, source] of Object.entries(props.sources ?? {})) this.addSource(name, source);
    for (const [name, target] of Object.entries(props.targets ?? {})) this.addTarget(name, target);

    Stack.of(this).addMetadata(`${PARTS_METADATA_PREFIX}${this.node.path}`, Lazy.uncachedAny({ produce: () => this.parts() }));
    this.node.addValidation({ validate: () => this.validate() });
  }

  /**
   * Adds a way in.
   *
   * @param name 1 to 63 letters, digits and hyphens, the first a letter; not yet a source of this gateway
   */
  public addSource(name: string, source: WebhookSource): ISourceEndpoint {
    checkName('source', name);
    if (this.sources.has(name)) throw new Error(`the gateway has a source ${JSON.stringify(name)} already: use another name`);
    const endpoint = new SourceEndpoint(this.sourceScope, name, {
      source,
      path: sourcePath(name, source._definition.options.path, this.sources.values()),
      publicBaseUrl: this.publicBaseUrl,
      http: this.http,
      ingest: this.ingest,
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
    if (this.targets.has(name)) throw new Error(`the gateway has a target ${JSON.stringify(name)} already: use another name`);
    const queue = new DeliveryQueue(this.targetScope, name, {
      target,
      gateway: this.node.path,
      payloads: this.payloads,
      localRun: this.localRun,
      removalPolicy: this.removalPolicy,
    });
    this.targets.set(name, queue);
    if (!queue.retired) this.ingest.grantSend(queue.queue);
    this.keeper.grantKeep(queue);
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

  private ingestConfig(): IngestConfig {
    return {
      gateway: this.node.path,
      sources: mapValues(this.sources, (source) => source.config()),
      targets: mapValues(this.targets, (target) => target.route()),
      payloadBucket: this.payloads.bucket.bucketName,
    };
  }

  private keeperFile(): KeeperFile {
    const withNames = this.targets.size <= KEEPER_NAMED_TARGETS;
    return { gateway: this.node.path, targets: mapValues(this.targets, (target) => target.kept(withNames)) };
  }

  private parts(): GatewayParts {
    return {
      version: 1,
      gateway: this.node.path,
      api: logicalId(this.api),
      sources: mapValues(this.sources, (source) => source.part()),
      targets: mapValues(this.targets, (target) => target.part()),
      keeper: logicalId(this.keeper.function),
      payloadBucket: logicalId(this.payloads.bucket),
    };
  }

  /** What can be judged only when nothing more is added. */
  private validate(): string[] {
    warnOfIdleSources(this, this.sources.keys(), this.targets.values());
    const [sources, targets] = [[...this.sources.values()], [...this.targets.values()]];
    return [
      ...missingParts(sources, targets),
      ...unknownSources([...this.sources.keys()], targets),
      ...limitProblems(Stack.of(this), { sources, targets, ingest: this.ingest.function, keeper: this.keeper.function, localRun: this.localRun }),
    ];
  }
}
