import { Annotations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { HttpSettings, TARGET_URL_VARIABLE } from '../contract/config';
import { bundleDirectory } from '../private/assets';
import { checkDistinct, outgoingHeader, signatureHeader, staticHeaders } from '../private/outgoing-headers';
import { WebhookSecret } from '../webhook-secret';
import { HttpTargetOptions } from './http-target-options';
import { checkPrivateCidrs, LOOPBACK } from './private-networks';
import { checkAbsolute, checkDeliverable, displayUrl } from './target-url';
import type { IWebhookTarget, WebhookTargetBindOptions, WebhookTargetConfig } from './webhook-target';

/** Both keys sign for as long as a source's previous secret verifies by default. */
const PREVIOUS_SECRET_OVERLAP_SECONDS = 24 * 3600;

type Headers = Pick<HttpSettings, 'signatureHeaders' | 'headers' | 'forwardHeaders'>;

export class HttpTarget implements IWebhookTarget {
  constructor(private readonly url: string, private readonly options: HttpTargetOptions) {
    checkAbsolute(url);
  }

  public bind(scope: Construct, options: WebhookTargetBindOptions): WebhookTargetConfig {
    const target = `target ${JSON.stringify(options.targetName)}`;
    this.checkPlace(scope, target, options.localRun);
    const { auth } = this.options;
    const headers = this.headers(target);
    const signingSecret = this.options.signingSecret ?? WebhookSecret.generate();
    const secret = signingSecret._bind(scope, options.removalPolicy);
    secret.grantRead(options.role);
    const privateCidrs = [...this.options.allowedPrivateCidrs ?? [], ...(options.localRun ? LOOPBACK : [])];
    const settings: HttpSettings = {
      signingSecret: secret.reference,
      previousSecretOverlapSeconds: PREVIOUS_SECRET_OVERLAP_SECONDS,
      ...headers,
      ...(auth && { auth: auth._bind(scope, options.role, options.removalPolicy) }),
      ...(privateCidrs.length > 0 && { allowedPrivateCidrs: privateCidrs }),
    };
    return {
      ...this.options,
      ...(headers.forwardHeaders && { forwardHeaders: headers.forwardHeaders }),
      kind: 'http',
      senderDirectory: bundleDirectory('senders', 'http'),
      settings: { ...settings },
      // Outside the asset, so that a local run can send elsewhere.
      environment: { [TARGET_URL_VARIABLE]: this.url },
      url: displayUrl(this.url),
      signingSecret,
    };
  }

  /** The target, and where its tokens come from, must be places that the function may reach. */
  private checkPlace(scope: Construct, target: string, localRun: boolean): void {
    const { allowedPrivateCidrs = [], vpc, auth } = this.options;
    checkPrivateCidrs(allowedPrivateCidrs, `allowedPrivateCidrs of ${target}:`);
    if (allowedPrivateCidrs.length > 0 && !vpc && !localRun) {
      Annotations.of(scope).addWarningV2(
        'cdk-webhooks:private-network-without-vpc',
        `${target} may be in ${allowedPrivateCidrs.join(', ')}, which a function outside of a VPC cannot reach: give it the \`vpc\``,
      );
    }
    checkDeliverable(this.url, localRun, allowedPrivateCidrs);
    if (auth?._tokenUrl !== undefined) checkDeliverable(auth._tokenUrl, localRun, allowedPrivateCidrs, `tokenUrl of ${target}:`);
  }

  /** All headers that somebody chose. No two may be the same. */
  private headers(target: string): Headers {
    const { headers, forwardHeaders, signatureHeaders, auth } = this.options;
    const names = signatureHeaders && {
      id: signatureHeader(signatureHeaders.id ?? 'webhook-id', `signatureHeaders of ${target}:`),
      timestamp: signatureHeader(signatureHeaders.timestamp ?? 'webhook-timestamp', `signatureHeaders of ${target}:`),
      signature: signatureHeader(signatureHeaders.signature ?? 'webhook-signature', `signatureHeaders of ${target}:`),
    };
    const fixed = headers && staticHeaders(headers, `headers of ${target}:`);
    const forwarded = forwardHeaders?.map((name) => outgoingHeader(name, `forwardHeaders of ${target}:`));
    checkDistinct([...Object.values(names ?? {}), ...auth?._headers ?? [], ...Object.keys(fixed ?? {}), ...forwarded ?? []], `header of ${target}:`);
    return { ...(names && { signatureHeaders: names }), ...(fixed && { headers: fixed }), ...(forwarded && { forwardHeaders: forwarded }) };
  }
}
