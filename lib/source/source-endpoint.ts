import { Annotations, ArnFormat, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct } from 'constructs';
import { SchemaConfig, SourceConfig } from '../contract/config';
import { SOURCE_METRICS } from '../contract/metrics';
import { SourcePart } from '../contract/parts';
import { Acknowledgement } from '../contract/scheme';
import { signsUrl } from '../contract/schemes';
import { metric } from '../monitoring/metrics';
import { BoundSecret } from '../private/bound-secret';
import { logicalId } from '../private/logical-id';
import { WebhookSecret } from '../webhook-secret';
import { deduplicationWindow } from './deduplication-window';
import { IngestFunction } from './ingest-function';
import type { IngestFunctions } from './ingest-functions';
import { keyFormat, SourceDefinition, Verification } from './source-definition';
import { WebhookApi } from './webhook-api';
import { acknowledgement } from './webhook-response';
import { WebhookSource } from './webhook-source';

/**
 * One source of a gateway: where its sender posts to.
 */
export interface ISourceEndpoint extends IConstruct {
  /**
   * The source's name.
   */
  readonly sourceName: string;

  /**
   * The path of the source's URL, e.g. `/github`.
   */
  readonly path: string;

  /**
   * The URL that the sender is given.
   */
  readonly url: string;

  /**
   * The function that verifies, routes and enqueues the source's events. Sources share it, unless `dedicatedFunction` gave this one its own.
   */
  readonly ingestFunction: IFunction;

  /**
   * Events that were accepted, without duplicates.
   *
   * @default - the sum over five minutes
   */
  metricAccepted(options?: MetricOptions): Metric;

  /**
   * Requests that were answered with a 4xx or 5xx by the ingest function. What API Gateway refuses itself is not among them.
   *
   * @default - the sum over five minutes
   */
  metricRejected(options?: MetricOptions): Metric;

  /**
   * A metric of the source, e.g. `Duplicates`. docs/metrics.md has their names.
   *
   * @default - the sum over five minutes
   */
  metric(metricName: string, options?: MetricOptions): Metric;
}

export interface SourceEndpointProps {
  readonly source: WebhookSource;
  readonly path: string;
  /** The gateway's construct path. */
  readonly gateway: string;
  /** What the path follows as the sender knows it, without a slash at its end. */
  readonly baseUrl: string;
  readonly http: WebhookApi;
  readonly ingest: IngestFunctions;
  /** How long events are on record. Absent: none is. */
  readonly retentionSeconds?: number;
  readonly removalPolicy: RemovalPolicy;
}

/** A secret of a source, and what an output calls it. */
export interface SourceSecret {
  readonly name: string;
  readonly secret: BoundSecret;
}

interface BoundVerification extends Omit<Verification, 'secret' | 'verifyToken'> {
  readonly secret?: BoundSecret;
  readonly verifyToken?: BoundSecret;
}

/** A source's route, its secrets, and leave for the one to call and the other to be read by its ingest function. */
export class SourceEndpoint extends Construct implements ISourceEndpoint {
  public readonly sourceName: string;
  public readonly path: string;
  public readonly url: string;
  public readonly ingestFunction: IFunction;
  /** Whether that function is the source's own. */
  public readonly dedicated: boolean;
  public readonly secrets: SourceSecret[] = [];
  private readonly definition: SourceDefinition;
  private readonly ingest: IngestFunction;
  private readonly deduplicationWindowSeconds?: number;
  private readonly response?: Acknowledgement;
  private readonly schema?: SchemaConfig;
  private readonly verifications: BoundVerification[];

  constructor(scope: Construct, name: string, private readonly props: SourceEndpointProps) {
    super(scope, name);
    const { source, path, http } = props;
    this.sourceName = name;
    this.path = path;
    this.definition = source._definition;
    this.url = this.definition.publicUrl ?? `${props.baseUrl}${path}`;
    this.deduplicationWindowSeconds = deduplicationWindow(name, this.definition, props.retentionSeconds);
    this.dedicated = this.definition.options.dedicatedFunction ?? false;
    this.ingest = this.dedicated ? props.ingest.addOwn(this) : props.ingest.shared;
    this.ingestFunction = this.ingest.function;

    const { response } = this.definition.options;
    this.response = response && acknowledgement(response);
    this.schema = this.ingest.schemas.add(name, this.definition.options);
    this.verifications = this.definition.verifications.map((verification, index) => this.bind(verification, index));
    if (this.definition.pairing) this.allowPairing();
    this.warnOfUnverified();
    const route = http.addRoute(this, path, this.ingestFunction, this.definition.options);
    this.ingest.function.addPermission('Invoke', {
      scope: this,
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: http.api.apiId,
        resourceName: `*/*${path}`,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    });
    if (!this.dedicated) return;
    // A source that moves here from the shared function is that one's until its route leads to a function that may be called.
    route.node.addDependency(this.node.findChild('Invoke'));
    props.ingest.shared.node.addDependency(route);
  }

  public metricAccepted(options?: MetricOptions): Metric {
    return this.metric(SOURCE_METRICS.accepted, options);
  }

  public metricRejected(options?: MetricOptions): Metric {
    return this.metric(SOURCE_METRICS.rejected, options);
  }

  public metric(metricName: string, options?: MetricOptions): Metric {
    return metric(this.props.gateway, { Source: this.sourceName }, metricName, options);
  }

  /** The modules beside the ingest bundle that the source's schemes need. */
  public get modules(): string[] {
    return this.verifications.flatMap(({ scheme }) => (scheme.kind === 'code' ? [scheme.module] : []));
  }

  public config(): SourceConfig {
    const { pairing } = this.definition;
    return {
      ...(this.path !== `/${this.sourceName}` && { path: this.path }),
      verifications: this.verifications.map(({ secret, verifyToken, ...rest }) => ({
        ...rest,
        ...(secret && { secret: secret.reference }),
        ...(verifyToken && { verifyToken: verifyToken.reference }),
      })),
      ...(this.signsUrl && { publicUrl: this.url }),
      ...(this.schema && { schema: this.schema }),
      ...(this.deduplicationWindowSeconds !== undefined && { deduplicationWindowSeconds: this.deduplicationWindowSeconds }),
      ...(this.response && { response: this.response }),
      ...(pairing && { pairing }),
    };
  }

  public part(): SourcePart {
    return {
      path: this.path,
      verifications: this.verifications.map(({ scheme, secret, publicKey, username, verifyToken }) => ({
        scheme,
        ...(secret && { secret: secret.part(keyFormat(scheme)) }),
        ...(publicKey !== undefined && { publicKey }),
        ...(username !== undefined && { username }),
        ...(verifyToken && { verifyToken: verifyToken.part('utf8') }),
      })),
      ...(this.signsUrl && !Token.isUnresolved(this.url) && { publicUrl: this.url }),
      function: logicalId(this.ingestFunction),
    };
  }

  private get signsUrl(): boolean {
    return this.verifications.some(({ scheme }) => signsUrl(scheme));
  }

  /** The first secret keeps its place whatever comes later: logical ids hang on it. */
  private bind(verification: Verification, index: number): BoundVerification {
    const { secret, verifyToken, ...rest } = verification;
    const number = index === 0 ? '' : String(index + 1);
    return {
      ...rest,
      ...(secret && { secret: this.bindSecret(secret, `Secret${number}`, index === 0 ? this : new Construct(this, `Verification${number}`)) }),
      ...(verifyToken && { verifyToken: this.bindSecret(verifyToken, `VerifyToken${number}`, new Construct(this, `VerifyToken${number}`)) }),
    };
  }

  private bindSecret(unbound: WebhookSecret, name: string, scope: Construct): BoundSecret {
    const secret = unbound._bind(scope, this.props.removalPolicy);
    secret.grantRead(this.ingest.role);
    this.secrets.push({ name, secret });
    return secret;
  }

  /** The sender's key becomes the whole secret. */
  private allowPairing(): void {
    for (const { secret } of this.secrets) {
      const { field, service } = secret.reference;
      if (service) {
        throw new Error(`source ${JSON.stringify(this.sourceName)} cannot keep the key that its sender brings in a parameter: of two functions that store a key at `
          + 'the same time, only Secrets Manager takes one alone; give it a secret of its own there, such as WebhookSecret.generate()');
      }
      if (field !== undefined) {
        throw new Error(`source ${JSON.stringify(this.sourceName)} reads field ${JSON.stringify(field)} of its secret, but the key that its sender brings `
          + 'replaces the whole: give it a secret of its own, without a field');
      }
      secret.grantPut(this.ingest.role);
    }
  }

  private warnOfUnverified(): void {
    if (this.definition.unverifiedReason === undefined) return;
    Annotations.of(this).addWarningV2(
      'cdk-webhooks:unverified-source',
      `anybody who knows the URL of source ${JSON.stringify(this.sourceName)} can post events: ${this.definition.unverifiedReason}`,
    );
  }
}
