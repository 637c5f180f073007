// What runs in the delivery function of a ChatTarget. It is one file without dependencies; a sender that has some is bundled into one.

/** @type {import('cdk-webhooks').WebhookSenderModule['createSender']} */
export function createSender({ settings, environment }) {
  return {
    // Throwing would do too: it is a failed attempt, tried again. But what became of the attempt is better said.
    async send({ id, source, type, signal }) {
      const text = `${settings.prefix}${type ?? 'an event'} from ${source} (${id})`;
      const response = await fetch(environment.CHAT_URL, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text }),
        redirect: 'manual',
        // The attempt's time: without it a hanging connection would end in a crash of the function.
        signal,
      });
      await response.body?.cancel();
      return judge(response);
    },
  };
}

function judge({ status, headers }) {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status };
  if (status === 404) return { outcome: 'status', status, detail: 'the chat has no such webhook any more', permanent: true };
  const pause = Number(headers.get('retry-after') ?? NaN);
  return { outcome: 'status', status, ...(Number.isFinite(pause) && { retryAfterSeconds: pause }) };
}
