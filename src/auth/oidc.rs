//! Who does an identity provider say this is? OpenID Connect: discovery, code with PKCE, logout, its tokens.
//!
//! A provider is asked when somebody needs it, never at start, and what it says of itself is kept for an hour. Its
//! issuer is compared as text: two issuers that differ by a slash are two (OpenID Connect Discovery §4.3).

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod,
    CoreGenderClaim, CoreGrantType, CoreIdTokenVerifier, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode,
    CoreResponseType, CoreSubjectIdentifierType, CoreTokenResponse,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AdditionalProviderMetadata, AuthenticationFlow,
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, DiscoveryError, HttpRequest,
    HttpResponse, IssuerUrl, LogoutProviderMetadata, LogoutRequest, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl,
    ProviderMetadata, RedirectUrl, Scope, SubjectIdentifier, TokenResponse as _, UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::claims::Claims;
use super::jwt::{self, ALGORITHMS, JwtError, Unverified};
use super::sign_in::ProviderSettings;
use crate::outbound::{Limits, Outbound, OutboundError};

/// What a provider says of itself, with where sessions end and opaque tokens are asked about.
type Metadata = ProviderMetadata<
    LogoutProviderMetadata<Introspection>,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// RFC 8414 §2.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Introspection {
    #[serde(default)]
    introspection_endpoint: Option<String>,
}

impl AdditionalProviderMetadata for Introspection {}

/// The claim that holds visas (GA4GH Passport).
const PASSPORT: &str = "ga4gh_passport_v1";

/// The most visas that one passport may hold.
const VISAS_MAX: usize = 500;

/// How long what a provider says of itself is believed.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(1);

/// How long an answer about a token counts when it says no end.
const INTROSPECTED_FOR: SignedDuration = SignedDuration::from_secs(60);

/// How long a provider that failed is left alone.
const FAILED_FOR: SignedDuration = SignedDuration::from_secs(5);

/// The longest answer of a provider, in bytes.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// How long a provider may take for one answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// An identity provider of the settings.
pub struct Provider {
    /// Its name in the settings and in addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
    pub issuer: String,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    scopes: Vec<String>,
    audiences: Vec<String>,
    keys_kept_for: SignedDuration,
    /// Whether it is asked about tokens that only it can read.
    pub(super) introspects: bool,
    outbound: Outbound,
    known: tokio::sync::Mutex<Known>,
}

/// What is known of a provider.
#[derive(Default)]
struct Known {
    metadata: Option<(Arc<Metadata>, Timestamp)>,
    failed: Option<(OidcError, Timestamp)>,
}

/// The values that bind an answer of the provider to what was asked.
#[derive(Clone)]
pub(super) struct Attempt {
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

/// Whom the provider vouches for.
#[derive(Clone, Debug)]
pub(super) struct Voucher {
    pub subject: String,
    pub claims: Claims,
    /// Visas, as the provider sent them: nobody has verified them yet.
    pub passport: Vec<String>,
}

/// Why a provider vouches for nobody.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OidcError {
    #[error("{provider} cannot be reached: {why}")]
    Unreachable { provider: String, why: String },
    #[error("{provider} did not accept this sign-in: {why}")]
    Refused { provider: String, why: String },
    #[error("what {provider} sent is not believed: {why}")]
    NotBelieved { provider: String, why: String },
    #[error("the token of {provider} is not accepted: {source}")]
    Token {
        provider: String,
        #[source]
        source: JwtError,
    },
    #[error("the settings of {provider} cannot be used: {why}")]
    Settings { provider: String, why: String },
}

/// Claims beyond those of the standard.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Further(#[serde(default)] Map<String, Value>);

impl AdditionalClaims for Further {}

impl Provider {
    pub(super) fn new(
        name: &str,
        settings: &ProviderSettings,
        base: &str,
        keys_kept_for: SignedDuration,
        outbound: Outbound,
    ) -> Result<Self, OidcError> {
        let unusable = |why: String| OidcError::Settings {
            provider: name.to_owned(),
            why,
        };
        let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        if name.is_empty() || !name.chars().all(fits) {
            return Err(unusable(
                "its name is not made of letters, digits and -".to_owned(),
            ));
        }
        let issuer = Url::parse(&settings.issuer);
        let issuer = issuer.map_err(|error| unusable(format!("its issuer is no URL: {error}")))?;
        // Without TLS a stranger on the way could vouch for anybody; on this machine there is no way.
        if issuer.scheme() != "https" && !is_this_machine(&issuer) {
            return Err(unusable("its issuer must begin with https://".to_owned()));
        }
        let secret = settings.secret().map_err(unusable)?;
        let mut audiences = settings.audiences.clone();
        audiences.push(base.to_owned());
        Ok(Self {
            name: name.to_owned(),
            title: settings.title.clone().unwrap_or_else(|| name.to_owned()),
            issuer: settings.issuer.clone(),
            client_id: ClientId::new(settings.client_id.clone()),
            client_secret: secret.map(ClientSecret::new),
            scopes: settings.scopes.clone(),
            audiences,
            keys_kept_for,
            introspects: settings.introspect,
            outbound,
            known: tokio::sync::Mutex::default(),
        })
    }

    /// Where the browser goes to sign in.
    pub(super) async fn address(
        &self,
        attempt: Attempt,
        redirect: &str,
        now: Timestamp,
    ) -> Result<Url, OidcError> {
        let metadata = self.metadata(now, KNOWN_FOR).await?;
        let redirect = self.redirect(redirect)?;
        let client = CoreClient::from_provider_metadata(
            (*metadata).clone(),
            self.client_id.clone(),
            self.client_secret.clone(),
        )
        .set_redirect_uri(redirect);
        let verifier = PkceCodeVerifier::new(attempt.verifier);
        let scopes = self.scopes.iter().filter(|scope| *scope != "openid");
        let (address, _, _) = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || CsrfToken::new(attempt.state),
                || Nonce::new(attempt.nonce),
            )
            .add_scopes(scopes.cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(address)
    }

    /// Whom the provider vouches for with this code.
    pub(super) async fn redeem(
        self: &Arc<Self>,
        code: String,
        attempt: Attempt,
        redirect: &str,
        now: Timestamp,
    ) -> Result<Voucher, OidcError> {
        let metadata = self.metadata(now, KNOWN_FOR).await?;
        let redirect = self.redirect(redirect)?;
        let provider = Arc::clone(self);
        let work = move || provider.redeem_now(&metadata, code, &attempt, redirect);
        match tokio::task::spawn_blocking(work).await {
            Ok(voucher) => voucher,
            Err(error) => Err(self.unreachable(&error)),
        }
    }

    fn redeem_now(
        &self,
        metadata: &Metadata,
        code: String,
        attempt: &Attempt,
        redirect: RedirectUrl,
    ) -> Result<Voucher, OidcError> {
        let client = CoreClient::from_provider_metadata(
            metadata.clone(),
            self.client_id.clone(),
            self.client_secret.clone(),
        )
        .set_redirect_uri(redirect);
        let http = |request: HttpRequest| self.call(request);
        let tokens: CoreTokenResponse = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| self.not_believed(&error))?
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()))
            .request(&http)
            .map_err(|error| OidcError::Refused {
                provider: self.title.clone(),
                why: error.to_string(),
            })?;
        let (subject, mut claims) = self.identity(metadata, &tokens, attempt)?;
        let mut passport = Vec::new();
        if metadata.userinfo_endpoint().is_some() {
            let expected = SubjectIdentifier::new(subject.clone());
            let asked = client
                .user_info(tokens.access_token().clone(), Some(expected))
                .map_err(|error| self.not_believed(&error))?
                .request::<Further, CoreGenderClaim, _>(&http);
            match asked.map(|more: UserInfoClaims<_, _>| serde_json::to_value(more)) {
                Ok(Ok(Value::Object(mut more))) => {
                    passport = visas(more.remove(PASSPORT));
                    claims.complete_with(Claims::of(more));
                }
                Ok(_) => (),
                // The ID token says enough to sign in; roles may need more, and then there are fewer.
                Err(error) => {
                    tracing::warn!(provider = self.name, %error, "userinfo could not be read");
                }
            }
        }
        Ok(Voucher {
            subject,
            claims,
            passport,
        })
    }

    /// The subject and the claims of the ID token (OpenID Connect Core §3.1.3.7).
    fn identity(
        &self,
        metadata: &Metadata,
        tokens: &CoreTokenResponse,
        attempt: &Attempt,
    ) -> Result<(String, Claims), OidcError> {
        let id_token = tokens
            .id_token()
            .ok_or_else(|| self.not_believed(&"there is no ID token"))?;
        let issuer = metadata.issuer().clone();
        let keys = metadata.jwks().clone();
        let verifier = match &self.client_secret {
            Some(secret) => CoreIdTokenVerifier::new_confidential_client(
                self.client_id.clone(),
                secret.clone(),
                issuer,
                keys,
            ),
            None => CoreIdTokenVerifier::new_public_client(self.client_id.clone(), issuer, keys),
        };
        let verifier = verifier.set_allowed_algs(ALGORITHMS);
        let verified = id_token
            .claims(&verifier, &Nonce::new(attempt.nonce.clone()))
            .map_err(|error| self.not_believed(&error))?;
        if verified.issuer().as_str() != self.issuer {
            return Err(self.not_believed(&"the ID token is from another issuer"));
        }
        if let Some(wanted) = verified.access_token_hash() {
            let made = id_token
                .signing_alg()
                .ok()
                .zip(id_token.signing_key(&verifier).ok());
            let made = made.and_then(|(algorithm, key)| {
                AccessTokenHash::from_token(tokens.access_token(), algorithm, key).ok()
            });
            if made.as_ref() != Some(wanted) {
                return Err(self.not_believed(&"the access token is not the ID token's"));
            }
        }
        let subject = verified.subject().as_str().to_owned();
        let payload =
            jwt::payload(&id_token.to_string()).map_err(|error| self.not_believed(&error))?;
        Ok((subject, Claims::of(payload)))
    }

    /// Whom a token of the provider speaks for: a machine, or a person by a machine.
    pub(super) async fn bearer(
        &self,
        token: Unverified<'_>,
        now: Timestamp,
    ) -> Result<Voucher, OidcError> {
        let refused = |source| OidcError::Token {
            provider: self.title.clone(),
            source,
        };
        let mut metadata = self.metadata(now, KNOWN_FOR).await?;
        if !token.names_one_of(metadata.jwks().keys()) {
            // The provider may have a new key; strangers cannot make us ask for it all the time.
            metadata = self.metadata(now, self.keys_kept_for).await?;
        }
        let keys: &Vec<CoreJsonWebKey> = metadata.jwks().keys();
        let payload = token
            .verified(keys, &self.audiences, now)
            .map_err(refused)?;
        let subject = payload.get("sub").and_then(Value::as_str);
        let subject = subject.ok_or(refused(JwtError::Malformed))?.to_owned();
        let claims = Claims::of(payload);
        Ok(Voucher {
            subject,
            claims,
            passport: Vec::new(),
        })
    }

    /// Whom a token speaks for that only the provider can read (RFC 7662), and until when; `None` when it opens
    /// nothing, or is for somebody else.
    pub(super) async fn introspect(
        self: &Arc<Self>,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<(Voucher, Timestamp)>, OidcError> {
        let metadata = self.metadata(now, KNOWN_FOR).await?;
        let (provider, token) = (Arc::clone(self), token.to_owned());
        let work = move || provider.introspect_now(&metadata, &token, now);
        match tokio::task::spawn_blocking(work).await {
            Ok(answer) => answer,
            Err(error) => Err(self.unreachable(&error)),
        }
    }

    fn introspect_now(
        &self,
        metadata: &Metadata,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<(Voucher, Timestamp)>, OidcError> {
        let endpoint = &metadata.additional_metadata().additional_metadata;
        let endpoint = endpoint.introspection_endpoint.as_deref();
        let endpoint =
            endpoint.ok_or_else(|| self.not_believed(&"it names no endpoint for introspection"))?;
        let answer = self.ask(self.question(endpoint, token)?)?;
        let ends = jwt::instant(&answer, "exp").unwrap_or(now + INTROSPECTED_FOR);
        let begins = jwt::instant(&answer, "nbf").unwrap_or(now);
        let is_active = answer.get("active") == Some(&Value::Bool(true));
        let by_other = answer
            .get("iss")
            .is_some_and(|issuer| issuer.as_str() != Some(&self.issuer));
        // A machine that acts for nobody is itself the subject, as RFC 9068 §2.2 has it.
        let subject = answer.get("sub").or_else(|| answer.get("client_id"));
        let subject = subject.and_then(Value::as_str).map(str::to_owned);
        let Some(subject) = subject.filter(|subject| !subject.is_empty()) else {
            return Ok(None);
        };
        if !is_active || by_other || ends <= now || begins > now || !self.is_for_us(&answer) {
            return Ok(None);
        }
        let mut claims = Claims::of(answer);
        if claims.are_thin()
            && let Some(endpoint) = metadata.userinfo_endpoint()
        {
            claims.complete_with(self.userinfo(endpoint.as_str(), token, &subject));
        }
        let voucher = Voucher {
            subject,
            claims,
            passport: Vec::new(),
        };
        Ok(Some((voucher, ends)))
    }

    /// A token that was made for another service must not work here: it names us as its audience, or was given to us
    /// or to a client that the settings name.
    fn is_for_us(&self, answer: &Map<String, Value>) -> bool {
        let client = answer.get("client_id").and_then(Value::as_str);
        jwt::is_for(answer, &self.audiences)
            || client.is_some_and(|client| {
                client == self.client_id.as_str() || self.audiences.iter().any(|one| one == client)
            })
    }

    fn question(&self, endpoint: &str, token: &str) -> Result<HttpRequest, OidcError> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", token);
        form.append_pair("token_type_hint", "access_token");
        let request = openidconnect::http::Request::post(endpoint)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded");
        let request = match &self.client_secret {
            Some(secret) => request.header("Authorization", self.basic(secret)),
            None => {
                form.append_pair("client_id", self.client_id.as_str());
                request
            }
        };
        let request = request.body(form.finish().into_bytes());
        request.map_err(|error| self.not_believed(&error))
    }

    /// RFC 6749 §2.3.1.
    fn basic(&self, secret: &ClientSecret) -> String {
        let encoded = |text: &str| -> String {
            url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
        };
        let pair = format!(
            "{}:{}",
            encoded(self.client_id.as_str()),
            encoded(secret.secret())
        );
        format!("Basic {}", STANDARD.encode(pair))
    }

    fn userinfo(&self, endpoint: &str, token: &str, subject: &str) -> Claims {
        let request = openidconnect::http::Request::get(endpoint)
            .header("Accept", "application/json")
            .header("Authorization", format!("Bearer {token}"))
            .body(Vec::new());
        let answer = request.map_err(|error| self.not_believed(&error));
        match answer.and_then(|request| self.ask(request)) {
            // OpenID Connect Core §5.3.2: of the same person, or of nobody.
            Ok(answer) if answer.get("sub").and_then(Value::as_str) == Some(subject) => {
                Claims::of(answer)
            }
            Ok(_) => Claims::default(),
            Err(error) => {
                tracing::debug!(provider = self.name, %error, "userinfo could not be read");
                Claims::default()
            }
        }
    }

    /// The JSON object that a provider answers.
    fn ask(&self, request: HttpRequest) -> Result<Map<String, Value>, OidcError> {
        let answer = self
            .call(request)
            .map_err(|error| self.unreachable(&told(&error)))?;
        if !answer.status().is_success() {
            let why = format!("it answered {}", answer.status().as_u16());
            return Err(self.unreachable(&why));
        }
        serde_json::from_slice(answer.body()).map_err(|error| self.not_believed(&error))
    }

    /// Where a person ends the session at the provider, too (OpenID Connect RP-Initiated Logout 1.0).
    pub(super) async fn end_session(&self, back: &str, now: Timestamp) -> Option<Url> {
        let metadata = self.metadata(now, KNOWN_FOR).await.ok()?;
        let endpoint = metadata
            .additional_metadata()
            .end_session_endpoint
            .clone()?;
        let back = PostLogoutRedirectUrl::new(back.to_owned()).ok()?;
        let request = LogoutRequest::from(endpoint)
            .set_client_id(self.client_id.clone())
            .set_post_logout_redirect_uri(back);
        Some(request.http_get_url())
    }

    /// What the provider says of itself, no older than that.
    async fn metadata(
        &self,
        now: Timestamp,
        age_max: SignedDuration,
    ) -> Result<Arc<Metadata>, OidcError> {
        // One at a time: whoever waits finds what the first has brought.
        let mut known = self.known.lock().await;
        if let Some((metadata, at)) = &known.metadata
            && now.duration_since(*at) < age_max
        {
            return Ok(Arc::clone(metadata));
        }
        if let Some((error, at)) = &known.failed
            && now.duration_since(*at) < FAILED_FOR
        {
            return Err(error.clone());
        }
        match self.discover().await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *known = Known {
                    metadata: Some((Arc::clone(&metadata), now)),
                    failed: None,
                };
                Ok(metadata)
            }
            Err(error) => {
                tracing::warn!(provider = self.name, %error, "an identity provider does not answer");
                known.failed = Some((error.clone(), now));
                Err(error)
            }
        }
    }

    async fn discover(&self) -> Result<Metadata, OidcError> {
        let issuer =
            IssuerUrl::new(self.issuer.clone()).map_err(|error| self.unreachable(&error))?;
        let outbound = self.outbound.clone();
        let work = move || {
            let http = |request: HttpRequest| call(&outbound, request);
            Metadata::discover(&issuer, &http)
        };
        let found = tokio::task::spawn_blocking(work).await;
        let found = found.map_err(|error| self.unreachable(&error))?;
        let metadata = found.map_err(|error| match error {
            DiscoveryError::Validation(why) => self.not_believed(&why),
            error => self.unreachable(&told(&error)),
        })?;
        if metadata.issuer().as_str() != self.issuer {
            let why = format!(
                "it calls itself «{}», and the settings call it «{}»",
                metadata.issuer().as_str(),
                self.issuer
            );
            return Err(self.not_believed(&why));
        }
        Ok(metadata)
    }

    fn call(&self, request: HttpRequest) -> Result<HttpResponse, OutboundError> {
        call(&self.outbound, request)
    }

    fn redirect(&self, address: &str) -> Result<RedirectUrl, OidcError> {
        RedirectUrl::new(address.to_owned()).map_err(|error| self.not_believed(&error))
    }

    fn unreachable(&self, why: &impl ToString) -> OidcError {
        OidcError::Unreachable {
            provider: self.title.clone(),
            why: why.to_string(),
        }
    }

    fn not_believed(&self, why: &impl ToString) -> OidcError {
        OidcError::NotBelieved {
            provider: self.title.clone(),
            why: why.to_string(),
        }
    }
}

/// The visas of a passport; what is no list of texts holds none.
fn visas(passport: Option<Value>) -> Vec<String> {
    let Some(Value::Array(list)) = passport else {
        return Vec::new();
    };
    let texts = list.into_iter().take(VISAS_MAX);
    texts
        .filter_map(|visa| match visa {
            Value::String(text) => Some(text),
            _ => None,
        })
        .collect()
}

fn call(outbound: &Outbound, request: HttpRequest) -> Result<HttpResponse, OutboundError> {
    let limits = Limits {
        bytes_max: ANSWER_BYTES_MAX,
        timeout: ANSWER_WITHIN,
        ..Limits::default()
    };
    outbound.send(request, &limits)
}

/// An error with its causes, in one line.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

fn is_this_machine(address: &Url) -> bool {
    match address.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
