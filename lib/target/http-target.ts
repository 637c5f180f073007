import { Construct } from 'constructs';
import { HttpSettings, TARGET_URL_VARIABLE } from '../contract/config';
import { bundleDirectory } from '../private/assets';
import { WebhookSecret } from '../webhook-secret';
import { checkAbsolute, checkDeliverable, displayUrl } from './target-url';
import type { HttpTargetOptions, IWebhookTarget, WebhookTargetBindOptions, WebhookTargetConfig } from './webhook-target';

/** Both keys sign for as long as a source's previous secret verifies by default. */
const PREVIOUS_SECRET_OVERLAP_SECONDS = 24 * 3600;

export class HttpTarget implements IWebhookTarget {
  constructor(private readonly url: string, private readonly options: HttpTargetOptions) {
    checkAbsolute(url);
  }

  public bind(scope: Construct, options: WebhookTargetBindOptions): WebhookTargetConfig {
    checkDeliverable(this.url, options.localRun);
    const signingSecret = this.options.signingSecret ?? WebhookSecret.generate();
    const secret = signingSecret._bind(scope, options.removalPolicy);
    secret.grantRead(options.role);
    const settings: HttpSettings = {
      signingSecret: secret.reference,
      previousSecretOverlapSeconds: PREVIOUS_SECRET_OVERLAP_SECONDS,
    };
    return {
      ...this.options,
      kind: 'http',
      senderDirectory: bundleDirectory('senders', 'http'),
      settings: { ...settings },
      // Outside the asset, so that a local run can send elsewhere.
      environment: { [TARGET_URL_VARIABLE]: this.url },
      url: displayUrl(this.url),
      signingSecret,
    };
  }
}
