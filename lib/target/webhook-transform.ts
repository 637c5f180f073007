import { existsSync } from 'fs';
import * as path from 'path';
import { Duration, Stack } from 'aws-cdk-lib';
import { TransformConfig } from '../contract/config';
import { bundleDirectory } from '../private/assets';
import { seconds } from '../private/checks';
import { renderConfig } from '../private/config-values';
import { bundleModule } from './transform-module';

const DEFAULT_TIMEOUT = Duration.seconds(5);
const TIMEOUT_BOUNDS = { min: Duration.seconds(1), max: Duration.seconds(10) };

/**
 * Options of `WebhookTransform.fromFile()`.
 */
export interface TransformOptions {
  /**
   * Time that the transform may take for one event: 1 to 10 seconds, whole. After it the attempt has failed.
   *
   * @default Duration.seconds(5)
   */
  readonly timeout?: Duration;
}

/** A transform as a target's function is given it. */
export interface TransformParts {
  readonly config: TransformConfig;
  /** The text of the module that goes beside the function's bundle. */
  readonly module?: string;
}

/**
 * What becomes of an event before it is sent to a target.
 *
 * The event keeps its id, whatever a transform makes of it.
 */
export class WebhookTransform {
  /**
   * A module of your own, in TypeScript or JavaScript. Its default export, or its export `transform`, is called with an event, and returns
   * what is to be sent: `body`, `headers`, `type`, each only where it changes. Returning nothing drops the event with a log line; throwing
   * is a failed attempt, retried as any other, and at the end of the retries a dead letter with the message. The types `TransformEvent` and
   * `TransformResult` of this package say what comes and goes.
   *
   * The module is bundled at synth by the `esbuild` of your project, or the one on the PATH. A single `.mjs` or `.js` file that imports
   * nothing but modules of Node (`node:crypto`) needs none. It runs in the target's own function, which may do what the target needs and
   * nothing else; but it is your code, and nothing keeps it from that.
   *
   * @param file path of the module; a relative one starts at the folder in which the app runs
   */
  public static fromFile(file: string, options: TransformOptions = {}): WebhookTransform {
    const place = path.resolve(file);
    if (!existsSync(place)) throw new Error(`the transform ${JSON.stringify(file)} is not there: there is no file ${JSON.stringify(place)}`);
    const timeoutSeconds = seconds(options.timeout ?? DEFAULT_TIMEOUT, `timeout of the transform ${JSON.stringify(file)}`, TIMEOUT_BOUNDS);
    let module: string | undefined;
    return new WebhookTransform((target) => {
      module ??= bundleModule(place, `transform ${JSON.stringify(file)} of target ${JSON.stringify(target)}`);
      return { config: { kind: 'module', timeoutSeconds }, module };
    });
  }

  /**
   * A body made of a template, without code: JSON in which strings are places. `$.body.order.id`, `$.headers.user-agent` or
   * `$.metadata.type` alone becomes the value that is there, and a key whose place has none is left out; `{$.body.order.id}` inside of a longer
   * string becomes text. A string that is to begin with `$.` begins with `$$.`.
   *
   * `$.headers` has the headers that travel with the event, see `forwardHeaders`; `$.metadata` has `id`, `source`, `type`, `time` and `providerId`.
   * A body that is not JSON is a failed attempt where the template asks for a part of it.
   *
   * @param body what becomes the body, as JSON
   */
  public static template(body: { [key: string]: any }): WebhookTransform {
    return new WebhookTransform((target, stack) => {
      checkTemplate(body, target, stack);
      return { config: { kind: 'template', template: body } };
    });
  }

  private constructor(private readonly make: (target: string, stack: Stack) => TransformParts) {}

  /**
   * Bundles and checks it.
   *
   * @internal
   */
  public _bind(target: string, stack: Stack): TransformParts {
    return this.make(target, stack);
  }
}

/** By the function's own compiler, on what the function's file will hold. */
function checkTemplate(body: { [key: string]: any }, target: string, stack: Stack): void {
  const { compileTemplate }: { compileTemplate(template: unknown): unknown } = require(path.join(bundleDirectory('tools'), 'template.cjs'));
  try {
    compileTemplate(JSON.parse(renderConfig(stack, body).json));
  } catch (error) {
    throw new Error(`transform of target ${JSON.stringify(target)}: ${(error as Error).message}`);
  }
}
