import * as path from 'path';
import { Construct } from 'constructs';
// In an app of your own: from 'cdk-webhooks'.
import { IWebhookTarget, WebhookTargetBindOptions, WebhookTargetConfig, WebhookTargetOptions } from '../../lib';

export interface ChatTargetOptions extends WebhookTargetOptions {
  /** What each message begins with. */
  readonly prefix?: string;
}

/**
 * A target of one's own: the incoming webhook of a chat, which wants a line of text in JSON. The queue, the retries, the dead
 * letters, filters and transforms are those of every target; only the sending is here and in `sender/sender.mjs`.
 */
export class ChatTarget implements IWebhookTarget {
  constructor(private readonly url: string, private readonly options: ChatTargetOptions = {}) {}

  // This sender needs no permission. One that does gets it here: `table.grantWriteData(role)`.
  public bind(_scope: Construct, { targetName, localRun }: WebhookTargetBindOptions): WebhookTargetConfig {
    const { protocol } = new URL(this.url);
    if (protocol !== 'https:' && !localRun) throw new Error(`target ${JSON.stringify(targetName)} has the URL ${JSON.stringify(this.url)}: use https`);
    const { prefix = '', ...options } = this.options;
    return {
      ...options,
      kind: 'chat',
      senderDirectory: path.join(__dirname, 'sender'),
      settings: { prefix },
      // Outside of the function's file, so that a deployment to another chat changes no code.
      environment: { CHAT_URL: this.url },
    };
  }
}
