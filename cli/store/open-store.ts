import type { Arguments } from '../arguments';
import { findAccess, type AwsAccess } from '../aws-access';
import { CliError, Exit } from '../cli-error';
import type { Context } from '../command';
import { findGateways, oneGateway, type Gateway } from '../gateway';
import { sourceTime } from '../run-clock';
import { Bodies } from './bodies';
import { EventTable } from './event-table';

/** The event store of one gateway. */
export interface Store {
  readonly access: AwsAccess;
  readonly gateway: Gateway;
  readonly table: EventTable;
  readonly bodies: Bodies;
  /** The time now, of the local run where there is one. Milliseconds since 1970. */
  readonly now: number;
  readonly retentionSeconds: number;
}

export async function openStore(args: Arguments, context: Context): Promise<Store> {
  const access = findAccess(args.text('endpoint'), process.cwd(), process.env);
  const gateway = oneGateway(await findGateways(access, args.text('stack')), args.text('gateway'), ({ parts }) => parts.store !== undefined);
  const { store, payloadBucket } = gateway.parts;
  if (!store) {
    throw new CliError(Exit.NO_MATCH, `the gateway ${JSON.stringify(gateway.parts.gateway)} has no event store, so there are no events on record; deploy it with one`);
  }
  const now = await sourceTime(access.run);
  context.now = () => now;
  return {
    access, gateway, now,
    table: new EventTable(await gateway.physicalId(store.table), access),
    bodies: new Bodies(access, payloadBucket === undefined ? undefined : await gateway.physicalId(payloadBucket)),
    retentionSeconds: store.retentionSeconds,
  };
}
