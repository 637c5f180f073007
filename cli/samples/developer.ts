import { randomUUID } from 'node:crypto';
import { randomText } from './random-text';
import { sample, type Sample, type SampleEvent } from './sample';

const gitlabPush = ({ time }: SampleEvent): { readonly [name: string]: unknown } => ({
  object_kind: 'push', event_name: 'push', ref: 'refs/heads/main', checkout_sha: 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7', user_username: 'jsmith',
  project: { id: 15, name: 'Diaspora', path_with_namespace: 'mike/diaspora', default_branch: 'main' },
  commits: [{ id: 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7', message: 'Say hello', timestamp: time.toISOString(), modified: ['README.md'] }],
});

const buildkiteBuild = ({ type, time }: SampleEvent): { readonly [name: string]: unknown } => ({
  event: type,
  build: { id: randomUUID(), number: 1, state: 'passed', branch: 'main', message: 'Say hello', created_at: time.toISOString() },
  pipeline: { id: randomUUID(), slug: 'hello-world' },
});

/** Code, builds and incidents. */
export const developer: { readonly [scheme: string]: Sample } = {
  'gitlab-token': sample('Push Hook', gitlabPush, { headers: { 'user-agent': 'GitLab/18.0.0' } }),
  'gitlab-signing': sample('Push Hook', gitlabPush, { headers: { 'user-agent': 'GitLab/18.0.0' } }),
  'bitbucket': sample('repo:push', ({ time }) => ({
    actor: { display_name: 'Emma', type: 'user' },
    repository: { full_name: 'team/hello-world', type: 'repository' },
    push: { changes: [{ new: { type: 'branch', name: 'main', target: { hash: '709d658dc5b6d6afcd46049c2f332ee3f515a67d', date: time.toISOString() } } }] },
  }), { headers: { 'user-agent': 'Bitbucket-Webhooks/2.0', 'x-hook-uuid': '{0b8c2c9e-1c0c-4d1e-9a35-5d6e6b2d3f10}' } }),
  'jira': sample('jira:issue_updated', ({ type, time }) => ({
    timestamp: time.getTime(), webhookEvent: type, user: { displayName: 'Bryan Rollins' },
    issue: { id: '99291', key: 'JRA-20002', fields: { summary: 'The button does nothing', status: { name: 'In Progress' } } },
  })),
  'circleci': sample('workflow-completed', ({ id, type, time }) => ({
    id, type, happened_at: time.toISOString(), webhook: { id: randomUUID(), name: 'Sample' }, project: { slug: 'github/octocat/hello-world' },
    workflow: { id: randomUUID(), name: 'build-test', status: 'success' },
  }), { headers: { 'user-agent': 'CircleCI-Webhook/1.0' } }),
  'buildkite': sample('build.finished', buildkiteBuild, { headers: { 'user-agent': 'Buildkite-Request' }, id: false }),
  'buildkite-token': sample('build.finished', buildkiteBuild, { headers: { 'user-agent': 'Buildkite-Request' }, id: false }),
  'vercel': sample('deployment.created', ({ id, type, time }) => ({
    id, type, createdAt: time.getTime(), region: null, payload: { deployment: { id: `dpl_${randomText(24)}`, name: 'hello-world' }, target: 'production' },
  }), { id: () => `uev_${randomText(24)}` }),
  'netlify': sample('deploy_created', ({ time }) => ({
    id: randomText(24), site_id: randomUUID(), state: 'ready', name: 'hello-world', branch: 'main', created_at: time.toISOString(),
  }), { id: false }),
  'heroku': sample('api:release', ({ id, type, time }) => ({
    action: 'create', actor: { email: 'jenny.rosen@example.com' }, created_at: time.toISOString(), data: { version: 12, status: 'succeeded' }, id: randomUUID(),
    resource: 'release', version: 'application/vnd.heroku+json; version=3', webhook_metadata: { attempt: { id: randomUUID() }, delivery: { id }, event: { id: randomUUID(), include: type } },
  })),
  'sentry': sample('issue', ({ time }) => ({
    action: 'created', installation: { uuid: randomUUID() }, actor: { type: 'application', name: 'Sentry' },
    data: { issue: { id: '1170820242', shortId: 'IPE-1', title: 'Error: the button does nothing', status: 'unresolved', firstSeen: time.toISOString() } },
  }), { headers: { 'sentry-hook-timestamp': '0' } }),
  'pagerduty': sample('incident.triggered', ({ id, type, time }) => ({
    event: {
      id, event_type: type, resource_type: 'incident', occurred_at: time.toISOString(), agent: { id: 'PLH1HKV', type: 'user_reference' },
      data: { id: 'PGR0VU2', type: 'incident', number: 2, title: 'The database is full', status: 'triggered', urgency: 'high' },
    },
  }), { headers: { 'user-agent': 'PagerDuty-Webhook/V3.0', 'x-webhook-id': randomUUID() }, id: () => `01${randomText(24)}` }),
  'linear': sample('Issue', ({ type, time }) => ({
    action: 'create', type, createdAt: time.toISOString(), webhookTimestamp: time.getTime(), webhookId: randomUUID(),
    data: { id: randomUUID(), number: 1, title: 'The button does nothing', teamId: randomUUID() },
  }), { headers: { 'user-agent': 'Linear-Webhook' } }),
  'trello': sample('updateCard', ({ id, type, time }) => ({
    action: { id, type, date: time.toISOString(), data: { card: { id: '5f5b5c5d5e5f606162636465', name: 'Say hello' } } },
    model: { id: '5f5b5c5d5e5f606162636466', name: 'A board' },
  }), { id: () => randomText(24) }),
};
