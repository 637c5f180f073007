import { OrderingKeyConfig } from '../contract/config';
import { RequestField } from '../source/request-field';

/**
 * What must keep its order: events with the same value are delivered one after the other, in the order in which they came in.
 */
export class OrderingKey {
  /**
   * A field of a JSON body.
   *
   * An event that does not have the field, or whose body is not JSON, keeps no order.
   *
   * @param path `$` and the way from there: `.name`, `['any name']`, or `[0]` for a place in a list; e.g. `$.data.customer.id`
   */
  public static jsonPath(path: string): OrderingKey {
    return new OrderingKey({ field: RequestField.jsonPath(path)._location });
  }

  /**
   * A header of the sender's request. An event without the header keeps no order.
   *
   * @param name the header's name, in any case
   */
  public static header(name: string): OrderingKey {
    return new OrderingKey({ field: RequestField.header(name)._location });
  }

  /**
   * The source: all of its events keep their order, so one that fails holds up all that come after it.
   */
  public static source(): OrderingKey {
    return new OrderingKey({ source: true });
  }

  private constructor(private readonly config: OrderingKeyConfig) {}

  /** @internal */
  public get _config(): OrderingKeyConfig {
    return this.config;
  }
}
