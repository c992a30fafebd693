//! Who asks a query? The holder of a token or an address: what budgets are kept for.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::HttpRequest;
use serde::{Deserialize, Deserializer};

use crate::auth::Actor;
use crate::ledger::TokenId;
use crate::outbound::Network;

/// So many addresses of `X-Forwarded-For` are looked at, from the end.
const HOPS_MAX: usize = 16;
/// A household or a host gets a whole network of this length (RFC 6177), so it counts as one.
const IPV6_PREFIX: u32 = 64;

/// Whoever shares one budget.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Client {
    Token(TokenId),
    Address(IpAddr),
    /// The connection has no address.
    Unknown,
}

/// The proxies in front of the server: what they say about the client's address is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Network>);

impl Client {
    pub fn of(request: &HttpRequest, actor: &Actor, proxies: &Proxies) -> Self {
        if let Actor::Bearer(bearer) = actor {
            return Self::Token(bearer.token.clone());
        }
        let Some(peer) = request.peer_addr() else {
            return Self::Unknown;
        };
        let lines = request.headers().get_all("x-forwarded-for");
        let forwarded: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
        Self::Address(whole(proxies.client(peer.ip(), &forwarded.join(","))))
    }
}

impl Proxies {
    /// The last address on the way that is no proxy of ours. What stands before it anybody could
    /// have written.
    fn client(&self, peer: IpAddr, forwarded: &str) -> IpAddr {
        let mut client = peer;
        let mut hops = forwarded.rsplit(',').take(HOPS_MAX).map(str::trim);
        while self.holds(client) {
            match hops.next().and_then(address) {
                Some(before) => client = before,
                None => break,
            }
        }
        client
    }

    fn holds(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

/// An address as proxies write it: alone, or with a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let with_port = || text.parse::<SocketAddr>().ok().map(|both| both.ip());
    bare.parse().ok().or_else(with_port)
}

/// The address that stands for all that one client can have.
fn whole(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(four) => IpAddr::V4(four),
        IpAddr::V6(six) => {
            let kept = u128::MAX << (Ipv6Addr::BITS - IPV6_PREFIX);
            IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & kept))
        }
    }
}

impl<'de> Deserialize<'de> for Proxies {
    /// A list of networks; in a variable of the environment, a text with commas.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            List(Vec<String>),
            Text(String),
        }
        let parts = match Written::deserialize(deserializer)? {
            Written::List(list) => list,
            Written::Text(text) => text.split(',').map(str::to_owned).collect(),
        };
        let named = parts.iter().map(|part| part.trim());
        let networks = named.filter(|part| !part.is_empty()).map(str::parse);
        let networks: Result<Vec<Network>, _> = networks.collect();
        networks.map(Self).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn client_is(peer: &str, forwarded: &str, expected: &str) {
        let networks = ["127.0.0.0/8", "10.1.0.0/16"].map(|text| text.parse().unwrap());
        let proxies = Proxies(networks.to_vec());
        let client = whole(proxies.client(peer.parse().unwrap(), forwarded));
        assert_eq!(client, expected.parse::<IpAddr>().unwrap());
    }

    #[test]
    fn a_proxy_of_ours_is_believed_and_nobody_else() {
        client_is("127.0.0.1", "198.51.100.7", "198.51.100.7");
        client_is(
            "127.0.0.1",
            "192.0.2.1, 198.51.100.7, 10.1.2.3",
            "198.51.100.7",
        );
        client_is("203.0.113.9", "198.51.100.7", "203.0.113.9");
        client_is("127.0.0.1", "192.0.2.1, 198.51.100.7:4711", "198.51.100.7");
        client_is("127.0.0.1", "", "127.0.0.1");
        client_is("127.0.0.1", "nonsense", "127.0.0.1");
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_client() {
        client_is("127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::");
        client_is("127.0.0.1", "[2001:db8:1:2:ffff::1]:80", "2001:db8:1:2::");
        client_is("::ffff:203.0.113.9", "", "203.0.113.9");
    }
}
