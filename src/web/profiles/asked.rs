//! Which profile does a request ask for? `Accept-Profile` and `?profile=` (W3C, Content Negotiation by Profile §7).

use actix_web::HttpRequest;
use actix_web::http::header::HeaderName;

use crate::catalogue::Catalogue;
use crate::catalogue::rendition::Offer;
use crate::rdf::NamedNode;
use crate::rdf::vocabulary::altr;
use crate::web::error::{Offered, WebError};
use crate::web::server::{header_text, parameter};

const ACCEPT_PROFILE: &str = "accept-profile";
/// The parameter, as people write it and as the standard does.
const PARAMETERS: [&str; 2] = ["profile", "_profile"];
/// What asks for the list of all profiles.
const LIST: [&str; 3] = ["alt", "alternates", "altr"];
/// How many alternatives of a header are looked at.
const ALTERNATIVES_MAX: usize = 64;
/// How much of what was asked for is said back, in characters.
const SAID_BACK_MAX: usize = 300;

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The list of the profiles that there are.
    List,
    /// By parameter: one, by token or address.
    One(String),
    /// By header: any of these, the best first.
    AnyOf(Vec<String>),
}

impl Asked {
    /// Reads a request. A parameter says more than a header.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let named = PARAMETERS.iter().find_map(|name| parameter(request, name));
        if let Some(name) = named.filter(|name| !name.trim().is_empty()) {
            let name = name.trim().to_owned();
            return Some(if is_list(&name) {
                Self::List
            } else {
                Self::One(name)
            });
        }
        let header = header_text(request, HeaderName::from_static(ACCEPT_PROFILE))?;
        let wanted = preferences(header);
        match wanted.first() {
            Some(first) if is_list(first) => Some(Self::List),
            Some(_) => Some(Self::AnyOf(wanted)),
            None => None,
        }
    }

    /// The same for the same wish.
    pub fn key(&self) -> String {
        match self {
            Self::List => LIST[0].to_owned(),
            Self::One(name) => format!("={name}"),
            Self::AnyOf(names) => names.join(" "),
        }
    }

    /// The offer that is meant; without one, what there is instead.
    pub fn choose<'a>(
        &self,
        offers: &'a [Offer],
        address: &dyn Fn(&Offer) -> String,
    ) -> Result<&'a Offer, WebError> {
        let found = match self {
            Self::List => offers.first(),
            Self::One(name) => best(name, offers),
            Self::AnyOf(names) => names.iter().find_map(|name| match name.as_str() {
                "*" => offers.first(),
                name => best(name, offers),
            }),
        };
        found.ok_or_else(|| {
            let offered = offers.iter().map(|offer| Offered {
                token: offer.profile.name.clone(),
                uri: offer.profile.iri.clone().map(NamedNode::into_string),
                url: Some(address(offer)),
            });
            self.refused(offered.collect())
        })
    }

    /// The name of the profile that is meant where many records are told.
    pub fn choose_for_all(&self, catalogue: &Catalogue) -> Result<Option<String>, WebError> {
        let name_of = |asked: &str| catalogue.offered(asked).map(|found| found.name.clone());
        let found = match self {
            Self::List => None,
            Self::One(name) => Some(name_of(name)),
            Self::AnyOf(names) if names.iter().any(|name| name == "*") => None,
            Self::AnyOf(names) => Some(names.iter().find_map(|name| name_of(name))),
        };
        match found {
            None => Ok(None),
            Some(Some(name)) => Ok(Some(name)),
            Some(None) => {
                let offered = catalogue.profiles().iter().map(|profile| Offered {
                    token: profile.name.clone(),
                    uri: profile.iri.clone().map(NamedNode::into_string),
                    url: None,
                });
                Err(self.refused(offered.collect()))
            }
        }
    }

    fn refused(&self, offered: Vec<Offered>) -> WebError {
        let asked = match self {
            Self::List => LIST[0].to_owned(),
            Self::One(name) => name.clone(),
            Self::AnyOf(names) => names.join(", "),
        };
        let asked = asked.chars().take(SAID_BACK_MAX).collect();
        WebError::NoProfile { asked, offered }
    }
}

/// The offer that is meant: the one of this name or address, else the newest whose name begins so.
pub fn best<'a>(name: &str, offers: &'a [Offer]) -> Option<&'a Offer> {
    let exact = offers.iter().find(|offer| offer.profile.name == name);
    let meant = || {
        let meant = offers.iter().filter(|offer| offer.is_meant_by(name));
        meant.max_by(|one, other| one.profile.name.cmp(&other.profile.name))
    };
    exact.or_else(meant)
}

fn is_list(name: &str) -> bool {
    LIST.contains(&name) || name.trim_end_matches('#') == altr::NAMESPACE.trim_end_matches('#')
}

/// The profiles of a header, the best first: `<IRI>;q=0.9, token, *`. Those with a quality of 0 are not wanted.
fn preferences(header: &str) -> Vec<String> {
    let mut found: Vec<(u16, String)> = Vec::new();
    let mut rest = header;
    while found.len() < ALTERNATIVES_MAX {
        rest = rest.trim_start_matches([',', ' ', '\t']);
        if rest.is_empty() {
            break;
        }
        let (name, after) = match rest.strip_prefix('<') {
            Some(iri) => iri.split_once('>').unwrap_or((iri, "")),
            None => rest.split_at(rest.find([',', ';']).unwrap_or(rest.len())),
        };
        let (parameters, next) = after.split_once(',').unwrap_or((after, ""));
        let quality = parameters
            .split(';')
            .find_map(|one| one.trim().strip_prefix("q="));
        let quality = quality.map_or(Some(1000), thousandths).unwrap_or(0);
        let name = name.trim();
        if quality > 0 && !name.is_empty() {
            found.push((quality, name.to_owned()));
        }
        rest = next;
    }
    found.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
    found.into_iter().map(|(_, name)| name).collect()
}

/// A quality between 0 and 1 (RFC 9110 §12.4.2).
fn thousandths(text: &str) -> Option<u16> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let part = format!("{part:0<3}");
    let part: u16 = part.get(..3)?.parse().ok()?;
    match whole {
        "1" => Some(1000),
        "0" => Some(part),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_by_quality_and_in_order() {
        let of = |text: &str| preferences(text).join(" ");
        assert_eq!(
            of("<https://a.example/x,y>;q=0.5, <https://b.example/>"),
            "https://b.example/ https://a.example/x,y"
        );
        assert_eq!(
            of("healthdcat-ap; q=0.2, dcat-ap;q=0.25 , *;q=0"),
            "dcat-ap healthdcat-ap"
        );
        assert_eq!(
            of("<https://a.example/>; q=nonsense, <never closed"),
            "never closed"
        );
        assert_eq!(of(" , ,,"), "");
    }

    #[test]
    fn a_header_of_any_length_is_read_in_bounds() {
        let many = "<https://a.example/>,".repeat(10_000);
        assert_eq!(preferences(&many).len(), ALTERNATIVES_MAX);
        let refused = ",;".repeat(10_000);
        assert!(preferences(&refused).is_empty());
    }
}
