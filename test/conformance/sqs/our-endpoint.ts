import { ManualClock } from '../../../local/clock';
import { ServiceEndpoint } from '../../../local/service-endpoint';
import { SqsEngine } from '../../../local/sqs/engine';
import { createClient, type Endpoint } from './endpoint';

export interface OurEndpoint extends Endpoint {
  readonly engine: SqsEngine;
  close(): Promise<void>;
}

/** This project's engine as a local run has it, on a clock of its own. */
export async function startOurEndpoint(): Promise<OurEndpoint> {
  const clock = new ManualClock();
  const service = new ServiceEndpoint();
  const engine = new SqsEngine({ clock, region: 'eu-west-1', account: '123456789012', origin: () => service.origin });
  service.addJsonService(engine);
  await service.listen(0);
  const sqs = createClient(service.origin, {});
  let names = 0;
  return {
    url: service.origin,
    sqs,
    engine,
    clock: {
      movable: true,
      now: () => Promise.resolve(clock.now()),
      elapse: async (seconds) => {
        await clock.advance(seconds * 1000);
      },
    },
    newName: (suffix = '') => `case-${++names}${suffix}`,
    close: async () => {
      sqs.destroy();
      engine.close();
      await service.close();
    },
  };
}
