// A real OpenID Connect provider for the browser tests: `node provider.mjs JSON`, until it is ended.
// The JSON names its address, our app's address, client ID and secret, and the people: {"name": {"id_token": {claims},
// "userinfo": {claims}}}. Any of them signs in by name alone. It says "ready" when it listens, on 127.0.0.1.
// Pages of its own, because the package's fetch a font from the internet.
import { generateKeyPairSync, webcrypto } from 'node:crypto'
import { createServer } from 'node:http'

globalThis.crypto ??= webcrypto // Debian 12's node is 18, which keeps it elsewhere
const { Provider } = await import('oidc-provider')

const { address, app, client_id, client_secret, people } = JSON.parse(process.argv[2])
const { port } = new URL(address)

const page = (title, body) => `<!DOCTYPE html><html lang="en"><title>${title}</title><h1>${title}</h1>${body}</html>`
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })

const provider = new Provider(address, {
  clients: [{
    client_id,
    client_secret,
    redirect_uris: [`${app}/sign-in/provider/back`],
    post_logout_redirect_uris: [`${app}/sign-out/done`],
  }],
  jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256', kid: 'k' }] },
  cookies: { keys: ['signs the cookies of a test'] },
  pkce: { required: () => true },
  claims: { openid: ['sub'], profile: ['name', 'roles'], email: ['email'] },
  conformIdTokenClaims: false, // each person's claims say where they are told
  findAccount: (ctx, id) => people[id] && {
    accountId: id,
    claims: (use) => ({ sub: id, ...people[id][use] }),
  },
  async loadExistingGrant(ctx) { // nobody is asked for consent: the app is the authority's own
    const grant = new ctx.oidc.provider.Grant({ clientId: client_id, accountId: ctx.oidc.session.accountId })
    grant.addOIDCScope('openid profile email')
    await grant.save()
    return grant
  },
  interactions: { url: (ctx, { uid }) => `/interaction/${uid}` },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        const button = '<button form="op.logoutForm" name="logout" value="yes">Sign out here too</button>'
        ctx.body = page('Provider: sign out', `${form}${button}`)
      },
    },
  },
  renderError: (ctx, out) => { ctx.body = page('Provider: refused', out.error) },
  ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 3600, IdToken: 60, Interaction: 600, Session: 3600 },
})

async function interaction(request, response) {
  const { searchParams } = new URL(request.url, address)
  await provider.interactionDetails(request, response)
  const login = searchParams.get('login')
  if (searchParams.has('cancel')) {
    const error = { error: 'access_denied', error_description: '<b>Somebody</b> said no' }
    await provider.interactionFinished(request, response, error)
  } else if (login) {
    await provider.interactionFinished(request, response, { login: { accountId: login, remember: true } })
  } else {
    const form = '<form><label>Name <input name="login"></label> <button>Sign in</button></form>'
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(page('Provider: sign in', `${form}<a href="?cancel=1">Cancel</a>`))
  }
}

const rest = provider.callback()
createServer((request, response) => {
  const { pathname, search, searchParams } = new URL(request.url, address)
  const lead = (to) => response.writeHead(303, { Location: to }).end()
  // Signing out leads over another origin, as where the authority's own servers stand behind the provider.
  if (pathname === '/elsewhere') return lead(`${address}/session/end${search}&was_elsewhere=yes`)
  if (pathname === '/session/end' && !searchParams.has('was_elsewhere')) {
    return lead(`http://127.0.0.1:${port}/elsewhere${search}`)
  }
  if (!pathname.startsWith('/interaction/')) return rest(request, response)
  return interaction(request, response).catch((error) => {
    console.error(error)
    response.writeHead(500).end()
  })
}).listen(Number(port), '127.0.0.1', () => console.log('ready'))
