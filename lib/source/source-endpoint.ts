import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct } from 'constructs';
import { SourceConfig } from '../contract/config';
import { SourcePart } from '../contract/parts';
import { BoundSecret } from '../private/bound-secret';
import { logicalId } from '../private/logical-id';
import { IngestFunction } from './ingest-function';
import { WebhookApi } from './webhook-api';
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
   * The function that verifies, routes and enqueues the source's events. Sources share it.
   */
  readonly ingestFunction: IFunction;
}

export interface SourceEndpointProps {
  readonly source: WebhookSource;
  readonly path: string;
  readonly http: WebhookApi;
  readonly ingest: IngestFunction;
  readonly removalPolicy: RemovalPolicy;
}

/** A source's route, its secret, and leave for the one to call and the other to be read by the ingest function. */
export class SourceEndpoint extends Construct implements ISourceEndpoint {
  public readonly sourceName: string;
  public readonly path: string;
  public readonly url: string;
  public readonly ingestFunction: IFunction;
  public readonly secret: BoundSecret;
  private readonly source: WebhookSource;

  constructor(scope: Construct, name: string, props: SourceEndpointProps) {
    super(scope, name);
    const { source, path, http, ingest } = props;
    this.sourceName = name;
    this.path = path;
    this.source = source;
    this.url = `${http.api.apiEndpoint}${path}`;
    this.ingestFunction = ingest.function;

    this.secret = source._secret._bind(this, props.removalPolicy);
    this.secret.grantRead(ingest.role);
    http.addRoute(this, path, source._options);
    ingest.function.addPermission('Invoke', {
      scope: this,
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: http.api.apiId,
        resourceName: `*/*${path}`,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    });
  }

  public config(): SourceConfig {
    return {
      ...(this.path !== `/${this.sourceName}` && { path: this.path }),
      scheme: this.source._scheme,
      secret: this.secret.reference,
      previousSecretOverlapSeconds: this.source._previousSecretOverlapSeconds,
    };
  }

  public part(): SourcePart {
    return {
      path: this.path,
      scheme: this.source._scheme,
      secret: this.secret.part(this.source._scheme.key),
      function: logicalId(this.ingestFunction),
    };
  }
}
