//! What does an entitlement of a federation say: which group, which role, by whose word?
//!
//! Groups are written as AARC-G069 says, `NAMESPACE:group:GROUP[:SUBGROUP…][:role=ROLE][#AUTHORITY]`, capabilities
//! as AARC-G027 says, `NAMESPACE:res:RESOURCE[:CHILD…][:act:ACTION[,ACTION…]][#AUTHORITY]`. They are taken apart and
//! compared by their parts: `…:group:EUCAIM` and `…:group:EUCAIM-visitors` have nothing in common.

use std::fmt;

use percent_encoding::percent_decode_str;

/// The longest entitlement that is read, in bytes.
pub const BYTES_MAX: usize = 2048;

/// What somebody is a member of, or may do, as their identity provider says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    /// In the spelling that was sent, `urn` and the identifier of the namespace in lower case (RFC 8141 §3).
    pub namespace: String,
    pub right: Right,
    /// Who says so. Optional since AARC-G069.
    pub authority: Option<String>,
}

/// What is entitled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Right {
    /// Membership: the group and what it stands in, from the top, and the role in that very group.
    Group {
        path: Vec<String>,
        role: Option<String>,
    },
    /// A capability: the resource and its child, and what may be done with it; no action means all.
    Resource {
        path: Vec<String>,
        actions: Vec<String>,
    },
}

/// Why a text is no entitlement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no entitlement: it is written urn:…:group:GROUP[:SUBGROUP][:role=ROLE][#AUTHORITY] or \
     urn:…:res:RESOURCE[:act:ACTION][#AUTHORITY]"
)]
pub struct EntitlementError(String);

impl Entitlement {
    /// Reads an entitlement.
    pub fn parse(text: &str) -> Result<Self, EntitlementError> {
        let read = || {
            if text.len() > BYTES_MAX {
                return None;
            }
            let (name, authority) = match text.split_once('#') {
                Some((name, authority)) => (name, Some(decoded(authority)?)),
                None => (text, None),
            };
            let segments: Vec<&str> = name.split(':').collect();
            if segments.len() < 4 || !segments[0].eq_ignore_ascii_case("urn") {
                return None;
            }
            // The namespace has at least an identifier, so the word cannot come sooner.
            let at = segments
                .iter()
                .skip(2)
                .position(|segment| matches!(*segment, "group" | "res"))?;
            let (before, rest) = segments.split_at(at + 2);
            let right = match rest {
                ["group", rest @ ..] => group(rest)?,
                [_, rest @ ..] => resource(rest)?,
                [] => return None,
            };
            Some(Self {
                namespace: namespace(before)?,
                right,
                authority,
            })
        };
        read().ok_or_else(|| EntitlementError(text.chars().take(200).collect()))
    }

    /// Whether who has this entitlement has what is asked for.
    ///
    /// A member of a group is a member of the groups that it stands in, but a role holds in its own group only. Who
    /// has a role in a group is a member of it. An authority that is asked for must be the one that is named; when
    /// none is named, the provider that sent the entitlement vouches for it (AARC-G069 §3).
    pub fn grants(&self, wanted: &Self) -> bool {
        let by_whom = match (&wanted.authority, &self.authority) {
            (Some(wanted), Some(named)) => wanted == named,
            (None, _) | (_, None) => true,
        };
        by_whom && self.namespace == wanted.namespace && self.right.holds(&wanted.right)
    }
}

impl Right {
    fn holds(&self, wanted: &Self) -> bool {
        match (self, wanted) {
            (
                Self::Group { path, role },
                Self::Group {
                    path: wanted,
                    role: wanted_role,
                },
            ) => match wanted_role {
                Some(_) => path == wanted && role == wanted_role,
                None => path.starts_with(wanted),
            },
            (
                Self::Resource { path, actions },
                Self::Resource {
                    path: wanted,
                    actions: wanted_actions,
                },
            ) => {
                // A capability over a resource reaches what stands below it.
                let all = actions.is_empty();
                let may = |action: &String| all || actions.contains(action);
                let all_wanted = wanted_actions.is_empty();
                wanted.starts_with(path) && (all || !all_wanted) && wanted_actions.iter().all(may)
            }
            (Self::Group { .. }, Self::Resource { .. })
            | (Self::Resource { .. }, Self::Group { .. }) => false,
        }
    }
}

fn namespace(segments: &[&str]) -> Option<String> {
    let mut parts = Vec::with_capacity(segments.len());
    for (place, segment) in segments.iter().enumerate() {
        if segment.is_empty() {
            return None;
        }
        parts.push(if place < 2 {
            segment.to_ascii_lowercase()
        } else {
            decoded(segment)?
        });
    }
    Some(parts.join(":"))
}

fn group(segments: &[&str]) -> Option<Right> {
    let (segments, role) = match segments.split_last() {
        Some((last, before)) if last.starts_with("role=") => {
            (before, Some(decoded(&last["role=".len()..])?))
        }
        _ => (segments, None),
    };
    // A role that does not stand at the end belongs to no group that we could name.
    if segments.iter().any(|segment| segment.starts_with("role=")) {
        return None;
    }
    let path = path(segments)?;
    Some(Right::Group { path, role })
}

fn resource(segments: &[&str]) -> Option<Right> {
    let at = segments.iter().position(|segment| *segment == "act");
    let (segments, actions) = match at {
        None => (segments, Vec::new()),
        Some(at) => {
            let [_, actions] = segments[at..] else {
                return None;
            };
            let actions: Option<Vec<String>> = actions.split(',').map(decoded).collect();
            (&segments[..at], actions?)
        }
    };
    let path = path(segments)?;
    Some(Right::Resource { path, actions })
}

fn path(segments: &[&str]) -> Option<Vec<String>> {
    if segments.is_empty() {
        return None;
    }
    segments.iter().map(|segment| decoded(segment)).collect()
}

/// A segment without its percent signs. Empty ones, and bytes that are no text, are refused.
fn decoded(segment: &str) -> Option<String> {
    let bytes = segment.as_bytes();
    let hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let whole = (0..bytes.len()).all(|at| bytes[at] != b'%' || (hex(at + 1) && hex(at + 2)));
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    (whole && !text.is_empty()).then(|| text.into_owned())
}

impl fmt::Display for Entitlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.namespace)?;
        match &self.right {
            Right::Group { path, role } => {
                f.write_str(":group")?;
                for segment in path {
                    write!(f, ":{}", Encoded(segment))?;
                }
                if let Some(role) = role {
                    write!(f, ":role={}", Encoded(role))?;
                }
            }
            Right::Resource { path, actions } => {
                f.write_str(":res")?;
                for segment in path {
                    write!(f, ":{}", Encoded(segment))?;
                }
                for (place, action) in actions.iter().enumerate() {
                    let before = if place == 0 { ":act:" } else { "," };
                    write!(f, "{before}{}", Encoded(action))?;
                }
            }
        }
        match &self.authority {
            Some(authority) => write!(f, "#{}", Encoded(authority)),
            None => Ok(()),
        }
    }
}

/// A segment in which nothing can be taken for a mark of the grammar.
struct Encoded<'a>(&'a str);

impl fmt::Display for Encoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const KEPT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
            .remove(b'-')
            .remove(b'.')
            .remove(b'_')
            .remove(b'~');
        percent_encoding::utf8_percent_encode(self.0, KEPT).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EUCAIM: &str = "urn:geant:lifescience-ri.eu:group:lifescience:communities_and_projects:EUCAIM#aai.lifescience-ri.eu";

    #[track_caller]
    fn read(text: &str) -> Entitlement {
        Entitlement::parse(text).unwrap()
    }

    #[track_caller]
    fn check(held: &str, wanted: &str, expected: bool) {
        let grants = read(held).grants(&read(wanted));
        assert_eq!(grants, expected, "{held} for {wanted}");
    }

    #[test]
    fn the_gate_of_the_first_federation_is_read() {
        let entitlement = read(EUCAIM);
        assert_eq!(entitlement.namespace, "urn:geant:lifescience-ri.eu");
        assert_eq!(
            entitlement.authority.as_deref(),
            Some("aai.lifescience-ri.eu")
        );
        let path = ["lifescience", "communities_and_projects", "EUCAIM"];
        let path = path.map(str::to_owned).to_vec();
        assert_eq!(entitlement.right, Right::Group { path, role: None });
    }

    #[test]
    fn a_member_of_a_group_is_a_member_of_its_parents_and_of_nothing_else() {
        check("urn:x:y:group:a:b:c", "urn:x:y:group:a:b", true);
        check("urn:x:y:group:a:b:c", "urn:x:y:group:a", true);
        check("urn:x:y:group:a:b", "urn:x:y:group:a:b:c", false);
        check("urn:x:y:group:a-b", "urn:x:y:group:a", false);
        check("urn:x:y:group:ab:c", "urn:x:y:group:a", false);
        check("urn:x:y:group:A", "urn:x:y:group:a", false);
        check("urn:x:y:z:group:a", "urn:x:y:group:a", false);
        check("URN:X:y:group:a", "urn:x:y:group:a", true);
    }

    #[test]
    fn a_role_holds_in_its_own_group_only() {
        check("urn:x:y:group:a:role=owner", "urn:x:y:group:a", true);
        check("urn:x:y:group:a", "urn:x:y:group:a:role=owner", false);
        check(
            "urn:x:y:group:a:role=owner",
            "urn:x:y:group:a:role=owner",
            true,
        );
        check(
            "urn:x:y:group:a:role=member",
            "urn:x:y:group:a:role=owner",
            false,
        );
        check(
            "urn:x:y:group:a:b:role=owner",
            "urn:x:y:group:a:role=owner",
            false,
        );
    }

    #[test]
    fn an_authority_that_is_named_must_be_the_one_that_is_asked_for() {
        check("urn:x:y:group:a#one", "urn:x:y:group:a#one", true);
        check("urn:x:y:group:a#two", "urn:x:y:group:a#one", false);
        check("urn:x:y:group:a", "urn:x:y:group:a#one", true);
        check("urn:x:y:group:a#two", "urn:x:y:group:a", true);
    }

    #[test]
    fn a_capability_reaches_what_stands_below_and_only_its_actions() {
        check("urn:x:y:res:atlas", "urn:x:y:res:atlas:act:write", true);
        check(
            "urn:x:y:res:atlas:act:read",
            "urn:x:y:res:atlas:act:write",
            false,
        );
        check(
            "urn:x:y:res:atlas:act:read,write",
            "urn:x:y:res:atlas:act:write",
            true,
        );
        check("urn:x:y:res:atlas:act:read", "urn:x:y:res:atlas", false);
        check("urn:x:y:res:atlas", "urn:x:y:res:atlas:child", true);
        check("urn:x:y:res:atlas:child", "urn:x:y:res:atlas", false);
        check("urn:x:y:res:atlas", "urn:x:y:group:atlas", false);
    }

    #[test]
    fn percent_signs_hide_no_marks_of_the_grammar() {
        let hidden = read("urn:x:y:group:a%3Arole%3Downer%23z");
        let path = vec!["a:role=owner#z".to_owned()];
        assert_eq!(hidden.right, Right::Group { path, role: None });
        check("urn:x:y:group:a%3Arole=owner", "urn:x:y:group:a", false);
        check("urn:x:y:group:%61", "urn:x:y:group:a", true);
    }

    #[test]
    fn what_is_no_entitlement_is_refused() {
        for text in [
            "",
            "urn:x:y",
            "urn:x:y:group",
            "urn:x:y:group:",
            "urn:x:y:group:a::b",
            "urn:x:y:group:role=owner",
            "urn:x:y:group:a:role=",
            "urn:x:y:group:a:role=o:b",
            "urn:x:y:group:a#",
            "urn:x:y:group:a%2",
            "urn:x:y:group:a%zz",
            "urn:x:y:group:%ff",
            "urn:x:y:res:a:act",
            "urn:x:y:res:a:act:",
            "urn:x:y:res:a:act:b:c",
            "http://x:y:group:a",
            "EUCAIM",
        ] {
            assert!(Entitlement::parse(text).is_err(), "{text}");
        }
        assert!(Entitlement::parse(&format!("urn:x:y:group:{}", "a".repeat(BYTES_MAX))).is_err());
    }

    fn any_entitlement() -> impl Strategy<Value = Entitlement> {
        let word = || "[a-zA-Z0-9:#=%,é .-]{1,8}";
        let group = (
            prop::collection::vec(word(), 1..5),
            prop::option::of(word()),
        )
            .prop_map(|(path, role)| Right::Group { path, role });
        let resource = (
            prop::collection::vec(word(), 1..4),
            prop::collection::vec(word(), 0..3),
        )
            .prop_map(|(path, actions)| Right::Resource { path, actions });
        let right = prop_oneof![group, resource];
        // With a dot, so that no name is one of the two words that end a namespace.
        ("[a-z]{1,5}", right, prop::option::of(word())).prop_map(|(name, right, authority)| {
            Entitlement {
                namespace: format!("urn:geant:{name}.eu"),
                right,
                authority,
            }
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(entitlement in any_entitlement()) {
            prop_assert_eq!(Entitlement::parse(&entitlement.to_string()).unwrap(), entitlement);
        }

        #[test]
        fn an_entitlement_grants_itself_and_a_longer_word_grants_nothing(entitlement in any_entitlement()) {
            prop_assert!(entitlement.grants(&entitlement));
            let mut other = entitlement.clone();
            match &mut other.right {
                Right::Group { path, .. } | Right::Resource { path, .. } => path[0].push('x'),
            }
            prop_assert!(!other.grants(&entitlement));
            prop_assert!(!entitlement.grants(&other));
        }

        #[test]
        fn no_text_makes_the_reader_fail(text in "\\PC{0,80}", tail in "(:group:|:res:|#|%|:role=|:act:|[a-z]){0,12}") {
            let _ = Entitlement::parse(&text);
            let _ = Entitlement::parse(&format!("urn:x:y{tail}"));
        }
    }
}
