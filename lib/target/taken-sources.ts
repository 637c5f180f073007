import { Annotations, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { listNames } from '../private/checks';
import type { DeliveryQueue } from './delivery-queue';

/** That events can come in and go out. A gateway that only runs empty needs nothing that comes in. */
export function missingParts(sources: IConstruct[], targets: DeliveryQueue[]): string[] {
  const idle = targets.length > 0 && targets.every((target) => target.retired);
  return [
    ...(sources.length === 0 && !idle ? ['the gateway has no source, so nothing can come in: give it `sources`, or call addSource()'] : []),
    ...(targets.length === 0 ? ['the gateway has no target, so nothing can go out: give it `targets`, or call addTarget()'] : []),
  ];
}

/** Sources that a target names and the gateway does not have. One that takes no new events may name what is gone. */
export function unknownSources(names: string[], targets: DeliveryQueue[]): string[] {
  return targets.filter((target) => !target.retired).flatMap((target) => (target.sources ?? [])
    .filter((name) => !names.includes(name))
    .map((name) => Token.isUnresolved(name)
      ? `target ${JSON.stringify(target.targetName)} takes events of a source whose name is known only at deployment, and names of sources are plain: write it out`
      : `target ${JSON.stringify(target.targetName)} takes events of ${JSON.stringify(name)}, which is no source of the gateway: `
      + `its sources are ${listNames(names)}`));
}

export function warnOfIdleSources(gateway: IConstruct, names: Iterable<string>, targets: Iterable<DeliveryQueue>, stored: boolean): void {
  const taken = [...targets].filter((target) => !target.retired).map((target) => target.sources);
  for (const name of names) {
    if (taken.some((sources) => !sources || sources.includes(name))) continue;
    Annotations.of(gateway).addWarningV2(
      'cdk-webhooks:source-without-target',
      `no target takes events of source ${JSON.stringify(name)}, so each is ${stored ? 'kept in the event store and delivered to nobody' : 'answered 503'}: name the source in a target's \`sources\`, or remove it`,
    );
  }
}
