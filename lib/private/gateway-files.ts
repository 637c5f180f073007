import { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IngestConfig, KEEPER_NAMED_TARGETS, KeeperFile } from '../contract/config';
import { GatewayParts } from '../contract/parts';
import type { EventTable } from '../event-store/event-table';
import type { PayloadBucket } from '../event-store/payload-bucket';
import type { SourceEndpoint } from '../source/source-endpoint';
import type { DeliveryQueue } from '../target/delivery-queue';
import { logicalId } from './logical-id';
import { mapValues } from './map-values';

/** A gateway as its functions and the command line are told of it. */
export interface GatewayContents {
  /** The gateway's construct path. */
  readonly gateway: string;
  readonly sources: Map<string, SourceEndpoint>;
  readonly targets: Map<string, DeliveryQueue>;
  readonly payloads: PayloadBucket;
  readonly store?: EventTable;
}

/** The sources whose events a function takes in, and the targets that it may send them to. */
export interface Served {
  readonly sources: readonly SourceEndpoint[];
  readonly sendsTo: (target: DeliveryQueue) => boolean;
}

export function ingestConfig(contents: GatewayContents, { sources, sendsTo }: Served, detailedMetrics: boolean): IngestConfig {
  const { gateway, targets, payloads, store } = contents;
  return {
    gateway,
    sources: Object.fromEntries(sources.map((source) => [source.sourceName, source.config()])),
    targets: mapValues(targets, (target) => (sendsTo(target) ? target.route() : undefined)),
    payloadBucket: payloads.bucket.bucketName,
    ...(store && { store: store.config }),
    ...(detailedMetrics && { detailedMetrics }),
  };
}

export function keeperFile({ gateway, targets, store }: GatewayContents): KeeperFile {
  const withNames = targets.size <= KEEPER_NAMED_TARGETS;
  return { gateway, ...(store && { store: store.config }), targets: mapValues(targets, (target) => target.kept(withNames)) };
}

export function gatewayParts(contents: GatewayContents, functions: { readonly api: IHttpApi; readonly keeper: IFunction }): GatewayParts {
  const { gateway, sources, targets, payloads, store } = contents;
  return {
    version: 1,
    gateway,
    api: logicalId(functions.api),
    sources: mapValues(sources, (source) => source.part()),
    targets: mapValues(targets, (target) => target.part()),
    keeper: logicalId(functions.keeper),
    payloadBucket: logicalId(payloads.bucket),
    ...(store && { store: { table: logicalId(store.table), retentionSeconds: store.config.retentionSeconds } }),
  };
}
