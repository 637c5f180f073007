import { randomUUID } from 'node:crypto';
import { randomText } from './random-text';
import { sample, unixTime, type Sample } from './sample';
import { standardWebhooks } from './standard-webhooks';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:MyTopic';

/** Clouds, queues and what is built on Standard Webhooks. */
export const platform: { readonly [scheme: string]: Sample } = {
  'standard-webhooks': standardWebhooks,
  'standard-webhooks-ed25519': standardWebhooks,
  'svix': standardWebhooks,
  'clerk': sample('user.created', ({ type, time }) => ({
    object: 'event', type, timestamp: time.getTime(), data: { id: `user_${randomText(27)}`, object: 'user', first_name: 'Jenny', email_addresses: [{ email_address: 'jenny.rosen@example.com' }] },
  }), { id: () => `msg_${randomText(27)}` }),
  'resend': sample('email.delivered', ({ type, time }) => ({
    type, created_at: time.toISOString(), data: { email_id: randomUUID(), from: 'Example <hello@example.com>', to: ['jenny.rosen@example.com'], subject: 'hello' },
  }), { id: () => `msg_${randomText(27)}` }),
  'openai': sample('response.completed', ({ type, time }) => ({
    object: 'event', id: `evt_${randomText(24)}`, type, created_at: unixTime(time), data: { id: `resp_${randomText(24)}` },
  }), { headers: { 'user-agent': 'OpenAI/1.0 (+https://platform.openai.com/docs/webhooks)' }, id: () => `wh_${randomText(24)}` }),
  'anthropic': sample('batch.completed', ({ type, time }) => ({ type, id: `evt_${randomText(24)}`, created_at: time.toISOString(), data: { id: `msgbatch_${randomText(24)}` } })),
  'supabase-auth': sample('send_email', ({ time }) => ({
    user: { id: randomUUID(), email: 'jenny.rosen@example.com', role: 'authenticated', created_at: time.toISOString() }, email_data: { token: '305805', email_action_type: 'signup', site_url: 'http://localhost:9999' },
  })),
  'replicate': sample('succeeded', ({ type, time }) => ({
    id: randomText(26).toLowerCase(), status: type, version: randomText(64), created_at: time.toISOString(), input: { text: 'Alice' }, output: 'hello Alice', error: null,
  }), { id: () => `msg_${randomText(27)}` }),
  'polar': sample('order.created', ({ type, time }) => ({ type, timestamp: time.toISOString(), data: { id: randomUUID(), status: 'paid', currency: 'usd', total_amount: 4900 } })),
  'tailscale': sample('nodeCreated', ({ type, time }) => [
    { timestamp: time.toISOString(), version: 1, type, tailnet: 'example.com', message: 'Node created', data: { nodeID: 'nodeAbc', deviceName: 'laptop.example.ts.net' } },
  ], { id: false }),
  'mux': sample('video.asset.ready', ({ id, type, time }) => ({
    type, id, created_at: time.toISOString(), object: { type: 'asset', id: randomText(42) }, environment: { name: 'Production', id: 'j0863n' }, attempts: [],
    data: { status: 'ready', duration: 23.8, playback_ids: [{ policy: 'public', id: randomText(42) }] },
  })),
  'pusher': sample('channel_occupied', ({ type, time }) => ({ time_ms: time.getTime(), events: [{ name: type, channel: 'my-channel' }] }), { id: false }),
  'upstash-qstash': sample('message', () => ({ hello: 'world' }), { headers: { 'user-agent': 'Upstash-QStash', 'upstash-retried': '0' }, id: () => `msg_${randomText(40)}` }),
  'livekit': sample('room_started', ({ id, type, time }) => ({
    event: type, id, createdAt: String(unixTime(time)), room: { sid: `RM_${randomText(12)}`, name: 'a room', creationTime: String(unixTime(time)) },
  }), { headers: { 'content-type': 'application/webhook+json' }, id: () => `EV_${randomText(12)}` }),
  'aws-sns': sample('Notification', ({ id, type, time }) => ({
    Type: type, MessageId: id, TopicArn: TOPIC, Subject: 'A sample', Message: 'Hello world!', Timestamp: time.toISOString(),
    ...type === 'Notification' ? { UnsubscribeURL: `https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${TOPIC}:${randomUUID()}` } : {
      Token: randomText(128), SubscribeURL: `https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=${randomText(128)}`,
    },
  }), { headers: { 'content-type': 'text/plain; charset=UTF-8', 'user-agent': 'Amazon Simple Notification Service Agent' } }),
  'azure-eventgrid': sample('Microsoft.Storage.BlobCreated', ({ id, type, time }) => [{
    id, eventType: type, topic: '/subscriptions/1/resourceGroups/Storage/providers/Microsoft.Storage/storageAccounts/example', subject: '/blobServices/default/containers/c/blobs/new.txt',
    eventTime: time.toISOString(), data: { api: 'PutBlob', contentType: 'text/plain', contentLength: 5 }, dataVersion: '', metadataVersion: '1',
  }], { headers: { 'aeg-event-type': 'Notification' } }),
  'cloudevents': sample('com.example.order.created', ({ id, type, time }) => ({
    specversion: '1.0', id, type, source: 'https://shop.example.com/orders', time: time.toISOString(), datacontenttype: 'application/json', data: { total: 4900 },
  }), { headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' } }),
  'msgraph': sample('created', ({ type, time }) => ({
    value: [{
      subscriptionId: randomUUID(), subscriptionExpirationDateTime: time.toISOString(), changeType: type, clientState: '', resource: 'users/1/messages/AAMkAGUw', tenantId: randomUUID(),
      resourceData: { '@odata.type': '#Microsoft.Graph.Message', 'id': 'AAMkAGUw' },
    }],
  }), { id: false }),
  'google-pubsub': sample('message', ({ id, time }) => ({
    message: { messageId: id, message_id: id, publishTime: time.toISOString(), attributes: {}, data: Buffer.from('hello').toString('base64') },
    subscription: 'projects/example/subscriptions/sample',
  }), { headers: { 'user-agent': 'CloudPubSub-Google' }, id: () => String(BigInt(`0x${randomUUID().slice(0, 8)}`) + 1_000_000_000_000_000n) }),
  'cloudflare-stream': sample('ready', ({ id, type, time }) => ({ uid: id, readyToStream: true, status: { state: type }, created: time.toISOString(), duration: 12.3 }), { id: () => randomUUID().replaceAll('-', '') }),
  'cloudflare-notifications': sample('health_check_status_notification', ({ type, time }) => ({
    name: 'A sample', text: 'The origin is healthy', alert_type: type, ts: unixTime(time), account_id: randomText(32), data: { status: 'Healthy', name: 'origin' },
  }), { id: false }),
  'fastly': sample('log', ({ time }) => [{ timestamp: time.toISOString(), client_ip: '192.0.2.1', url: '/', response_status: 200 }], { id: false }),
  'digitalocean': sample('alert', ({ time }) => ({ title: 'CPU is high', droplet: 'web-1', value: 91, at: time.toISOString() }), { id: false }),
  'hook0': sample('order.created', ({ time }) => ({ order: { total: 4900, currency: 'EUR' }, created_at: time.toISOString() }), {
    headers: { 'x-event-id': randomUUID(), 'x-event-type': 'shop.order.created' }, id: false,
  }),
};
