import { RemovalPolicy } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { EventStore } from './event-store/event-store';
import { MetricDetail } from './monitoring/metric-detail';
import { WebhookSource } from './source/webhook-source';
import { IWebhookTarget } from './target/webhook-target';

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
   * A domain of your own for the API, e.g. `hooks.example.com`: a whole name in lower case, which API Gateway knows only once in a Region.
   * With `certificate`. The name in the DNS is yours to set: an alias or a CNAME to `domain.regionalDomainName`.
   *
   * It is in the URLs that `urlFor` gives, and senders that sign the URL, such as Twilio, are verified by it from the deployment on: until
   * such a sender has the new URL, give its source the old one as `publicUrl`. The API's own URL goes on taking webhooks. A local run has
   * URLs of its own and leaves the domain out.
   *
   * @default - the API's own URL
   */
  readonly domainName?: string;

  /**
   * The certificate of ACM for `domainName`, in the API's own Region. With `domainName`.
   *
   * @default - none
   */
  readonly certificate?: ICertificate;

  /**
   * What senders post to, up to a source's path, where something stands in front of the API: an `https` URL without query and
   * user name. It is in the URLs that `urlFor` gives, and senders that sign the URL, such as Twilio, are verified by it.
   *
   * @default - `https://` and the `domainName`; without that the API's own URL
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
   * What happens to queues, dead-letter queues, the event store, the bucket of big bodies, generated secrets and log groups when they
   * leave the stack. Events may still wait in a queue, and a sender goes on signing with its secret. CloudFormation destroys a bucket only
   * when it is empty. `SNAPSHOT` is an error: nothing of these has snapshots.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The record of every event and of what became of it, by which duplicates are known, and events searched and replayed. Turning it off
   * later leaves the table behind, as the `removalPolicy` says.
   *
   * @default EventStore.dynamoDb()
   */
  readonly eventStore?: EventStore;

  /**
   * How finely events and requests are counted. docs/metrics.md has each metric and what it costs.
   *
   * @default MetricDetail.STANDARD
   */
  readonly metrics?: MetricDetail;

  /**
   * Where to say that an alarm begins, and that it is over: a topic of the gateway's Region. There are ten alarms for a gateway, and
   * two for each target and each source with a `dedicatedFunction`, in CloudWatch's console with or without a topic; an alarm costs
   * 0.10 USD a month, and that of failed enqueues so much for each source.
   *
   * A topic that is encrypted with a key of your own needs a key that `cloudwatch.amazonaws.com` may use.
   *
   * @default - nobody is told
   */
  readonly alarmTopic?: ITopic;
}
