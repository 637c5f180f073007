import type { Clock } from '../clock';
import { HttpApi } from '../http-api/http-api';
import type { LocalFunction } from '../lambda/function';
import type { ApiPlan } from './apis';
import type { Gateway } from './gateways';
import type { OnLine } from './lines';
import { apiIdOf } from './plan';
import type { Place } from './place';

export interface HttpApisOptions {
  readonly clock: Clock;
  readonly place: Place;
  readonly onLine: OnLine;
  /** Functions by ARN. They come later than the APIs, since a function may be told where an API listens. */
  readonly functions: ReadonlyMap<string, LocalFunction>;
}

/** The HTTP APIs of a run, each at an origin of its own: routes of two gateways may have the same path. */
export class HttpApis {
  private readonly origins = new Map<string, string>();
  private readonly apis: HttpApi[] = [];

  constructor(private readonly options: HttpApisOptions) {}

  async start(plan: ApiPlan, port: number): Promise<void> {
    const { clock, place, onLine, functions } = this.options;
    const routes = plan.routes.map(({ functionArn, ...route }) => ({
      ...route,
      function: { invoke: async (event: unknown) => functions.get(functionArn)?.invoke(event) ?? { outcome: 'closed' as const } },
    }));
    const api = new HttpApi({ id: plan.id, stage: plan.stage, routes, clock, ...place, onLine });
    this.origins.set(plan.id, `http://127.0.0.1:${await api.listen(port)}`);
    this.apis.push(api);
  }

  /** Where a gateway's API listens. */
  origin(gateway: Gateway): string {
    return this.origins.get(apiIdOf(gateway)) as string;
  }

  /** The text with AWS's own addresses of these APIs replaced by their addresses here. */
  localUrls(text: string): string {
    return text.replace(/https:\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/g, (url, id: string) => this.origins.get(id) ?? url);
  }

  async close(): Promise<void> {
    await Promise.all(this.apis.map((api) => api.close()));
  }
}
