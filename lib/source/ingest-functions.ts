import { RemovalPolicy } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ingestAlarms } from '../monitoring/ingest-alarms';
import { GatewayContents, ingestConfig, Served } from '../private/gateway-files';
import type { DeliveryQueue } from '../target/delivery-queue';
import { IngestFunction } from './ingest-function';
import type { SourceEndpoint } from './source-endpoint';

export interface IngestFunctionsProps {
  readonly contents: () => GatewayContents;
  readonly detailedMetrics: boolean;
  /** What every ingest function may do, whatever its sources and targets. */
  readonly grant: (role: IRole) => void;
  readonly alarmTopic?: ITopic;
  readonly removalPolicy: RemovalPolicy;
}

/** The function that sources share, and those of the sources that have one of their own. */
export class IngestFunctions {
  public readonly shared: IngestFunction;
  private readonly own = new Map<string, IngestFunction>();

  constructor(scope: Construct, id: string, private readonly props: IngestFunctionsProps) {
    this.shared = this.create(scope, id, () => ({
      sources: [...props.contents().sources.values()].filter(({ dedicated }) => !dedicated),
      sendsTo: (target) => this.mayShare(target),
    }));
  }

  /** What waits for the table and the bucket. */
  public grantShared(): void {
    this.props.grant(this.shared.role);
  }

  /** A function with that source's secrets alone, which sends to those who take its events. */
  public addOwn(endpoint: SourceEndpoint): IngestFunction {
    const { sourceName } = endpoint;
    const { contents, grant, alarmTopic } = this.props;
    const sendsTo = (target: DeliveryQueue): boolean => target.takes(sourceName);
    const ingest = this.create(endpoint, 'Ingest', () => ({ sources: [endpoint], sendsTo }));
    this.own.set(sourceName, ingest);
    grant(ingest.role);
    for (const target of contents().targets.values()) {
      if (sendsTo(target)) ingest.grantSend(target.queue);
    }
    ingestAlarms(endpoint, { ingest: ingest.function, what: `source ${sourceName} of webhook gateway ${contents().gateway}`, topic: alarmTopic });
    return ingest;
  }

  public addTarget(target: DeliveryQueue): void {
    if (target.retired) return;
    if (this.mayShare(target)) this.shared.grantSend(target.queue);
    for (const [sourceName, ingest] of this.own) {
      if (target.takes(sourceName)) ingest.grantSend(target.queue);
    }
  }

  /** A source that is named may come later, so the shared function sends to a target unless others are known to do it. */
  private mayShare({ sources = [] }: DeliveryQueue): boolean {
    return sources.length === 0 || sources.some((name) => !this.own.has(name));
  }

  private create(scope: Construct, id: string, served: () => Served): IngestFunction {
    const { contents, detailedMetrics, removalPolicy } = this.props;
    return new IngestFunction(scope, id, {
      config: () => ingestConfig(contents(), served(), detailedMetrics),
      modules: () => [...new Set(served().sources.flatMap((source) => source.modules))].sort(),
      removalPolicy,
    });
  }
}
