//! What would mend a value that does not fit? The nearest term, or the same thing in the right form.

mod form;
mod wanted;
mod words;

use crate::ontology::Ontology;
use crate::rdf::{Literal, NamedNode, Term};
use crate::shacl::ValidationResult;

pub use form::truth;
pub(super) use form::{date, duration, number};
pub use wanted::Wanted;

/// Words may be guessed only if they fit a term about this well (see [`Ontology::search`]).
const SCORE_MIN: f32 = 0.4;
/// An IRI is a near miss if it differs in at most so many characters.
const SLIPS_MAX: usize = 2;
/// Members of a value set that are compared one by one.
const MEMBERS_MAX: usize = 50_000;
/// Longer texts are no label, number or date.
const TEXT_BYTES_MAX: usize = 400;

/// Why another value is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The IRI differs in a character or two from one that fits.
    NearMiss,
    /// A term has this name.
    Name,
    /// A term has this code in some terminology.
    Code,
    /// The value is the procedure, the field wants its method.
    Method,
    /// Another term means the same.
    Equivalent,
    /// The value is the head of the list, and a member is wanted.
    Head,
    /// The value is a term of something else.
    Elsewhere,
    /// `http` where `https` is meant, or the other way round.
    Scheme,
    /// The text is an address, and was sent as words.
    Address,
    /// `mailto:` is missing, or is too much.
    Mailto,
    /// A date, number, truth value, version or checksum in another form than the field wants.
    Form,
    /// The text has no language.
    Language,
}

/// A proposal for one result of a check.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    pub reason: Reason,
    /// What to write instead; none where there is more than one way.
    pub value: Option<Term>,
    /// What the proposed term is called, by language.
    pub labels: Vec<(String, String)>,
    /// What the term that was sent is called, by language, when it is known.
    pub sent: Vec<(String, String)>,
}

/// A proposal for a result whose value is at fault, if there is a good one.
pub fn of(result: &ValidationResult, wanted: &Wanted, ontology: &Ontology) -> Option<Advice> {
    let value = result.value.as_ref()?;
    let proposed = match value {
        Term::NamedNode(iri) => of_iri(iri, wanted, ontology),
        Term::Literal(literal) => of_literal(literal, wanted, ontology),
        Term::BlankNode(_) | Term::Triple(_) => None,
    };
    let (reason, term) = proposed?;
    let labels = |term: Option<&Term>| match term {
        Some(Term::NamedNode(iri)) => ontology
            .concept(iri.as_str())
            .map(|concept| concept.labels.clone())
            .unwrap_or_default(),
        _ => Vec::new(),
    };
    Some(Advice {
        reason,
        labels: labels(term.as_ref()),
        sent: labels(Some(value)),
        value: term,
    })
    .filter(|advice| advice.value.as_ref() != Some(value))
}

/// What somebody who wrote a text into a field may have meant.
pub fn proposed(text: &Literal, wanted: &Wanted, ontology: &Ontology) -> Option<Term> {
    of_literal(text, wanted, ontology)?.1
}

type Proposal = Option<(Reason, Option<Term>)>;

fn of_iri(iri: &NamedNode, wanted: &Wanted, ontology: &Ontology) -> Proposal {
    let text = iri.as_str();
    if wanted.is_value_set() {
        let fits = |candidate: &str| wanted.has_member(candidate, ontology);
        if let Some(method) = ontology.method_of(text)
            && fits(&method.iri)
        {
            return named(Reason::Method, &method.iri);
        }
        if let Some(same) = ontology
            .equivalents(text)
            .into_iter()
            .find(|concept| fits(&concept.iri))
        {
            return named(Reason::Equivalent, &same.iri);
        }
        if wanted.sets.iter().any(|set| set == text) {
            return Some((Reason::Head, None));
        }
        if let Some(other) = other_scheme(text).filter(|other| fits(other)) {
            return named(Reason::Scheme, &other);
        }
        if let Some(found) = by_code(text, wanted, ontology) {
            return named(Reason::Code, &found);
        }
        if let Some(known) = ontology.concept(text) {
            let same_name = by_name(known.name(), wanted, ontology);
            return same_name.or(Some((Reason::Elsewhere, None)));
        }
        if let Some(near) = near_miss(text, wanted, ontology) {
            return named(Reason::NearMiss, &near);
        }
        return by_name(&spelt_out(text), wanted, ontology);
    }
    let other = other_scheme(text).map(NamedNode::new_unchecked);
    if let Some(other) = other.filter(|other| wanted.accepts(&other.clone().into())) {
        return Some((Reason::Scheme, Some(other.into())));
    }
    form::of(text, None, wanted)
}

fn of_literal(literal: &Literal, wanted: &Wanted, ontology: &Ontology) -> Proposal {
    let text = literal.value().trim();
    if text.is_empty() || text.len() > TEXT_BYTES_MAX {
        return None;
    }
    if wanted.is_value_set() {
        if wanted.has_member(text, ontology) {
            return named(Reason::Address, ontology.canonical(text));
        }
        if let Some(found) = by_code(text, wanted, ontology) {
            return named(Reason::Code, &found);
        }
        if text.contains("://") {
            let iri = NamedNode::new(text).ok()?;
            return of_iri(&iri, wanted, ontology);
        }
        return by_name(text, wanted, ontology);
    }
    form::of(text, literal.language(), wanted)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "every caller gives back a proposal"
)]
fn named(reason: Reason, iri: &str) -> Proposal {
    Some((reason, Some(NamedNode::new_unchecked(iri).into())))
}

fn other_scheme(iri: &str) -> Option<String> {
    if let Some(rest) = iri.strip_prefix("http://") {
        return Some(format!("https://{rest}"));
    }
    iri.strip_prefix("https://")
        .map(|rest| format!("http://{rest}"))
}

/// A member with a code such as `http://snomed.info/sct/113091000`, `RID10312` or `MR`.
fn by_code(text: &str, wanted: &Wanted, ontology: &Ontology) -> Option<String> {
    let last = local_name(text);
    [text, last].into_iter().find_map(|code| {
        let found = ontology.by_code(None, code);
        let fitting = found
            .into_iter()
            .flat_map(|concept| std::iter::once(concept).chain(ontology.method_of(&concept.iri)))
            .find(|concept| wanted.has_member(&concept.iri, ontology));
        fitting.map(|concept| concept.iri.clone())
    })
}

fn by_name(text: &str, wanted: &Wanted, ontology: &Ontology) -> Proposal {
    if text.is_empty() {
        return None;
    }
    let exact = ontology
        .by_label(text)
        .into_iter()
        .find(|concept| wanted.has_member(&concept.iri, ontology));
    if let Some(concept) = exact {
        return named(Reason::Name, &concept.iri);
    }
    let best = wanted
        .sets
        .iter()
        .flat_map(|set| ontology.search(text, Some(set), 3))
        .filter(|hit| hit.score >= SCORE_MIN && wanted.has_member(&hit.concept.iri, ontology))
        .max_by(|one, other| one.score.total_cmp(&other.score));
    if let Some(hit) = best {
        return named(Reason::Name, &hit.concept.iri);
    }
    // The procedure of that name, whose method is wanted.
    let procedure = ontology.by_label(text).into_iter();
    let method = procedure
        .filter_map(|concept| ontology.method_of(&concept.iri))
        .find(|method| wanted.has_member(&method.iri, ontology));
    method.and_then(|method| named(Reason::Method, &method.iri))
}

/// The member whose IRI is nearest, if it is near.
fn near_miss(text: &str, wanted: &Wanted, ontology: &Ontology) -> Option<String> {
    let (space, code) = split(text);
    let members = wanted.members(ontology).take(MEMBERS_MAX);
    let near = members.filter_map(|member| {
        let (member_space, member_code) = split(member);
        let here = member_space == space || slips(member_space, space) <= SLIPS_MAX;
        let slips = slips(member_code, code);
        let allowed = if code.len() < 5 { 1 } else { SLIPS_MAX };
        let near = here && slips <= allowed;
        near.then(|| (slips, member.to_owned()))
    });
    near.min().map(|(_, member)| member)
}

/// `…/MagneticResonance` as words.
fn spelt_out(iri: &str) -> String {
    let mut words = String::new();
    for letter in local_name(iri).chars() {
        match letter {
            '_' | '-' | '+' | '%' => words.push(' '),
            letter if letter.is_uppercase() && words.ends_with(char::is_lowercase) => {
                words.push(' ');
                words.push(letter);
            }
            letter => words.push(letter),
        }
    }
    let is_code = words.chars().any(|letter| letter.is_ascii_digit());
    if is_code { String::new() } else { words }
}

fn split(iri: &str) -> (&str, &str) {
    let at = iri.rfind(['#', '/']).map_or(0, |at| at + 1);
    iri.split_at(at)
}

fn local_name(iri: &str) -> &str {
    let trimmed = iri.trim_end_matches(['/', '#']);
    split(trimmed).1
}

/// How many characters must be changed, added or left out to make one text the other; far apart
/// texts count as far apart without being measured.
fn slips(one: &str, other: &str) -> usize {
    if one.len().abs_diff(other.len()) > SLIPS_MAX {
        return usize::MAX;
    }
    strsim::damerau_levenshtein(one, other)
}
