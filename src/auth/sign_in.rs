//! How does a person come in, and who is it that comes back? Sign-ins, sessions, and tokens of identity providers.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use moka::sync::Cache;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::actor::{Actor, Catalogues, Grant, Person};
use super::claims::{Claims, Rule, Standing, Vouched, standing};
use super::jwt::{JwtError, Unverified};
use super::oidc::{Attempt, OidcError, Provider, Voucher};
use super::role::Role;
use super::visa::{Clearinghouse, VisaIssuer};
use crate::ledger::{
    AccountId, Arrival, Arrived, Identity, Ledger, LedgerError, Membership, NewSession, Session,
    SessionId, TokenHash, WaitingSignIn,
};
use crate::outbound::Outbound;

/// How long what a provider said of an opaque token is believed, at most.
const INTROSPECTED_FOR: SignedDuration = SignedDuration::from_secs(60);

/// How long a token stays unknown that no provider knew.
const UNKNOWN_FOR: SignedDuration = SignedDuration::from_secs(10);

/// Opaque tokens that are remembered.
const INTROSPECTED_MAX: u64 = 10_000;

/// The longest opaque token that providers are asked about.
const OPAQUE_BYTES_MAX: usize = 8 * 1024;

/// How long a person may take to sign in.
pub const SIGN_IN_WITHIN: SignedDuration = SignedDuration::from_mins(15);

/// What an operator says about signing in.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Identity providers by their names; the name stands in addresses.
    pub providers: BTreeMap<String, ProviderSettings>,
    pub rules: Vec<Rule>,
    /// How long a session lasts, in hours.
    pub session_hours: u32,
    /// How long a session lasts without being used, in minutes.
    pub idle_minutes: u32,
    /// How long the claims of an identity count, in days since it was last used.
    pub claims_days: u32,
    /// Sign-ins that one client may begin or end in a minute.
    pub attempts_per_minute: u32,
    /// Issuers of visas that are believed when they grant access to a dataset.
    pub visas: Vec<VisaIssuer>,
    /// How long such a grant counts after it was asserted, in days.
    pub visa_days: u32,
    /// How long keys are kept when a token names one that is not among them, in seconds.
    pub keys_seconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            providers: BTreeMap::new(),
            rules: Vec::new(),
            session_hours: 12,
            idle_minutes: 120,
            claims_days: 30,
            attempts_per_minute: 60,
            visas: Vec::new(),
            visa_days: 365,
            keys_seconds: 30,
        }
    }
}

/// One identity provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSettings {
    /// What people call it.
    pub title: Option<String>,
    /// Its issuer, letter by letter: a slash at the end is part of it.
    pub issuer: String,
    pub client_id: String,
    /// By the environment; [`ProviderSettings::client_secret_file`] is the other way. Neither makes a public client.
    #[serde(default)]
    pub client_secret: Option<ClientSecretSetting>,
    /// A file with the secret and nothing else.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    #[serde(default = "usual_scopes")]
    pub scopes: Vec<String>,
    /// Audiences of machine tokens that mean us, besides our own address.
    #[serde(default)]
    pub audiences: Vec<String>,
    /// Whether the provider is asked about tokens that are no JWT (RFC 7662).
    #[serde(default)]
    pub introspect: bool,
}

fn usual_scopes() -> Vec<String> {
    ["openid", "profile", "email"].map(str::to_owned).to_vec()
}

/// A secret of the settings. It prints as dots.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct ClientSecretSetting(String);

impl fmt::Debug for ClientSecretSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl ProviderSettings {
    /// The secret, from where the settings say.
    pub(super) fn secret(&self) -> Result<Option<String>, String> {
        match (&self.client_secret, &self.client_secret_file) {
            (Some(_), Some(_)) => {
                Err("it has a client_secret and a client_secret_file; leave one out".to_owned())
            }
            (Some(secret), None) => Ok(Some(secret.0.clone())),
            (None, Some(file)) => match std::fs::read_to_string(file) {
                Ok(secret) => Ok(Some(secret.trim().to_owned())),
                Err(error) => Err(format!("{} cannot be read: {error}", file.display())),
            },
            (None, None) => Ok(None),
        }
    }
}

/// Why somebody does not come in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("there is no identity provider «{0}» here")]
    UnknownProvider(String),
    #[error(
        "this sign-in is not known: it was finished already, took too long, or was begun elsewhere"
    )]
    UnknownAttempt,
    #[error("{provider} did not sign you in: {why}")]
    Refused { provider: String, why: String },
    #[error("this identity belongs to another account; sign in with it and unlink it there first")]
    LinkedElsewhere,
    #[error("this identity cannot be linked: the account has too many, or is gone")]
    CannotLink,
    #[error("the issuer of this token is none of those that we trust")]
    UnknownIssuer,
    #[error("this token is not accepted: {0}")]
    Token(#[from] JwtError),
    #[error(
        "this token is not accepted: none of the identity providers knows it, or it is for somebody else"
    )]
    Opaque,
    #[error(transparent)]
    Oidc(#[from] OidcError),
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(getrandom::Error),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// The door for people.
pub struct SignIn {
    settings: Settings,
    providers: Vec<Arc<Provider>>,
    /// The address of the Atlas, without a slash at the end.
    base: String,
    clearinghouse: Clearinghouse,
    /// What providers said of tokens that only they can read, by the hash of the token.
    introspected: Cache<[u8; 32], Introspected>,
}

/// What is remembered of a token that only its provider can read.
#[derive(Clone)]
struct Introspected {
    /// The provider and whom the token speaks for; `None` when it opens nothing.
    voucher: Option<(Arc<Provider>, Voucher)>,
    until: Timestamp,
}

/// What a browser keeps: 256 random bits. Prints as dots.
#[derive(Clone)]
pub struct CookieSecret([u8; 32]);

/// A sign-in that has begun.
pub struct Begun {
    /// Where the browser goes.
    pub address: String,
    /// What it keeps until it comes back.
    pub secret: CookieSecret,
}

/// Where somebody wants to go, and as whom.
pub struct Wanted {
    pub return_to: String,
    /// The account that gets the identity.
    pub link_to: Option<AccountId>,
}

/// What a provider sent a browser back with, and what the browser brings besides.
#[derive(Debug, Default)]
pub struct Returned {
    /// The secret that the sign-in began with.
    pub secret: Option<CookieSecret>,
    /// The family of the browser and of its address.
    pub client: String,
    pub code: Option<String>,
    pub state: Option<String>,
    /// RFC 9207.
    pub issuer: Option<String>,
    pub error: Option<String>,
    pub description: Option<String>,
}

/// A person who has come in.
pub struct Entered {
    pub secret: CookieSecret,
    pub return_to: String,
    pub lasts: SignedDuration,
}

/// A person with a session.
pub struct Present {
    pub actor: Actor,
    pub session: Session,
    pub standing: Standing,
    pub identities: Vec<Identity>,
}

impl CookieSecret {
    pub(super) fn generate() -> Result<Self, SignInError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(SignInError::NoRandomness)?;
        Ok(Self(bytes))
    }

    /// Reads the value of a cookie.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The value of the cookie.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the ledger keeps of it.
    pub(super) fn hash(&self) -> TokenHash {
        hash_of(&self.0)
    }

    /// A value that only who has the secret can tell, for one use: it gives nothing of the secret away.
    pub fn derive(&self, purpose: &str) -> String {
        let mut hasher = Sha256::new();
        hasher.update(b"vesalius:");
        hasher.update(purpose.as_bytes());
        hasher.update([0]);
        hasher.update(self.0);
        URL_SAFE_NO_PAD.encode(hasher.finalize())
    }
}

impl fmt::Debug for CookieSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

fn hash_of(bytes: &[u8]) -> TokenHash {
    TokenHash(Sha256::digest(bytes).into())
}

impl SignIn {
    pub fn new(settings: Settings, base: &str, outbound: &Outbound) -> Result<Self, SignInError> {
        let keys = SignedDuration::from_secs(settings.keys_seconds.into());
        let providers = settings.providers.iter().map(|(name, provider)| {
            Provider::new(name, provider, base, keys, outbound.clone()).map(Arc::new)
        });
        let clearinghouse =
            Clearinghouse::new(settings.visas.clone(), settings.visa_days, outbound.clone());
        Ok(Self {
            clearinghouse,
            introspected: Cache::new(INTROSPECTED_MAX),
            providers: providers.collect::<Result<_, _>>()?,
            base: base.to_owned(),
            settings,
        })
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The providers that a person may choose from.
    pub fn providers(&self) -> &[Arc<Provider>] {
        &self.providers
    }

    /// What people call an issuer.
    pub fn title<'a>(&'a self, issuer: &'a str) -> &'a str {
        self.by_issuer(issuer).map_or(issuer, |one| &one.title)
    }

    fn provider(&self, name: &str) -> Result<&Arc<Provider>, SignInError> {
        let mut all = self.providers.iter();
        let found = all.find(|provider| provider.name == name);
        found.ok_or_else(|| SignInError::UnknownProvider(name.to_owned()))
    }

    fn by_issuer(&self, issuer: &str) -> Option<&Arc<Provider>> {
        self.providers.iter().find(|one| one.issuer == issuer)
    }

    fn redirect(&self, provider: &Provider) -> String {
        format!("{}/sign-in/{}/callback", self.base, provider.name)
    }

    /// Begins to sign somebody in.
    pub async fn begin(
        &self,
        ledger: &Ledger,
        provider: &str,
        wanted: Wanted,
        now: Timestamp,
    ) -> Result<Begun, SignInError> {
        let provider = self.provider(provider)?;
        let secret = CookieSecret::generate()?;
        let attempt = Attempt {
            state: CookieSecret::generate()?.reveal(),
            nonce: secret.derive("nonce"),
            verifier: secret.derive("verifier"),
        };
        let waiting = WaitingSignIn {
            state: hash_of(attempt.state.as_bytes()),
            secret: secret.hash(),
            issuer: provider.issuer.clone(),
            return_to: wanted.return_to,
            link_to: wanted.link_to,
            expires_at: now + SIGN_IN_WITHIN,
        };
        let redirect = self.redirect(provider);
        let address = provider.address(attempt, &redirect, now).await?;
        ledger.await_sign_in(waiting, now).await?;
        let address = address.into();
        Ok(Begun { address, secret })
    }

    /// Signs in who comes back from a provider with the secret that began it, once. `present` is the account of the
    /// browser's session.
    pub async fn finish(
        &self,
        ledger: &Ledger,
        provider: &str,
        returned: Returned,
        present: Option<&AccountId>,
        now: Timestamp,
    ) -> Result<Entered, SignInError> {
        let provider = self.provider(provider)?;
        let (state, secret) = returned
            .state
            .zip(returned.secret)
            .ok_or(SignInError::UnknownAttempt)?;
        // The state is used up, whatever follows.
        let waiting = ledger.take_sign_in(&hash_of(state.as_bytes()), now).await?;
        let waiting = waiting.ok_or(SignInError::UnknownAttempt)?;
        let is_same = waiting.secret.is(&secret.hash()) && waiting.issuer == provider.issuer;
        if !is_same || (waiting.link_to.is_some() && waiting.link_to.as_ref() != present) {
            return Err(SignInError::UnknownAttempt);
        }
        let refused = |why: String| SignInError::Refused {
            provider: provider.title.clone(),
            why,
        };
        if returned
            .issuer
            .is_some_and(|issuer| issuer != provider.issuer)
        {
            return Err(refused("the answer comes from another issuer".to_owned()));
        }
        if let Some(error) = returned.error {
            let why = returned.description.unwrap_or(error);
            return Err(refused(why.chars().take(300).collect()));
        }
        let code = returned.code;
        let code = code.ok_or_else(|| refused("there is no code in its answer".to_owned()))?;
        let attempt = Attempt {
            state,
            nonce: secret.derive("nonce"),
            verifier: secret.derive("verifier"),
        };
        let redirect = self.redirect(provider);
        let voucher = provider.redeem(code, attempt, &redirect, now).await?;
        let session = CookieSecret::generate()?;
        let subject = voucher.subject.clone();
        let arrival = Arrival {
            issuer: provider.issuer.clone(),
            subject: voucher.subject.clone(),
            name: voucher.claims.name(),
            email: voucher.claims.email(),
            claims: voucher.claims.to_text(),
            link_to: waiting.link_to,
            fresh: AccountId(format!("person-{}", short(&CookieSecret::generate()?.0))),
            at: now,
        };
        let account = match ledger.arrive(arrival).await? {
            Arrived::At(account) => account,
            Arrived::LinkedElsewhere => return Err(SignInError::LinkedElsewhere),
            Arrived::CannotLink => return Err(SignInError::CannotLink),
        };
        if self.clearinghouse.is_open() {
            let who = (provider.issuer.clone(), subject);
            let visas = self.clearinghouse.admit(&voucher.passport, &who, now).await;
            ledger.put_visas(&account, &provider.issuer, &visas).await?;
        }
        let lasts = SignedDuration::from_hours(self.settings.session_hours.into());
        let standing = self.standing_of(ledger, &account, now).await?;
        let hash = session.hash();
        ledger
            .begin_session(NewSession {
                id: SessionId(short(&hash.0)),
                hash,
                account,
                issuer: provider.issuer.clone(),
                client: returned.client,
                roles: standing.grants.iter().map(told).collect(),
                created_at: now,
                expires_at: now + lasts,
            })
            .await?;
        Ok(Entered {
            secret: session,
            return_to: waiting.return_to,
            lasts,
        })
    }

    /// Who has the session of a cookie; nobody when it has ended.
    pub async fn present(
        &self,
        ledger: &Ledger,
        secret: &CookieSecret,
        now: Timestamp,
    ) -> Result<Option<Present>, LedgerError> {
        let Some(session) = ledger.session_by_hash(&secret.hash()).await? else {
            return Ok(None);
        };
        let idle = SignedDuration::from_mins(self.settings.idle_minutes.into());
        if session.expires_at <= now || session.used_at + idle <= now {
            return Ok(None);
        }
        ledger.touch_session(&session, now);
        let identities = ledger.identities(&session.account).await?;
        let memberships = ledger.memberships(&session.account).await?;
        let standing = self.standing(&identities, &memberships, now);
        let person = Person {
            author: session.account.0.clone(),
            account: Some(session.account.clone()),
            grants: standing.grants.clone(),
        };
        Ok(Some(Present {
            actor: Actor::Person(person),
            session,
            standing,
            identities,
        }))
    }

    /// Whether a text looks like a token of a provider, and not like one of ours.
    pub fn is_foreign(token: &str) -> bool {
        token.bytes().filter(|byte| *byte == b'.').count() == 2
    }

    /// Whom a provider's token speaks for.
    pub async fn bearer(
        &self,
        ledger: &Ledger,
        token: &str,
        now: Timestamp,
    ) -> Result<Actor, SignInError> {
        let token = Unverified::parse(token)?;
        let issuer = token.issuer().and_then(|issuer| self.by_issuer(issuer));
        let provider = issuer.ok_or(SignInError::UnknownIssuer)?;
        let voucher = provider.bearer(token, now).await?;
        self.vouched(ledger, provider, &voucher).await
    }

    /// Whether a token may be one that only its provider can read.
    pub fn is_opaque(&self, token: &str) -> bool {
        let is_ours = token.starts_with("ves_");
        !is_ours && self.providers.iter().any(|one| one.introspects)
    }

    /// Whether it is known already what a provider says of an opaque token.
    pub fn remembers(&self, token: &str, now: Timestamp) -> bool {
        let kept = self.introspected.get(&hash_of(token.as_bytes()).0);
        kept.is_some_and(|kept| now < kept.until)
    }

    /// Whom an opaque token speaks for.
    pub async fn opaque(
        &self,
        ledger: &Ledger,
        token: &str,
        now: Timestamp,
    ) -> Result<Actor, SignInError> {
        if token.len() > OPAQUE_BYTES_MAX {
            return Err(SignInError::Opaque);
        }
        let hash = hash_of(token.as_bytes()).0;
        let kept = self.introspected.get(&hash);
        let kept = match kept.filter(|kept| now < kept.until) {
            Some(kept) => kept,
            None => {
                let asked = self.introspect(token, now).await?;
                self.introspected.insert(hash, asked.clone());
                asked
            }
        };
        match &kept.voucher {
            Some((provider, voucher)) => self.vouched(ledger, provider, voucher).await,
            None => Err(SignInError::Opaque),
        }
    }

    /// Asks one provider after the other. One that does not answer is no answer: the next may know.
    async fn introspect(&self, token: &str, now: Timestamp) -> Result<Introspected, SignInError> {
        let mut failed = None;
        for provider in self.providers.iter().filter(|one| one.introspects) {
            match provider.introspect(token, now).await {
                Ok(Some((voucher, ends))) => {
                    return Ok(Introspected {
                        voucher: Some((Arc::clone(provider), voucher)),
                        until: ends.min(now + INTROSPECTED_FOR),
                    });
                }
                Ok(None) => (),
                Err(error) => failed = Some(error),
            }
        }
        match failed {
            Some(error) => Err(error.into()),
            None => Ok(Introspected {
                voucher: None,
                until: now + UNKNOWN_FOR,
            }),
        }
    }

    /// The actor that a provider vouches for by a token.
    async fn vouched(
        &self,
        ledger: &Ledger,
        provider: &Provider,
        voucher: &Voucher,
    ) -> Result<Actor, SignInError> {
        let known = ledger.identity(&provider.issuer, &voucher.subject).await?;
        let vouched = Vouched {
            provider: &provider.name,
            subject: &voucher.subject,
            claims: &voucher.claims,
        };
        // The token alone says what it may do, not what else is known of the person.
        let standing = standing(&self.settings.rules, &[vouched], Vec::new());
        let account = known.map(|identity| identity.account);
        let unknown = || {
            let name = format!("{}\n{}", provider.issuer, voucher.subject);
            format!("subject-{}", short(&hash_of(name.as_bytes()).0))
        };
        let author = account.as_ref().map(|account| account.0.clone());
        let author = author.unwrap_or_else(unknown);
        Ok(Actor::Person(Person {
            author,
            account,
            grants: standing.grants,
        }))
    }

    /// An account as an actor, for what is sent to its person while they are away; `None` when there is no such
    /// account.
    pub async fn absent(
        &self,
        ledger: &Ledger,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Option<Actor>, LedgerError> {
        let identities = ledger.identities(account).await?;
        if identities.is_empty() {
            return Ok(None);
        }
        let memberships = ledger.memberships(account).await?;
        let standing = self.standing(&identities, &memberships, now);
        Ok(Some(Actor::Person(Person {
            author: account.0.clone(),
            account: Some(account.clone()),
            grants: standing.grants,
        })))
    }

    /// The page of the provider on which the session there is ended, if it has one.
    pub async fn end_session(&self, issuer: &str, now: Timestamp) -> Option<String> {
        let provider = self.by_issuer(issuer)?;
        let back = format!("{}/", self.base);
        provider.end_session(&back, now).await.map(Into::into)
    }

    /// What an account may do now.
    pub async fn standing_of(
        &self,
        ledger: &Ledger,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Standing, LedgerError> {
        let identities = ledger.identities(account).await?;
        let memberships = ledger.memberships(account).await?;
        Ok(self.standing(&identities, &memberships, now))
    }

    /// What identities give together, of providers that are still trusted and claims that are not too old, and
    /// what stewards gave besides.
    fn standing(
        &self,
        identities: &[Identity],
        memberships: &[Membership],
        now: Timestamp,
    ) -> Standing {
        let age_max = SignedDuration::from_hours(24 * i64::from(self.settings.claims_days));
        let fresh = identities.iter().filter_map(|identity| {
            let provider = self.by_issuer(&identity.issuer)?;
            let counts = now.duration_since(identity.seen_at) < age_max;
            counts.then(|| (provider, identity, Claims::of_text(&identity.claims)))
        });
        let fresh: Vec<_> = fresh.collect();
        let vouched: Vec<Vouched<'_>> = fresh
            .iter()
            .map(|(provider, identity, claims)| Vouched {
                provider: &provider.name,
                subject: &identity.subject,
                claims,
            })
            .collect();
        let given = memberships.iter().filter_map(|membership| {
            Some(Grant {
                role: Role::from_word(&membership.role)?,
                catalogues: Catalogues::of_list(&membership.catalogues),
            })
        });
        standing(&self.settings.rules, &vouched, given.collect())
    }
}

/// A grant in words, for the audit.
fn told(grant: &Grant) -> String {
    if grant.role.is_for_catalogues() {
        format!("{}: {}", grant.role, grant.catalogues.to_list().join(", "))
    } else {
        grant.role.to_string()
    }
}

/// Twelve letters for a name that nobody needs to guess.
pub(super) fn short(bytes: &[u8; 32]) -> String {
    hex::encode(&bytes[..6])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_dots_and_gives_each_purpose_a_value_of_its_own() {
        let secret = CookieSecret::generate().unwrap();
        let same = CookieSecret::parse(&secret.reveal()).unwrap();
        assert!(secret.hash().is(&same.hash()));
        assert_eq!(format!("{secret:?}"), "…");
        assert_ne!(secret.derive("nonce"), secret.derive("verifier"));
        assert_eq!(secret.derive("nonce"), same.derive("nonce"));
        assert!(CookieSecret::parse("short").is_none());
    }

    #[test]
    fn an_issuer_without_tls_is_taken_on_this_machine_only() {
        let outbound = Outbound::new(crate::outbound::Settings::default());
        let with = |issuer: &str| {
            let text = format!("[providers.x]\nissuer = \"{issuer}\"\nclient_id = \"us\"");
            let settings = toml::from_str(&text).unwrap();
            SignIn::new(settings, "https://atlas.example", &outbound).is_ok()
        };
        assert!(with("https://op.example/"));
        assert!(with("http://127.0.0.1:1234"));
        assert!(!with("http://op.example"));
        assert!(!with("http://127.0.0.1.op.example"));
        assert!(!with("op.example"));
    }

    #[test]
    fn a_secret_of_the_settings_is_never_printed() {
        let text = "[providers.x]\nissuer = \"https://op.example\"\nclient_id = \"us\"\nclient_secret = \"hush\"";
        let settings: Settings = toml::from_str(text).unwrap();
        assert!(!format!("{settings:?}").contains("hush"));
    }
}
