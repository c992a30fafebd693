//! What do the claims of an identity provider make of somebody? Rules of the settings turn claims into a role.
//!
//! Pure: the claims were verified before they come here. Whatever is not understood grants nothing.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::actor::{Catalogues, Grant};
use super::entitlement::Entitlement;
use super::role::Role;

/// Values of one claim that are read; those beyond grant nothing.
const VALUES_MAX: usize = 2000;

/// The claims that are kept: those that rules read, and those that tell a person who they are.
const KEPT: [&str; 14] = [
    "entitlements",
    "eduperson_entitlement",
    "groups",
    "eduperson_assurance",
    "schac_home_organization",
    "voperson_external_affiliation",
    "eduperson_scoped_affiliation",
    "voperson_id",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "email",
    "email_verified",
];

/// The longest text of claims that is kept, in bytes.
const BYTES_MAX: usize = 128 * 1024;

/// What an identity provider says of somebody, verified, and no more of it than is needed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claims(Map<String, Value>);

/// A rule: whoever meets every condition that it names has the role. A rule without conditions but the provider
/// is met by everybody who signs in there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub role: Role,
    /// IRIs of the catalogues that the role is for; `*` for all. Only providers and reviewers need them.
    #[serde(default)]
    pub catalogues: Vec<String>,
    /// Names of the providers whose word counts; none means any of the list.
    #[serde(default)]
    pub providers: Vec<String>,
    /// An entitlement that grants this one (AARC-G069, G027), or that is spelled exactly like this.
    #[serde(default)]
    pub entitlement: Option<Wanted>,
    /// A value of the claim `groups`, exactly.
    #[serde(default)]
    pub group: Option<String>,
    /// The least assurance (REFEDS RAF): `https://refeds.org/assurance/IAP/medium`.
    #[serde(default)]
    pub assurance: Option<String>,
    /// The home organisation: `hospital.example`.
    #[serde(default)]
    pub home_organisation: Option<String>,
    /// One person, by the provider's name for them. It needs a provider beside it.
    #[serde(default)]
    pub subject: Option<String>,
}

/// An entitlement that a rule asks for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Wanted {
    Read(Entitlement),
    /// Some providers use plain words.
    Word(String),
}

/// What somebody may do by their claims and memberships, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The highest role.
    pub role: Role,
    /// Where the highest role holds.
    pub catalogues: Catalogues,
    /// Every role, the highest first; none for somebody who only reads.
    pub grants: Vec<Grant>,
    /// The rules that were met, in words: what was met, and what it gives.
    pub reasons: Vec<Reason>,
    /// What a steward gave.
    pub memberships: Vec<Grant>,
}

/// A rule that was met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub provider: String,
    /// The conditions, as the settings write them.
    pub conditions: Vec<String>,
    pub role: Role,
    pub catalogues: Vec<String>,
}

/// Somebody's identity at one provider.
#[derive(Clone, Copy, Debug)]
pub struct Vouched<'a> {
    pub provider: &'a str,
    pub subject: &'a str,
    pub claims: &'a Claims,
}

/// What identities of one person give together, and what a steward gave besides. Roles for catalogues keep those of
/// all rules that were met. Whoever meets none is a reader.
pub fn standing(rules: &[Rule], identities: &[Vouched<'_>], memberships: Vec<Grant>) -> Standing {
    let mut reasons = Vec::new();
    for identity in identities {
        let met = rules.iter().filter(|rule| rule.is_met(*identity));
        reasons.extend(met.map(|rule| Reason {
            provider: identity.provider.to_owned(),
            conditions: rule.conditions(),
            role: rule.role,
            catalogues: rule.catalogues.clone(),
        }));
    }
    let by_rules = reasons
        .iter()
        .map(|reason| (reason.role, reason.catalogues.clone()));
    let by_stewards = memberships
        .iter()
        .map(|grant| (grant.role, grant.catalogues.to_list()));
    let grants = together(&by_rules.chain(by_stewards).collect::<Vec<_>>());
    let highest = grants.first().cloned();
    let highest = highest.unwrap_or(Grant::everywhere(Role::Reader));
    Standing {
        role: highest.role,
        catalogues: highest.catalogues,
        grants,
        reasons,
        memberships,
    }
}

/// One grant a role, with all catalogues that it is given for.
fn together(given: &[(Role, Vec<String>)]) -> Vec<Grant> {
    let of_role = |role: Role| {
        let mut lists = given.iter().filter(|(one, _)| *one == role).peekable();
        lists.peek()?;
        if !role.is_for_catalogues() {
            return (role != Role::Reader).then(|| Grant::everywhere(role));
        }
        let list: Vec<String> = lists.flat_map(|(_, list)| list.iter().cloned()).collect();
        let catalogues = Catalogues::of_list(&list);
        (!list.is_empty()).then_some(Grant { role, catalogues })
    };
    Role::ALL.into_iter().filter_map(of_role).collect()
}

impl Rule {
    /// Whether an identity meets every condition.
    pub fn is_met(&self, identity: Vouched<'_>) -> bool {
        let claims = identity.claims;
        let by_provider = self.providers.is_empty()
            || self.providers.iter().any(|name| name == identity.provider);
        let by_subject = self.subject.as_deref().is_none_or(|subject| {
            // One provider's name for a person means nothing at another.
            !self.providers.is_empty() && subject == identity.subject
        });
        by_provider
            && by_subject
            && (self.entitlement.as_ref()).is_none_or(|wanted| claims.grant(wanted))
            && (self.group.as_deref())
                .is_none_or(|group| claims.values("groups").any(|value| value == group))
            && (self.assurance.as_deref()).is_none_or(|least| claims.are_assured(least))
            && (self.home_organisation.as_deref()).is_none_or(|home| claims.come_from(home))
    }

    fn conditions(&self) -> Vec<String> {
        let entitlement = self.entitlement.as_ref().map(|wanted| match wanted {
            Wanted::Read(entitlement) => entitlement.to_string(),
            Wanted::Word(word) => word.clone(),
        });
        [
            entitlement,
            self.group.clone(),
            self.assurance.clone(),
            self.home_organisation.clone(),
            self.subject.clone(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl From<String> for Wanted {
    fn from(text: String) -> Self {
        Entitlement::parse(&text).map_or(Self::Word(text), Self::Read)
    }
}

impl Claims {
    /// Keeps what is needed of verified claims.
    pub fn of(mut all: Map<String, Value>) -> Self {
        all.retain(|name, _| KEPT.contains(&name.as_str()));
        if Value::Object(all.clone()).to_string().len() > BYTES_MAX {
            all.retain(|name, _| matches!(name.as_str(), "name" | "email"));
        }
        Self(all)
    }

    /// Adds what the first source did not say.
    pub fn complete_with(&mut self, more: Self) {
        for (name, value) in more.0 {
            self.0.entry(name).or_insert(value);
        }
    }

    /// As the ledger keeps them.
    pub fn to_text(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }

    /// As the ledger kept them; what cannot be read grants nothing.
    pub fn of_text(text: &str) -> Self {
        match serde_json::from_str(text) {
            Ok(Value::Object(all)) => Self::of(all),
            _ => Self::default(),
        }
    }

    /// What the person is called.
    pub fn name(&self) -> Option<String> {
        let text = |name: &str| self.values(name).next().map(str::to_owned);
        let both = || {
            let (given, family) = (text("given_name")?, text("family_name")?);
            Some(format!("{given} {family}"))
        };
        text("name").or_else(both).map(|name| shortened(&name))
    }

    /// Where they get mail.
    pub fn email(&self) -> Option<String> {
        self.values("email").next().map(shortened)
    }

    /// The values of a claim that is a text or a list of texts.
    fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let list = match self.0.get(name) {
            Some(Value::Array(list)) => list.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        list.iter().take(VALUES_MAX).filter_map(Value::as_str)
    }

    /// `entitlements` replaces `eduperson_entitlement`; both are in use.
    fn grant(&self, wanted: &Wanted) -> bool {
        let mut held = self
            .values("entitlements")
            .chain(self.values("eduperson_entitlement"));
        match wanted {
            Wanted::Word(word) => held.any(|text| text == word),
            Wanted::Read(wanted) => {
                held.any(|text| Entitlement::parse(text).is_ok_and(|held| held.grants(wanted)))
            }
        }
    }

    fn are_assured(&self, least: &str) -> bool {
        self.values("eduperson_assurance")
            .any(|value| value == least || implied(value).contains(&least))
    }

    fn come_from(&self, home: &str) -> bool {
        let scopes = self
            .values("voperson_external_affiliation")
            .chain(self.values("eduperson_scoped_affiliation"))
            .filter_map(|value| value.rsplit_once('@'))
            .map(|(_, scope)| scope);
        self.values("schac_home_organization")
            .chain(scopes)
            .any(|value| value.eq_ignore_ascii_case(home))
    }
}

/// What a value of REFEDS RAF 2 says besides itself: a higher level of identity proofing holds the lower ones, a
/// fresher affiliation the older, a profile its parts. `local-enterprise` stands beside the levels.
fn implied(value: &str) -> &'static [&'static str] {
    const LOW: &str = "https://refeds.org/assurance/IAP/low";
    const MEDIUM: &str = "https://refeds.org/assurance/IAP/medium";
    const HIGH: &str = "https://refeds.org/assurance/IAP/high";
    const UNIQUE: &str = "https://refeds.org/assurance/ID/unique";
    const MONTH: &str = "https://refeds.org/assurance/ATP/ePA-1m";
    const CAPPUCCINO: &str = "https://refeds.org/assurance/profile/cappuccino";
    match value.strip_prefix("https://refeds.org/assurance/") {
        Some("IAP/medium") => &[LOW],
        Some("IAP/high") => &[LOW, MEDIUM],
        Some("ATP/ePA-1d") => &[MONTH],
        Some("profile/cappuccino") => &[LOW, MEDIUM, UNIQUE, MONTH],
        Some("profile/espresso") => &[LOW, MEDIUM, HIGH, UNIQUE, MONTH, CAPPUCCINO],
        _ => &[],
    }
}

/// A name of a length that fits everywhere, without control characters.
fn shortened(text: &str) -> String {
    const CHARS_MAX: usize = 200;
    let visible = text.chars().filter(|letter| !letter.is_control());
    visible.take(CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const OURS: &str = "https://example.org/catalog/ours";
    const EDITORS: &str = "urn:geant:x.eu:group:EUCAIM:role=editor#aai.x.eu";

    fn claims(value: Value) -> Claims {
        let Value::Object(all) = value else {
            panic!("{value} is no object")
        };
        Claims::of(all)
    }

    fn rules(text: &str) -> Vec<Rule> {
        #[derive(Deserialize)]
        struct Settings {
            rules: Vec<Rule>,
        }
        toml::from_str::<Settings>(text).unwrap().rules
    }

    fn role_of(rules: &[Rule], given: Value) -> Role {
        let claims = claims(given);
        let identity = Vouched {
            provider: "ls",
            subject: "ada@x.eu",
            claims: &claims,
        };
        standing(rules, &[identity], Vec::new()).role
    }

    #[test]
    fn an_entitlement_makes_a_provider_in_either_claim_as_text_or_list() {
        let rules = rules(&format!(
            "[[rules]]\nrole = \"provider\"\ncatalogues = [\"{OURS}\"]\nentitlement = \"{EDITORS}\""
        ));
        let short = "urn:geant:x.eu:group:EUCAIM:role=editor";
        for given in [
            json!({"entitlements": [EDITORS]}),
            json!({"entitlements": EDITORS}),
            json!({"eduperson_entitlement": ["urn:geant:x.eu:group:other", EDITORS]}),
            json!({"eduperson_entitlement": short}),
        ] {
            assert_eq!(role_of(&rules, given.clone()), Role::Provider, "{given}");
        }
        for given in [
            json!({}),
            json!({"entitlements": ["urn:geant:x.eu:group:EUCAIM"]}),
            json!({"entitlements": [format!("{short}s")]}),
            json!({"entitlements": [format!("{short}#other")]}),
            json!({"entitlements": {"a": EDITORS}}),
            json!({"entitlements": 7, "eduperson_entitlement": null}),
            json!({"groups": [EDITORS]}),
        ] {
            assert_eq!(role_of(&rules, given.clone()), Role::Reader, "{given}");
        }
    }

    #[test]
    fn every_condition_of_a_rule_must_hold() {
        let rules = rules(
            "[[rules]]\nrole = \"steward\"\ngroup = \"stewards\"\n\
             assurance = \"https://refeds.org/assurance/IAP/medium\"\nhome_organisation = \"Hospital.example\"",
        );
        let all = json!({
            "groups": ["stewards"],
            "eduperson_assurance": ["https://refeds.org/assurance/IAP/high"],
            "schac_home_organization": "hospital.example",
        });
        assert_eq!(role_of(&rules, all.clone()), Role::Steward);
        for missing in ["groups", "eduperson_assurance", "schac_home_organization"] {
            let mut some = all.clone();
            some.as_object_mut().unwrap().remove(missing);
            assert_eq!(role_of(&rules, some), Role::Reader, "without {missing}");
        }
        let mut low = all.clone();
        low["eduperson_assurance"] = json!("https://refeds.org/assurance/IAP/low");
        assert_eq!(role_of(&rules, low), Role::Reader);
        let mut scoped = all;
        scoped["schac_home_organization"] = json!("elsewhere.example");
        scoped["voperson_external_affiliation"] = json!(["member@hospital.example"]);
        assert_eq!(role_of(&rules, scoped), Role::Steward);
    }

    #[test]
    fn a_subject_counts_at_its_own_provider_only() {
        let named =
            rules("[[rules]]\nrole = \"steward\"\nproviders = [\"ls\"]\nsubject = \"ada@x.eu\"");
        assert_eq!(role_of(&named, json!({})), Role::Steward);
        let other =
            rules("[[rules]]\nrole = \"steward\"\nproviders = [\"kc\"]\nsubject = \"ada@x.eu\"");
        assert_eq!(role_of(&other, json!({})), Role::Reader);
        let anywhere = rules("[[rules]]\nrole = \"steward\"\nsubject = \"ada@x.eu\"");
        assert_eq!(role_of(&anywhere, json!({})), Role::Reader);
    }

    #[test]
    fn identities_of_one_person_add_up() {
        let rules = rules(
            "[[rules]]\nrole = \"provider\"\nproviders = [\"ls\"]\ngroup = \"a\"\ncatalogues = [\"c1\"]\n\
             [[rules]]\nrole = \"provider\"\nproviders = [\"kc\"]\ngroup = \"b\"\ncatalogues = [\"c2\"]",
        );
        let (one, two) = (
            claims(json!({"groups": "a"})),
            claims(json!({"groups": "b"})),
        );
        let vouched = |provider, claims| Vouched {
            provider,
            subject: "x",
            claims,
        };
        let both = standing(
            &rules,
            &[vouched("ls", &one), vouched("kc", &two)],
            Vec::new(),
        );
        assert_eq!(both.role, Role::Provider);
        assert_eq!(
            both.catalogues,
            Catalogues::Named(vec!["c1".into(), "c2".into()])
        );
        assert_eq!(both.reasons.len(), 2);
        let crossed = standing(
            &rules,
            &[vouched("kc", &one), vouched("ls", &two)],
            Vec::new(),
        );
        assert_eq!(crossed.role, Role::Reader);
    }

    #[test]
    fn a_person_may_write_here_and_judge_there() {
        let rules = rules(
            "[[rules]]\nrole = \"provider\"\ngroup = \"a\"\ncatalogues = [\"c1\"]\n\
             [[rules]]\nrole = \"reviewer\"\ngroup = \"a\"\ncatalogues = [\"c2\"]",
        );
        let claims = claims(json!({"groups": "a"}));
        let vouched = Vouched {
            provider: "ls",
            subject: "x",
            claims: &claims,
        };
        let given = Grant {
            role: Role::Provider,
            catalogues: Catalogues::Named(vec!["c3".into()]),
        };
        let both = standing(&rules, &[vouched], vec![given]);
        let named = |list: &[&str]| {
            let list: Vec<String> = list.iter().map(|iri| (*iri).to_owned()).collect();
            Catalogues::of_list(&list)
        };
        let wanted = [
            (Role::Reviewer, named(&["c2"])),
            (Role::Provider, named(&["c1", "c3"])),
        ];
        let wanted = wanted.map(|(role, catalogues)| Grant { role, catalogues });
        assert_eq!(both.grants, wanted);
        assert_eq!(both.role, Role::Reviewer);
    }

    #[test]
    fn a_provider_without_a_catalogue_provides_nothing() {
        let rules = rules("[[rules]]\nrole = \"provider\"\ngroup = \"a\"");
        assert_eq!(role_of(&rules, json!({"groups": ["a"]})), Role::Reader);
    }

    #[test]
    fn only_what_is_needed_is_kept() {
        let kept =
            claims(json!({"name": "Ada", "birthdate": "1815-12-10", "sub": "x", "groups": []}));
        assert_eq!(kept.to_text(), r#"{"name":"Ada","groups":[]}"#);
        assert_eq!(Claims::of_text(&kept.to_text()), kept);
        assert_eq!(Claims::of_text("nonsense"), Claims::default());
        let endless = vec!["x".repeat(1000); 1000];
        let kept = claims(json!({"name": "Ada", "groups": endless}));
        assert_eq!(kept.to_text(), r#"{"name":"Ada"}"#);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,20}".prop_map(Value::from),
            Just(Value::from(
                "urn:geant:x.eu:group:EUCAIMs:role=editor#aai.x.eu"
            )),
        ];
        leaf.prop_recursive(2, 12, 4, |inner| {
            prop::collection::vec(inner, 0..4).prop_map(Value::from)
        })
    }

    proptest! {
        #[test]
        fn claims_of_any_form_grant_nothing_that_they_do_not_say(
            values in prop::collection::vec((prop::sample::select(KEPT.to_vec()), any_json()), 0..6),
        ) {
            let all = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let rules = rules(&format!("[[rules]]\nrole = \"steward\"\nentitlement = \"{EDITORS}\""));
            prop_assert_eq!(role_of(&rules, Value::Object(all)), Role::Reader);
        }
    }
}
