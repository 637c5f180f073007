import { Annotations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { listNames } from '../private/checks';
import type { DeliveryQueue } from './delivery-queue';

/** Sources that a target names and the gateway does not have. One that takes no new events may name what is gone. */
export function unknownSources(names: string[], targets: DeliveryQueue[]): string[] {
  return targets.filter((target) => !target.retired).flatMap((target) => (target.sources ?? [])
    .filter((name) => !names.includes(name))
    .map((name) => `target ${JSON.stringify(target.targetName)} takes events of ${JSON.stringify(name)}, which is no source of the gateway: `
      + `its sources are ${listNames(names)}`));
}

export function warnOfIdleSources(gateway: IConstruct, names: Iterable<string>, targets: Iterable<DeliveryQueue>): void {
  const taken = [...targets].filter((target) => !target.retired).map((target) => target.sources);
  for (const name of names) {
    if (taken.some((sources) => !sources || sources.includes(name))) continue;
    Annotations.of(gateway).addWarningV2(
      'cdk-webhooks:source-without-target',
      `no target takes events of source ${JSON.stringify(name)}, so each is answered 503: name the source in a target's \`sources\`, or remove it`,
    );
  }
}
