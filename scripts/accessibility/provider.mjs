// Who signs in while the pages are checked: the smallest OpenID provider, which lets in one person without asking.
import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createServer } from "node:http";

export function startProvider(issuer, person) {
  const kid = randomUUID();
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
  const attempts = new Map();
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = (claims) => {
    const text = `${part({ alg: "RS256", kid, typ: "JWT" })}.${part(claims)}`;
    return `${text}.${sign("RSA-SHA256", Buffer.from(text), privateKey).toString("base64url")}`;
  };
  const answers = {
    "/.well-known/openid-configuration": () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["none", "client_secret_basic", "client_secret_post"],
    }),
    "/jwks": () => ({ keys: [jwk] }),
    "/token": (form) => {
      const { nonce, client } = attempts.get(form.get("code")) ?? {};
      const now = Math.floor(Date.now() / 1000);
      const access = randomUUID();
      const half = createHash("sha256").update(access).digest().subarray(0, 16).toString("base64url");
      const claims = { ...person, iss: issuer, aud: client, iat: now, exp: now + 600, nonce, at_hash: half };
      return { access_token: access, token_type: "Bearer", expires_in: 600, id_token: token(claims) };
    },
    "/userinfo": () => person,
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url, issuer);
    if (url.pathname === "/authorize") {
      const code = randomUUID();
      attempts.set(code, { nonce: url.searchParams.get("nonce"), client: url.searchParams.get("client_id") });
      const back = new URL(url.searchParams.get("redirect_uri"));
      back.searchParams.set("code", code);
      back.searchParams.set("state", url.searchParams.get("state"));
      response.writeHead(303, { Location: back.href }).end();
      return;
    }
    let body = "";
    request.on("data", (some) => { body += some; });
    request.on("end", () => {
      const answer = answers[url.pathname];
      response.writeHead(answer ? 200 : 404, { "Content-Type": "application/json" });
      response.end(JSON.stringify(answer?.(new URLSearchParams(body)) ?? {}));
    });
  });
  return new Promise((ready) => server.listen(new URL(issuer).port, "127.0.0.1", () => ready(server)));
}
