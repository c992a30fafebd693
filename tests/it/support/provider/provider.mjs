// An OpenID provider for tests: whoever was named last signs in without a page, and tokens of any kind can be had.
import { createHmac, createPublicKey, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import Provider from 'oidc-provider';

const [port, atlas] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

function key(kid) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { privateKey, jwk: { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } };
}

const signing = key('one');
const stranger = key('one');
const next = key('two');
const keys = [signing];
let person = { sub: 'nobody' };

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const pem = (pair) => createPublicKey(pair.privateKey).export({ type: 'spki', format: 'pem' });

// A token as good or as bad as a test wants it.
function token({ header = {}, payload = {}, by = 'issuer' }) {
  const now = Math.floor(Date.now() / 1000);
  const head = { alg: 'RS256', kid: 'one', typ: 'at+jwt', ...header };
  const body = { iss: issuer, aud: atlas, sub: 'machine', iat: now, exp: now + 300, jti: randomUUID(), ...payload };
  const message = `${encoded(head)}.${encoded(body)}`;
  const by_key = (pair) => createSign('RSA-SHA256').update(message).sign(pair.privateKey, 'base64url');
  const signatures = {
    issuer: () => by_key(signing),
    stranger: () => by_key(stranger),
    next: () => by_key(next),
    nobody: () => '',
    public: () => createHmac('sha256', pem(signing)).update(message).digest('base64url'),
  };
  return `${message}.${signatures[by]()}`;
}

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'atlas',
      client_secret: 'a-secret-of-the-tests-that-is-long-enough',
      redirect_uris: [`${atlas}/sign-in/op/callback`],
      post_logout_redirect_uris: [`${atlas}/`],
      grant_types: ['authorization_code', 'refresh_token'],
    },
    {
      client_id: 'machine',
      client_secret: 'another-secret-of-the-tests-long-enough',
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
    },
    {
      client_id: 'stranger',
      client_secret: 'another-secret-of-the-tests-long-enough',
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
    },
  ],
  jwks: { keys: [signing.jwk] },
  cookies: { keys: ['a key of the tests'] },
  pkce: { required: () => true },
  scopes: ['openid', 'offline_access', 'profile', 'email', 'entitlements'],
  claims: {
    openid: ['sub'],
    profile: ['name'],
    email: ['email', 'email_verified'],
    entitlements: ['entitlements', 'eduperson_entitlement', 'groups', 'eduperson_assurance', 'schac_home_organization', 'ga4gh_passport_v1'],
  },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ ...person, sub }) }),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({ scope: 'write', audience: atlas, accessTokenFormat: 'jwt' }),
    },
    rpInitiatedLogout: { enabled: true },
  },
  extraTokenClaims: () => ({ entitlements: person.entitlements }),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  async loadExistingGrant(ctx) {
    const { client, session } = ctx.oidc;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid offline_access profile email entitlements');
    await grant.save();
    return grant;
  },
});

async function body(ctx) {
  let text = '';
  for await (const piece of ctx.req) text += piece;
  return JSON.parse(text || '{}');
}

provider.use(async (ctx, proceed) => {
  if (ctx.path.startsWith('/interaction/')) {
    const result = person.refuses
      ? { error: 'access_denied', error_description: 'the person said no' }
      : { login: { accountId: person.sub } };
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
  } else if (ctx.path === '/test/person') {
    person = await body(ctx);
    ctx.status = 204;
  } else if (ctx.path === '/test/token') {
    ctx.body = token(await body(ctx));
  } else if (ctx.path === '/test/rotate') {
    keys.push(next);
    ctx.status = 204;
  } else if (ctx.path === '/jwks') {
    const visible = ({ jwk: { kty, n, e, kid, use, alg } }) => ({ kty, n, e, kid, use, alg });
    ctx.body = { keys: keys.map(visible) };
  } else {
    await proceed();
  }
});

provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
// Whoever started it holds the other end of this pipe, and is gone when it closes.
process.stdin.resume().on('end', () => process.exit());
