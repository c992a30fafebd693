//! What does a harvester ask, and is it well-formed (OAI-PMH §3.1, §3.6)?

use super::form::Form;
use super::granularity::{Moment, moment};

/// Arguments of a request that are looked at, and the longest value.
const ARGUMENTS_MAX: usize = 32;
const VALUE_BYTES_MAX: usize = 4_096;

/// The arguments as they came.
#[derive(Debug)]
pub struct Asked {
    pub arguments: Vec<(String, String)>,
}

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    Identify,
    ListMetadataFormats(Option<String>),
    /// With a token, when it goes on.
    ListSets(Option<String>),
    List(Verb, Selection),
    GoOn(Verb, String),
    GetRecord(String, Form),
}

/// The two lists of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Identifiers,
    Records,
}

impl Verb {
    pub fn name(self) -> &'static str {
        match self {
            Self::Identifiers => "ListIdentifiers",
            Self::Records => "ListRecords",
        }
    }
}

/// Which records a list holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    pub form: Form,
    pub from: Option<Moment>,
    pub until: Option<Moment>,
    pub set: Option<String>,
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: Code,
    pub text: String,
}

/// The error codes of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    BadVerb,
    BadArgument,
    BadResumptionToken,
    CannotDisseminateFormat,
    IdDoesNotExist,
    NoRecordsMatch,
    NoSetHierarchy,
}

impl Code {
    pub fn name(self) -> &'static str {
        match self {
            Self::BadVerb => "badVerb",
            Self::BadArgument => "badArgument",
            Self::BadResumptionToken => "badResumptionToken",
            Self::CannotDisseminateFormat => "cannotDisseminateFormat",
            Self::IdDoesNotExist => "idDoesNotExist",
            Self::NoRecordsMatch => "noRecordsMatch",
            Self::NoSetHierarchy => "noSetHierarchy",
        }
    }
}

impl Refusal {
    pub fn new(code: Code, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { code, text }
    }
}

/// A verb, what it must have and what it may have. A resumption token stands alone.
struct Rule {
    verb: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    resumes: bool,
}

const RULES: [Rule; 6] = [
    rule("Identify", &[], &[], false),
    rule("ListMetadataFormats", &[], &["identifier"], false),
    rule("ListSets", &[], &[], true),
    rule(
        "ListIdentifiers",
        &["metadataPrefix"],
        &["from", "until", "set"],
        true,
    ),
    rule(
        "ListRecords",
        &["metadataPrefix"],
        &["from", "until", "set"],
        true,
    ),
    rule("GetRecord", &["identifier", "metadataPrefix"], &[], false),
];

const TOKEN: &str = "resumptionToken";

const fn rule(
    verb: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    resumes: bool,
) -> Rule {
    Rule {
        verb,
        required,
        optional,
        resumes,
    }
}

impl Asked {
    /// Reads the pairs of a query string or of a form.
    pub fn read(encoded: &[u8]) -> Self {
        let pairs = url::form_urlencoded::parse(encoded).into_owned();
        // One more than is allowed, so that too many are noticed.
        let arguments = pairs.take(ARGUMENTS_MAX + 1).collect();
        Self { arguments }
    }

    fn value(&self, name: &str) -> Option<&str> {
        let found = self.arguments.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// What is wanted, or everything that is wrong with how it was asked.
    pub fn wish(&self) -> Result<Wish, Vec<Refusal>> {
        let rule = self.rule().map_err(|refusal| vec![refusal])?;
        let wrong = self.wrong_arguments(rule);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        if let Some(token) = self.value(TOKEN) {
            let token = token.to_owned();
            return Ok(match rule.verb {
                "ListSets" => Wish::ListSets(Some(token)),
                "ListIdentifiers" => Wish::GoOn(Verb::Identifiers, token),
                _ => Wish::GoOn(Verb::Records, token),
            });
        }
        let identifier = || self.value("identifier").unwrap_or_default().to_owned();
        match rule.verb {
            "Identify" => Ok(Wish::Identify),
            "ListMetadataFormats" => Ok(Wish::ListMetadataFormats(
                self.value("identifier").map(str::to_owned),
            )),
            "ListSets" => Ok(Wish::ListSets(None)),
            "GetRecord" => Ok(Wish::GetRecord(identifier(), self.form()?)),
            "ListIdentifiers" => Ok(Wish::List(Verb::Identifiers, self.selection()?)),
            _ => Ok(Wish::List(Verb::Records, self.selection()?)),
        }
    }

    fn rule(&self) -> Result<&'static Rule, Refusal> {
        let mut verbs = self.arguments.iter().filter(|(name, _)| name == "verb");
        let names: Vec<&str> = RULES.iter().map(|rule| rule.verb).collect();
        let bad = |text: &str| {
            Refusal::new(
                Code::BadVerb,
                format!("{text}; the verbs are {}", names.join(", ")),
            )
        };
        let (_, verb) = verbs.next().ok_or_else(|| bad("there is no verb"))?;
        if verbs.next().is_some() {
            return Err(bad("there is more than one verb"));
        }
        let found = RULES.iter().find(|rule| rule.verb == verb);
        found.ok_or_else(|| bad("this is no verb"))
    }

    fn wrong_arguments(&self, rule: &Rule) -> Vec<Refusal> {
        let bad = |text: String| Refusal::new(Code::BadArgument, text);
        if self.arguments.len() > ARGUMENTS_MAX {
            return vec![bad(format!(
                "there are more than {ARGUMENTS_MAX} arguments"
            ))];
        }
        let mut wrong = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in &self.arguments {
            let is_known = name == "verb"
                || rule.required.contains(&name.as_str())
                || rule.optional.contains(&name.as_str())
                || (rule.resumes && name == TOKEN);
            if !is_known {
                let name: String = name.chars().take(80).collect();
                wrong.push(bad(format!("{} takes no argument {name}", rule.verb)));
            } else if seen.contains(&name.as_str()) {
                wrong.push(bad(format!("the argument {name} comes more than once")));
            } else if name != "verb" {
                wrong.extend(bad_syntax(name, value).map(bad));
            }
            seen.push(name);
        }
        if rule.resumes && seen.contains(&TOKEN) {
            if seen.iter().any(|name| !matches!(*name, "verb" | TOKEN)) {
                wrong.push(bad(format!("{TOKEN} stands alone")));
            }
            return wrong;
        }
        for name in rule.required {
            if !seen.contains(name) {
                wrong.push(bad(format!("{} needs the argument {name}", rule.verb)));
            }
        }
        wrong
    }

    fn form(&self) -> Result<Form, Vec<Refusal>> {
        let prefix = self.value("metadataPrefix").unwrap_or_default();
        Form::of_prefix(prefix).ok_or_else(|| {
            let known: Vec<&str> = Form::ALL.iter().map(|form| form.prefix()).collect();
            let text = format!("records can be had as {}", known.join(", "));
            vec![Refusal::new(Code::CannotDisseminateFormat, text)]
        })
    }

    fn selection(&self) -> Result<Selection, Vec<Refusal>> {
        let time = |name: &str| self.value(name).and_then(moment);
        let (from, until) = (time("from"), time("until"));
        let refuse = |text: &str| Err(vec![Refusal::new(Code::BadArgument, text)]);
        if let Some((from, until)) = from.zip(until) {
            if from.is_day != until.is_day {
                return refuse("from and until must have the same granularity");
            }
            if from.at > until.at {
                return refuse("from is later than until");
            }
        }
        Ok(Selection {
            form: self.form()?,
            from,
            until,
            set: self.value("set").map(str::to_owned),
        })
    }
}

/// What is wrong with a value by itself.
fn bad_syntax(name: &str, value: &str) -> Option<String> {
    if value.len() > VALUE_BYTES_MAX {
        return Some(format!(
            "the value of {name} is longer than {VALUE_BYTES_MAX} bytes"
        ));
    }
    let is_mark = |c: char| "-_.!~*'()".contains(c);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || is_mark(c);
    let is_right = match name {
        "metadataPrefix" => !value.is_empty() && value.chars().all(is_plain),
        "set" => value
            .split(':')
            .all(|part| !part.is_empty() && part.chars().all(is_plain)),
        "from" | "until" => moment(value).is_some(),
        "identifier" => is_uri(value),
        _ => !value.is_empty() && value.chars().all(|c| c.is_ascii_graphic()),
    };
    let wanted = match name {
        "from" | "until" => "a time as YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ",
        "identifier" => "a URI",
        "set" => "the name of a set",
        _ => "a name",
    };
    (!is_right).then(|| format!("the value of {name} is not {wanted}"))
}

/// Whether a text has the characters of a URI (RFC 3986 §2) and a scheme.
fn is_uri(text: &str) -> bool {
    let is_reserved = |byte: u8| b"-._~:/?#[]@!$&'()*+,;=".contains(&byte);
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || is_reserved(byte);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let is_escape =
            || -> bool { bytes.clone().take(2).filter(u8::is_ascii_hexdigit).count() == 2 };
        if !(is_allowed(byte) || byte == b'%' && is_escape()) {
            return false;
        }
    }
    let scheme = text.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    }) && !text.contains(['[', ']'])
        && text.matches('#').count() <= 1
}
