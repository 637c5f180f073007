import type { AwsJsonService } from '../aws-service';
import type { Clock } from '../clock';
import type { FormService } from '../service-endpoint';
import { eventBridge } from './event-bridge';
import { firehose } from './firehose';
import { kinesis } from './kinesis';
import type { Recorder } from './recorder';
import type { RecordedResources } from './resources';
import { Sns } from './sns';
import { stepFunctions } from './step-functions';

/** Services that a local run does not have. What is asked of the assembly's resources is told and answered; nothing comes of it. */
export function recordedServices(
  resources: RecordedResources, record: Recorder, clock: Clock,
): { readonly json: AwsJsonService[]; readonly form: FormService } {
  return {
    json: [
      eventBridge(resources.eventBuses, record),
      stepFunctions(resources, record, clock),
      kinesis(resources.streams, record),
      firehose(resources.deliveryStreams, record),
    ],
    form: new Sns(resources.topics, record),
  };
}
