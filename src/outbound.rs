//! The one way out to the network: how do we fetch a document from elsewhere without being led inside?
//!
//! A URL comes from a client or from a foreign catalogue, so it may point at this machine or at its neighbours.
//! Each hop is checked after its name was resolved: the connection goes to the very address that was checked,
//! which a second look-up could not promise. Bytes, time and redirects have bounds, and no proxy is asked.

use std::error::Error;
use std::fmt;
use std::io::{self, Read};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::{Duration, Instant};

use serde::Deserialize;
use ureq::Agent;
use ureq::config::Config;
use ureq::http::{Method, Request, Response, Uri};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::Url;

/// What an operator may say about the way out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Networks that are not public and may be reached all the same: `10.1.0.0/16`, `::1`.
    pub allow_private: Vec<Network>,
    /// The ports below 1024 that may be reached; those above always may.
    pub low_ports: Vec<u16>,
    /// How we name ourselves to other servers.
    pub user_agent: String,
    /// A file (PEM) with authorities that are believed besides those of the web: those of a house's own network.
    pub certificates: Option<Authorities>,
}

/// Authorities that vouch for servers, read from a file.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "PathBuf")]
pub struct Authorities(Vec<Vec<u8>>);

/// Why authorities cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthoritiesError {
    #[error("{0} cannot be read: {1}")]
    Read(PathBuf, #[source] io::Error),
    #[error("{0} holds no certificate in PEM")]
    None(PathBuf),
}

impl TryFrom<PathBuf> for Authorities {
    type Error = AuthoritiesError;

    fn try_from(file: PathBuf) -> Result<Self, Self::Error> {
        let read = std::fs::read(&file);
        let pem = read.map_err(|error| AuthoritiesError::Read(file.clone(), error))?;
        let certificates = parse_pem(&pem).filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate.der().to_vec()),
            _ => None,
        });
        let certificates: Vec<Vec<u8>> = certificates.collect();
        if certificates.is_empty() {
            return Err(AuthoritiesError::None(file));
        }
        Ok(Self(certificates))
    }
}

impl fmt::Debug for Authorities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} certificates", self.0.len())
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allow_private: Vec::new(),
            low_ports: vec![80, 443],
            user_agent: concat!("vesalius/", env!("CARGO_PKG_VERSION")).to_owned(),
            certificates: None,
        }
    }
}

/// The bounds of one fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest body, counted after decompression.
    pub bytes_max: usize,
    /// For everything: names, connections, redirects and the whole body.
    pub timeout: Duration,
    pub redirects_max: usize,
    /// The value of `Accept`.
    pub accept: String,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes_max: 10 * 1024 * 1024,
            timeout: Duration::from_secs(30),
            redirects_max: 5,
            accept: "*/*".to_owned(),
        }
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    pub bytes: Vec<u8>,
    /// In lower case, without parameters.
    pub media_type: Option<String>,
    /// Where the redirects ended.
    pub final_url: String,
}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    #[error("<{url}> is not a URL that we fetch: {reason}")]
    Url { url: String, reason: String },
    #[error("<{url}> uses port {port}, which is not open to us")]
    Port { url: String, port: u16 },
    #[error("<{url}> leads to {address}, which is not a public address")]
    Private { url: String, address: IpAddr },
    #[error("the host of <{url}> is not known")]
    UnknownHost { url: String },
    #[error("<{url}> did not answer in full within {} s", .timeout.as_secs_f32())]
    Timeout { url: String, timeout: Duration },
    #[error("the answer of <{url}> is longer than {bytes_max} bytes")]
    TooLong { url: String, bytes_max: usize },
    #[error("<{url}> redirects more than {redirects_max} times")]
    Redirects { url: String, redirects_max: usize },
    #[error("<{url}> answered {status}")]
    Status { url: String, status: u16 },
    #[error("<{url}> could not be fetched")]
    Transport {
        url: String,
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

/// The way out. Cheap to clone; connections to a server are kept and used again.
#[derive(Clone, Debug)]
pub struct Outbound {
    agent: Agent,
    /// The same with the operator's own authorities.
    inside: Option<Agent>,
    low_ports: Vec<u16>,
    allowed: Vec<Network>,
}

impl Outbound {
    pub fn new(settings: Settings) -> Self {
        let Settings {
            allow_private: allowed,
            low_ports,
            user_agent,
            certificates,
        } = settings;
        let agent = |roots: RootCerts| {
            let config = Agent::config_builder()
                .proxy(None)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .http_status_as_error(false)
                .user_agent(user_agent.clone())
                .tls_config(TlsConfig::builder().root_certs(roots).build())
                .build();
            let resolver = PublicOnly {
                inner: DefaultResolver::default(),
                allowed: allowed.clone(),
            };
            Agent::with_parts(config, DefaultConnector::default(), resolver)
        };
        let inside = certificates.map(|authorities| {
            let known = authorities.0.iter();
            let known = known.map(|der| Certificate::from_der(der).to_owned());
            agent(RootCerts::from(known.collect::<Vec<_>>()))
        });
        Self {
            agent: agent(RootCerts::WebPki),
            inside,
            allowed,
            low_ports,
        }
    }

    /// Whether an address may be connected to: it is public, or the operator allows it.
    pub fn admits(&self, address: IpAddr) -> bool {
        may_connect(address, &self.allowed)
    }

    /// Fetches a document by GET and follows redirects. Blocks: call it where blocking is allowed.
    pub fn fetch(&self, url: &str, limits: &Limits) -> Result<Fetched, OutboundError> {
        let deadline = Instant::now() + limits.timeout;
        let mut here = self.checked(url, None)?;
        for _ in 0..=limits.redirects_max {
            let mut response = self.get(&here, limits, deadline)?;
            if let Some(location) = location(&response) {
                here = self.checked(&location, Some(&here))?;
                continue;
            }
            let status = response.status();
            if !status.is_success() {
                let (url, status) = (here.into(), status.as_u16());
                return Err(OutboundError::Status { url, status });
            }
            return Ok(Fetched {
                bytes: body(&here, &mut response, limits)?,
                media_type: media_type(&response),
                final_url: here.into(),
            });
        }
        Err(OutboundError::Redirects {
            url: url.to_owned(),
            redirects_max: limits.redirects_max,
        })
    }

    /// Sends a request that another protocol has made, and gives back whatever is answered. Redirects are not
    /// followed: what was sent may be meant for nobody else. Blocks like [`Outbound::fetch`].
    #[expect(
        clippy::needless_pass_by_value,
        reason = "it may be sent twice, and whoever made it needs it no more"
    )]
    pub fn send(
        &self,
        request: Request<Vec<u8>>,
        limits: &Limits,
    ) -> Result<Response<Vec<u8>>, OutboundError> {
        let url = self.checked(&request.uri().to_string(), None)?;
        let timeout = Some(limits.timeout);
        let sent = self.tried(|agent| {
            if request.method() == Method::GET {
                let request = agent.configure_request(request.clone().map(|_| ()));
                agent.run(request.timeout_global(timeout).build())
            } else {
                let request = agent.configure_request(request.clone());
                agent.run(request.timeout_global(timeout).build())
            }
        });
        let mut response = sent.map_err(|error| failure(&url, limits, error))?;
        let bytes = body(&url, &mut response, limits)?;
        Ok(response.map(|_| bytes))
    }

    /// Sends a JSON text by POST and waits until it is taken. Blocks like [`Outbound::fetch`].
    pub fn post_json(&self, url: &str, body: String, limits: &Limits) -> Result<(), OutboundError> {
        let request = Request::post(url)
            .header("Content-Type", "application/json")
            .body(body.into_bytes());
        let request = request.map_err(|error| OutboundError::Url {
            url: url.to_owned(),
            reason: error.to_string(),
        })?;
        let status = self.send(request, limits)?.status();
        if status.is_success() {
            return Ok(());
        }
        let (url, status) = (url.to_owned(), status.as_u16());
        Err(OutboundError::Status { url, status })
    }

    /// The URL of the next hop, if it may be asked at all.
    fn checked(&self, text: &str, base: Option<&Url>) -> Result<Url, OutboundError> {
        let refused = |reason: &str| OutboundError::Url {
            url: text.to_owned(),
            reason: reason.to_owned(),
        };
        let parsed = Url::options().base_url(base).parse(text);
        let mut url = parsed.map_err(|error| refused(&error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused("only http and https are fetched"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("it carries a user name or a password"));
        }
        let port = url.port_or_known_default().unwrap_or_default();
        if port < 1024 && !self.low_ports.contains(&port) {
            let url = url.into();
            return Err(OutboundError::Port { url, port });
        }
        url.set_fragment(None);
        Ok(url)
    }

    fn get(
        &self,
        url: &Url,
        limits: &Limits,
        deadline: Instant,
    ) -> Result<Response<ureq::Body>, OutboundError> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let (url, timeout) = (url.to_string(), limits.timeout);
            return Err(OutboundError::Timeout { url, timeout });
        }
        let answer = self.tried(|agent| {
            let request = agent.get(url.as_str());
            let request = request.config().timeout_global(Some(left)).build();
            request.header("Accept", &limits.accept).call()
        });
        answer.map_err(|error| failure(url, limits, error))
    }

    /// Asks with the authorities of the web, then with the operator's: where a certificate is not believed, nothing
    /// was sent yet.
    fn tried<T>(&self, ask: impl Fn(&Agent) -> Result<T, ureq::Error>) -> Result<T, ureq::Error> {
        match (ask(&self.agent), &self.inside) {
            (Err(error), Some(inside)) if is_not_believed(&error) => ask(inside),
            (answer, _) => answer,
        }
    }
}

/// Whether a server was not who it must be, before anything was said.
fn is_not_believed(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Rustls(_) => true,
        // What the handshake finds comes as an I/O error.
        ureq::Error::Io(error) => error.kind() == io::ErrorKind::InvalidData,
        _ => false,
    }
}

fn location(response: &Response<ureq::Body>) -> Option<String> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let value = response.headers().get("location")?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn media_type(response: &Response<ureq::Body>) -> Option<String> {
    let value = response.headers().get("content-type")?.to_str().ok()?;
    let (essence, _) = value.split_once(';').unwrap_or((value, ""));
    Some(essence.trim().to_ascii_lowercase())
}

fn body(
    url: &Url,
    response: &mut Response<ureq::Body>,
    limits: &Limits,
) -> Result<Vec<u8>, OutboundError> {
    let mut bytes = Vec::new();
    let mut reader = response.body_mut().as_reader();
    let one_more = limits.bytes_max as u64 + 1;
    let read = reader.by_ref().take(one_more).read_to_end(&mut bytes);
    read.map_err(|error| failure(url, limits, ureq::Error::from(error)))?;
    if bytes.len() > limits.bytes_max {
        let (url, bytes_max) = (url.to_string(), limits.bytes_max);
        return Err(OutboundError::TooLong { url, bytes_max });
    }
    Ok(bytes)
}

/// Our word for what went wrong inside the client.
fn failure(url: &Url, limits: &Limits, error: ureq::Error) -> OutboundError {
    let (url, timeout) = (url.to_string(), limits.timeout);
    match unwrapped(error) {
        ureq::Error::Timeout(_) => OutboundError::Timeout { url, timeout },
        ureq::Error::HostNotFound => OutboundError::UnknownHost { url },
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => {
            OutboundError::Timeout { url, timeout }
        }
        ureq::Error::Other(source) => match source.downcast::<Refused>() {
            Ok(refused) => OutboundError::Private {
                url,
                address: refused.0,
            },
            Err(source) => OutboundError::Transport { url, source },
        },
        error => OutboundError::Transport {
            url,
            source: error.into(),
        },
    }
}

/// The client wraps its own errors in I/O errors while a body is read.
fn unwrapped(error: ureq::Error) -> ureq::Error {
    match error {
        ureq::Error::Io(error) => match error.downcast::<ureq::Error>() {
            Ok(inner) => inner,
            Err(error) => ureq::Error::Io(error),
        },
        error => error,
    }
}

/// Resolves names and leaves only the addresses that may be connected to.
#[derive(Debug)]
struct PublicOnly {
    inner: DefaultResolver,
    allowed: Vec<Network>,
}

/// Every address of a host is private; this is the first of them.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not a public address")]
struct Refused(IpAddr);

impl Resolver for PublicOnly {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let may = |address: &&SocketAddr| may_connect(address.ip(), &self.allowed);
        let mut kept = self.empty();
        for address in found.iter().filter(may) {
            kept.push(*address);
        }
        match found.first() {
            Some(first) if kept.is_empty() => {
                Err(ureq::Error::Other(Box::new(Refused(first.ip()))))
            }
            _ => Ok(kept),
        }
    }
}

fn may_connect(address: IpAddr, allowed: &[Network]) -> bool {
    is_public(address) || allowed.iter().any(|network| network.contains(address))
}

/// Whether an address belongs to the public internet, by the registries of special-purpose addresses
/// (RFC 6890 and its successors). What is not known to be public is not.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Networks that are not public, by first address and length of prefix.
const PRIVATE_V4: &[(Ipv4Addr, u8)] = &[
    (Ipv4Addr::UNSPECIFIED, 8),            // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),       // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),    // shared by carriers (CGNAT)
    (Ipv4Addr::new(127, 0, 0, 0), 8),      // loopback
    (Ipv4Addr::new(168, 63, 129, 16), 32), // a cloud's own services, public only by its look
    (Ipv4Addr::new(169, 254, 0, 0), 16),   // link-local, with the clouds' metadata
    (Ipv4Addr::new(172, 16, 0, 0), 12),    // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),     // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),     // documentation
    (Ipv4Addr::new(192, 88, 99, 0), 24),   // 6to4 relays
    (Ipv4Addr::new(192, 168, 0, 0), 16),   // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),    // benchmarks
    (Ipv4Addr::new(198, 51, 100, 0), 24),  // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),   // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),      // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4),      // reserved, broadcast
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let inside = |(first, length): &(Ipv4Addr, u8)| {
        same_prefix(
            address.to_bits().into(),
            first.to_bits().into(),
            32,
            *length,
        )
    };
    !PRIVATE_V4.iter().any(inside)
}

/// Parts of `2000::/3` that are not public.
const PRIVATE_V6: &[(Ipv6Addr, u8)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments, Teredo, benchmarks, ORCHID
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4 carries any IPv4 address inside
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
];

/// Everything that is given out publicly.
const GLOBAL_UNICAST: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = embedded(address) {
        return is_public_v4(inner);
    }
    let inside = |(first, length): &(Ipv6Addr, u8)| {
        same_prefix(address.to_bits(), first.to_bits(), 128, *length)
    };
    inside(&GLOBAL_UNICAST) && !PRIVATE_V6.iter().any(inside)
}

/// The IPv4 address that is really reached: through mapped addresses (`::ffff:0:0/96`) and the well-known
/// prefix of NAT64 (`64:ff9b::/96`), which networks without IPv4 need for the public internet.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let nat64 = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);
    if same_prefix(address.to_bits(), nat64.to_bits(), 128, 96) {
        let [.., a, b, c, d] = address.octets();
        return Some(Ipv4Addr::new(a, b, c, d));
    }
    address.to_ipv4_mapped()
}

fn same_prefix(left: u128, right: u128, width: u32, length: u8) -> bool {
    let shift = width - u32::from(length);
    left.checked_shr(shift).unwrap_or(0) == right.checked_shr(shift).unwrap_or(0)
}

/// A network in the notation of RFC 4632, `10.1.0.0/16`, or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    first: IpAddr,
    length: u8,
}

/// A text that is no network.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0:?} is not a network: write an address, or an address and the length of its prefix, 10.1.0.0/16"
)]
pub struct NetworkError(String);

impl Network {
    pub fn contains(&self, address: IpAddr) -> bool {
        let real = match address {
            IpAddr::V6(inner) => embedded(inner).map_or(address, IpAddr::V4),
            IpAddr::V4(_) => address,
        };
        match (self.first, real) {
            (IpAddr::V4(first), IpAddr::V4(real)) => same_prefix(
                real.to_bits().into(),
                first.to_bits().into(),
                32,
                self.length,
            ),
            (IpAddr::V6(first), IpAddr::V6(real)) => {
                same_prefix(real.to_bits(), first.to_bits(), 128, self.length)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NetworkError(text.to_owned());
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let first: IpAddr = address.parse().map_err(|_| wrong())?;
        let width = if first.is_ipv4() { 32 } else { 128 };
        let length = match length {
            Some(length) => length.parse().map_err(|_| wrong())?,
            None => width,
        };
        if length > width {
            return Err(wrong());
        }
        Ok(Self { first, length })
    }
}

impl TryFrom<String> for Network {
    type Error = NetworkError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    #[test]
    fn addresses_that_are_not_public_are_refused() {
        let refused = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.254",
            "127.0.0.1",
            "127.8.8.8",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a00:1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::808:808",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "fd00:ec2::254",
        ];
        for text in refused {
            assert!(
                !is_public(text.parse().unwrap()),
                "{text} passes for public"
            );
        }
    }

    #[test]
    fn public_addresses_pass() {
        let public = [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "193.0.0.1",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "2a00:1450::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ];
        for text in public {
            assert!(is_public(text.parse().unwrap()), "{text} is refused");
        }
    }

    #[test]
    fn networks_are_read_and_contain_their_addresses() {
        let network = |text: &str| text.parse::<Network>();
        let within =
            |text: &str, address: &str| network(text).unwrap().contains(address.parse().unwrap());
        assert!(within("10.1.0.0/16", "10.1.255.255"));
        assert!(!within("10.1.0.0/16", "10.2.0.0"));
        assert!(within("127.0.0.1", "::ffff:127.0.0.1"));
        assert!(within("fd00::/8", "fdab::1"));
        assert!(within("0.0.0.0/0", "10.0.0.1"));
        assert!(!within("0.0.0.0/0", "::1"));
        for wrong in ["", "10.0.0.0/33", "::/129", "host/8", "10.0.0.0/-1"] {
            assert!(network(wrong).is_err(), "{wrong}");
        }
        assert_eq!(network("::1").unwrap().to_string(), "::1/128");
    }

    #[test]
    fn settings_say_what_is_unknown() {
        let settings: Settings = toml::from_str("allow_private = [\"10.0.0.0/8\"]").unwrap();
        assert_eq!(settings.allow_private, ["10.0.0.0/8".parse().unwrap()]);
        assert_eq!(settings.low_ports, [80, 443]);
        assert!(toml::from_str::<Settings>("alow_private = []").is_err());
        assert!(toml::from_str::<Settings>("allow_private = [\"ten\"]").is_err());
    }

    #[test]
    fn loopback_is_refused_in_every_spelling() {
        let outbound = Outbound::new(Settings::default());
        let spellings = [
            "http://127.0.0.1:9999/",
            "http://localhost:9999/",
            "http://[::1]:9999/",
            "http://0x7f.1:9999/",
            "http://2130706433:9999/",
            "http://0177.0.0.1:9999/",
            "http://[::ffff:127.0.0.1]:9999/",
            "http://0:9999/",
            "https://127.0.0.1/",
            "http://169.254.169.254/latest/meta-data/",
        ];
        for url in spellings {
            let error = outbound.fetch(url, &Limits::default()).unwrap_err();
            assert!(
                matches!(error, OutboundError::Private { .. }),
                "{url}: {error}"
            );
        }
    }

    #[test]
    fn only_web_urls_on_web_ports_are_fetched() {
        let outbound = Outbound::new(Settings::default());
        let fetch = |url: &str| outbound.fetch(url, &Limits::default()).unwrap_err();
        for url in [
            "file:///etc/passwd",
            "ftp://example.org/",
            "gopher://example.org/",
            "data:,x",
            "/here",
            "",
        ] {
            assert!(matches!(fetch(url), OutboundError::Url { .. }), "{url}");
        }
        assert!(matches!(
            fetch("http://a:b@example.org/"),
            OutboundError::Url { .. }
        ));
        assert!(matches!(
            fetch("http://example.org:25/"),
            OutboundError::Port { port: 25, .. }
        ));
    }

    #[test]
    fn a_document_is_fetched_with_its_type() {
        let server = serve(vec![answer(
            "200 OK",
            "Content-Type: Text/Turtle; charset=utf-8\r\n",
            b"<a> <b> <c> .",
        )]);
        let limits = Limits {
            accept: "text/turtle".to_owned(),
            ..Limits::default()
        };
        let fetched = to_loopback()
            .fetch(&format!("{}/x#part", server.url), &limits)
            .unwrap();
        assert_eq!(fetched.bytes, b"<a> <b> <c> .");
        assert_eq!(fetched.media_type.as_deref(), Some("text/turtle"));
        assert_eq!(fetched.final_url, format!("{}/x", server.url));
        let request = server.requests.join().unwrap().remove(0).to_lowercase();
        assert!(request.starts_with("get /x http/1.1"), "{request}");
        assert!(request.contains("accept: text/turtle"), "{request}");
        assert!(request.contains("user-agent: vesalius/"), "{request}");
    }

    #[test]
    fn a_redirect_is_followed_and_named() {
        let server = serve(vec![
            answer("302 Found", "Location: ../there?x=1\r\n", b""),
            answer("200 OK", "", b"here"),
        ]);
        let fetched = to_loopback()
            .fetch(&format!("{}/a/b", server.url), &Limits::default())
            .unwrap();
        assert_eq!(fetched.bytes, b"here");
        assert_eq!(fetched.media_type, None);
        assert_eq!(fetched.final_url, format!("{}/there?x=1", server.url));
    }

    #[test]
    fn a_redirect_is_checked_like_a_first_url() {
        for (target, wanted) in [
            ("http://10.0.0.1/", "not a public address"),
            ("http://[::ffff:192.168.0.1]:8080/", "not a public address"),
            ("file:///etc/passwd", "only http and https"),
            ("http://127.0.0.1:22/", "port 22"),
        ] {
            let server = serve(vec![answer(
                "301 Moved",
                &format!("Location: {target}\r\n"),
                b"",
            )]);
            let error = to_loopback()
                .fetch(&server.url, &Limits::default())
                .unwrap_err();
            assert!(error.to_string().contains(wanted), "{target}: {error}");
        }
    }

    #[test]
    fn redirects_have_an_end() {
        let server = serve(vec![answer("302 Found", "Location: /again\r\n", b""); 3]);
        let limits = Limits {
            redirects_max: 2,
            ..Limits::default()
        };
        let error = to_loopback().fetch(&server.url, &limits).unwrap_err();
        assert!(
            matches!(
                error,
                OutboundError::Redirects {
                    redirects_max: 2,
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn a_body_that_is_too_long_is_refused() {
        let exactly = serve(vec![answer("200 OK", "", &[b'x'; 100])]);
        let limits = Limits {
            bytes_max: 100,
            ..Limits::default()
        };
        assert_eq!(
            to_loopback()
                .fetch(&exactly.url, &limits)
                .unwrap()
                .bytes
                .len(),
            100
        );
        let longer = serve(vec![answer("200 OK", "", &[b'x'; 101])]);
        let error = to_loopback().fetch(&longer.url, &limits).unwrap_err();
        assert!(
            matches!(error, OutboundError::TooLong { bytes_max: 100, .. }),
            "{error}"
        );
    }

    #[test]
    fn a_body_is_counted_after_decompression() {
        let bomb = answer("200 OK", "Content-Encoding: gzip\r\n", TEN_THOUSAND_X);
        let limits = Limits {
            bytes_max: 9_999,
            ..Limits::default()
        };
        let error = to_loopback()
            .fetch(&serve(vec![bomb.clone()]).url, &limits)
            .unwrap_err();
        assert!(matches!(error, OutboundError::TooLong { .. }), "{error}");
        let whole = to_loopback()
            .fetch(&serve(vec![bomb]).url, &Limits::default())
            .unwrap();
        assert_eq!(whole.bytes, [b'x'; 10_000]);
    }

    /// The letter x, 10,000 times, as gzip.
    const TEN_THOUSAND_X: &[u8] = &[
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc1, 0x01, 0x0d, 0x00,
        0x00, 0x00, 0xc2, 0xa0, 0xda, 0x8f, 0x6f, 0x0e, 0x37, 0xa0, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0xe0, 0xdf, 0x00, 0xa3, 0xa4, 0x55, 0x0d, 0x10, 0x27, 0x00, 0x00,
    ];

    #[test]
    fn an_answer_that_does_not_end_is_given_up() {
        let mut endless = answer("200 OK", "", b"x");
        endless.drain(endless.len() - 1..);
        let server = serve(vec![endless]);
        let limits = Limits {
            timeout: Duration::from_millis(150),
            ..Limits::default()
        };
        let error = to_loopback().fetch(&server.url, &limits).unwrap_err();
        assert!(matches!(error, OutboundError::Timeout { .. }), "{error:?}");
    }

    #[test]
    fn a_failed_answer_is_an_error_with_its_status() {
        let server = serve(vec![answer("404 Not Found", "", b"no")]);
        let error = to_loopback()
            .fetch(&server.url, &Limits::default())
            .unwrap_err();
        assert!(
            matches!(error, OutboundError::Status { status: 404, .. }),
            "{error}"
        );
    }

    struct Server {
        url: String,
        requests: thread::JoinHandle<Vec<String>>,
    }

    /// A server that gives these answers, one to a connection, and returns the heads of the requests.
    fn serve(answers: Vec<Vec<u8>>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = thread::spawn(move || {
            let exchange = |answer: Vec<u8>| {
                let (mut stream, _) = listener.accept().unwrap();
                stream
                    .set_read_timeout(Some(Duration::from_secs(5)))
                    .unwrap();
                let head = head(&mut BufReader::new(&stream));
                stream.write_all(&answer).unwrap();
                // An answer shorter than it says keeps the connection open until the client gives up.
                let _ = stream.read(&mut [0; 1]);
                head
            };
            answers.into_iter().map(exchange).collect()
        });
        Server { url, requests }
    }

    fn head(reader: &mut impl BufRead) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
        head
    }

    fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
        );
        [head.as_bytes(), body].concat()
    }

    fn to_loopback() -> Outbound {
        Outbound::new(Settings {
            allow_private: vec!["127.0.0.0/8".parse().unwrap()],
            ..Settings::default()
        })
    }
}
