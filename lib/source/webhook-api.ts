import { Lazy, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnRoute, CfnStage, HttpApi, HttpIntegration, HttpIntegrationType, HttpStage, LogGroupLogDestination, PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { checkThrottle } from '../private/checks';
import { CustomDomain } from './custom-domain';

/** Neither a body nor a query: a sender's token may be in either. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  routeKey: '$context.routeKey',
  method: '$context.httpMethod',
  path: '$context.path',
  protocol: '$context.protocol',
  status: '$context.status',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  integrationStatus: '$context.integrationStatus',
  integrationError: '$context.integrationErrorMessage',
};

export interface Throttle {
  readonly throttlingRateLimit: number;
  readonly throttlingBurstLimit: number;
}

export interface WebhookApiProps extends Throttle {
  /** The function that sources share. */
  readonly ingest: IFunction;
  readonly domain?: CustomDomain;
  readonly removalPolicy: RemovalPolicy;
}

/** The HTTP API in front of the ingest function. */
export class WebhookApi extends Construct {
  public readonly api: HttpApi;
  private readonly stage: HttpStage;
  private readonly integration: HttpIntegration;
  private readonly routeSettings: { [routeKey: string]: object } = {};

  constructor(scope: Construct, id: string, private readonly props: WebhookApiProps) {
    super(scope, id);
    const { throttlingRateLimit: rateLimit, throttlingBurstLimit: burstLimit, removalPolicy } = props;
    checkThrottle(rateLimit, burstLimit, 'gateway');
    this.api = new HttpApi(this, 'Api', { apiName: scope.node.path.replaceAll('/', '-').slice(0, 128), createDefaultStage: false });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit, burstLimit },
      accessLogSettings: {
        destination: new LogGroupLogDestination(new LogGroup(this, 'AccessLog', { retention: RetentionDays.ONE_MONTH, removalPolicy })),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    (this.stage.node.defaultChild as CfnStage).routeSettings = Lazy.uncachedAny({ produce: () => this.routeSettings });
    props.domain?.map(this.api, this.stage);
    // HttpRoute would put the integration of all sources into the first one, to be replaced when that one goes.
    this.integration = this.integrate(this, props.ingest);
  }

  /** Routes every method, so that answering 405 is up to the ingest function. */
  public addRoute(scope: Construct, path: string, ingest: IFunction, throttle: Partial<Throttle>): CfnRoute {
    const rate = throttle.throttlingRateLimit ?? this.props.throttlingRateLimit;
    const burst = throttle.throttlingBurstLimit ?? this.props.throttlingBurstLimit;
    checkThrottle(rate, burst, `source ${JSON.stringify(scope.node.id)}`);
    const routeKey = `ANY ${path}`;
    const integration = ingest === this.props.ingest ? this.integration : this.integrate(scope, ingest);
    const route = new CfnRoute(scope, 'Route', {
      apiId: this.api.apiId,
      routeKey,
      authorizationType: 'NONE',
      target: `integrations/${integration.integrationId}`,
    });
    Validations.of(route).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'Senders sign their webhooks and know no other credentials: the ingest function verifies the signature over the raw bytes.',
    });
    this.routeSettings[routeKey] = { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst };
    // A stage's settings may only name routes that exist.
    this.stage.node.addDependency(route);
    return route;
  }

  private integrate(scope: Construct, ingest: IFunction): HttpIntegration {
    return new HttpIntegration(scope, 'Integration', {
      httpApi: this.api,
      integrationType: HttpIntegrationType.AWS_PROXY,
      integrationUri: ingest.functionArn,
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    });
  }
}
