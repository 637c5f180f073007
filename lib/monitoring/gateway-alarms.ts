import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { GATEWAY_METRICS, SOURCE_METRICS } from '../contract/metrics';
import { alarm } from './alarm';
import { ingestAlarms } from './ingest-alarms';
import { metric, sumOver } from './metrics';

export interface GatewayAlarmsProps {
  /** The gateway's construct path. */
  readonly gateway: string;
  readonly api: HttpApi;
  /** The one that sources share. */
  readonly ingest: IFunction;
  readonly keeper: IFunction;
  readonly topic?: ITopic;
  /** Whether there is an event store, without which nobody knows which ids have come before. */
  readonly eventStore: boolean;
}

/**
 * What a person should know of a gateway as a whole. The ratio of wrong signatures has no alarm: whoever finds the URL can raise it.
 */
export class GatewayAlarms extends Construct {
  constructor(scope: Construct, id: string, { gateway, api, ingest, keeper, topic, eventStore }: GatewayAlarmsProps) {
    super(scope, id);
    const ofGateway = (name: string) => metric(gateway, {}, name);
    alarm(this, 'OpenBreakers', {
      topic,
      metric: ofGateway(GATEWAY_METRICS.openBreakers),
      above: 0,
      description: `A target of webhook gateway ${gateway} fails for long, or said that it wants no more events. It is paused, and its events wait. `
        + '"cdk-webhooks targets list" says which.',
    });
    alarm(this, 'EnqueueFailures', {
      topic,
      metric: sumOver(gateway, 'Source', SOURCE_METRICS.enqueueFailures),
      above: 0,
      description: `A queue or the payload bucket of webhook gateway ${gateway} did not take an event. Its sender was answered 503; one that never retries has to be asked again.`,
    });
    alarm(this, 'StoreFailures', {
      topic,
      metric: ofGateway(GATEWAY_METRICS.storeFailures),
      above: 0,
      description: `The event store of webhook gateway ${gateway} did not take or tell something. What a queue holds is delivered all the same, but may be missing `
        + 'from the record, and duplicates may not be known.',
    });
    if (eventStore) {
      alarm(this, 'IdCollisions', {
        topic,
        metric: ofGateway(GATEWAY_METRICS.idCollisions),
        above: 0,
        description: `A sender of webhook gateway ${gateway} gave two bodies the same id. Both are delivered and kept, each under an id of its own. `
          + 'The "id-collision" lines of the ingest function\'s log say which.',
      });
    }
    alarm(this, 'SecretFailures', {
      topic,
      metric: ofGateway(GATEWAY_METRICS.secretFailures),
      above: 0,
      description: `A source of webhook gateway ${gateway} could not read or use its secret. Its senders are answered 503.`,
    });
    alarm(this, 'Quarantined', {
      topic,
      metric: ofGateway(GATEWAY_METRICS.quarantined),
      above: 0,
      description: `Webhook gateway ${gateway} keeps events in quarantine: they failed their schema, or the queue of a target is gone or refuses. `
        + '"cdk-webhooks quarantine list" says why.',
    });
    ingestAlarms(this, { ingest, what: `webhook gateway ${gateway}`, topic });
    alarm(this, 'ApiErrors', {
      topic,
      metric: api.metricServerError({ statistic: Stats.SUM }),
      above: 0,
      description: `Senders of webhook gateway ${gateway} were answered 5xx. The reason is in the "rejected" lines of the ingest function's log.`,
    });
    // One minute without the keeper is made good by the next. What it measures is missing meanwhile, so no other alarm tells.
    alarm(this, 'KeeperErrors', {
      topic,
      metric: keeper.metricErrors(),
      above: 0,
      periods: 3,
      description: `The keeper of webhook gateway ${gateway} fails: nothing watches over ages, breakers and what expires. Its log says why.`,
    });
  }
}
