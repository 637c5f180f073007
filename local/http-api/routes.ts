/** What an API needs of a function; a `LocalFunction` is one. */
export interface RouteFunction {
  invoke(event: unknown): Promise<RouteResult>;
}

export type RouteResult =
  /** What the function returned, as JSON text. */
  | { readonly outcome: 'success'; readonly payload: string }
  | { readonly outcome: 'function-error' | 'event-too-large' | 'closed' };

export interface HttpApiRoute {
  /** An HTTP method, or `ANY`. */
  readonly method: string;
  /** A literal path, e.g. `/github`. */
  readonly path: string;
  readonly function: RouteFunction;
  /** Requests per second on average, and at once. Absent: no limit. */
  readonly throttle?: { readonly rate: number; readonly burst: number };
}

export function routeKey({ method, path }: HttpApiRoute): string {
  return `${method} ${path}`;
}

/** Refuses what this API would match differently from AWS. */
export function checkRoute(route: HttpApiRoute): void {
  if (!/^\/[^{}?#]*$/.test(route.path)) {
    throw new Error(`route ${JSON.stringify(routeKey(route))} cannot run locally: its path must start with / and have no {parameter}`);
  }
}

/**
 * The route of a request: its own method before ANY, the path letter for letter. `/github/` is not `/github`: AWS does not know
 * the trailing slash either (https://github.com/storacha/w3infra/pull/166).
 */
export function findRoute<R extends HttpApiRoute>(routes: readonly R[], method: string, path: string): R | undefined {
  const candidates = routes.filter((route) => route.path === path);
  return candidates.find((route) => route.method === method) ?? candidates.find((route) => route.method === 'ANY');
}
