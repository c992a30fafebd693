//! What does a cell mean, and how is a value written into one? Each way undoes the other.

use rustc_hash::FxHashMap;

use super::table::{Field, Form};
use super::words;
use crate::catalogue::advice;
use crate::catalogue::identifier::Base;
use crate::catalogue::profile::local_name;
use crate::ontology::{Concept, Ontology};
use crate::rdf::vocabulary::{PREFIXES, rdf, xsd};
use crate::rdf::{Format, Literal, NamedNode, NamedNodeRef, Term, format};

/// Different texts of terms that are remembered while a file is read.
const MEMO_MAX: usize = 100_000;
/// How many terms an ambiguous name is told with.
const CHOICES_MAX: usize = 5;

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The sentence that tells it.
    pub name: &'static str,
    pub text: String,
    /// What the field wants, in a word.
    pub wanted: String,
    /// What to write instead.
    pub fixes: Vec<String>,
}

impl Fault {
    pub fn new(name: &'static str, text: impl Into<String>) -> Self {
        Self {
            name,
            text: text.into(),
            wanted: String::new(),
            fixes: Vec::new(),
        }
    }

    /// The fault in words, with the way out.
    pub fn sentence(&self, language: &str) -> String {
        let told = [("text", &*self.text), ("wanted", &*self.wanted)];
        let mut sentence = words::filled(self.name, language, &told);
        if !self.fixes.is_empty() {
            let fixes = self.fixes.join("», «");
            sentence.push(' ');
            sentence.push_str(&words::filled("fix", language, &[("fix", &fixes)]));
        }
        sentence
    }
}

/// Reads and writes values. What a name means is remembered: the same few hundred stand in thousands of cells.
pub struct Values<'a> {
    pub ontology: &'a Ontology,
    pub base: &'a Base,
    memo: FxHashMap<(usize, String), Result<Term, Fault>>,
}

impl<'a> Values<'a> {
    pub fn new(ontology: &'a Ontology, base: &'a Base) -> Self {
        Self {
            ontology,
            base,
            memo: FxHashMap::default(),
        }
    }

    /// The values of a cell, each as the text that stands there and what it means.
    pub fn read(
        &mut self,
        (at, field): (usize, &Field),
        language: Option<&str>,
        cell: &str,
    ) -> Vec<Result<Term, Fault>> {
        let texts = split(cell, field);
        let one = |text: &String| self.value((at, field), language, text);
        texts.iter().map(one).collect()
    }

    fn value(
        &mut self,
        (at, field): (usize, &Field),
        language: Option<&str>,
        text: &str,
    ) -> Result<Term, Fault> {
        if field.form != Form::Concept {
            return self.read_one(field, language, text);
        }
        let key = (at, text.to_owned());
        if let Some(known) = self.memo.get(&key) {
            return known.clone();
        }
        let found = self.read_one(field, language, text);
        if self.memo.len() < MEMO_MAX {
            self.memo.insert(key, found.clone());
        }
        found
    }

    fn read_one(&self, field: &Field, language: Option<&str>, text: &str) -> Result<Term, Fault> {
        if let Some(term) = exact(text) {
            return Ok(term);
        }
        match field.form {
            Form::Concept => self.concept(field, text),
            Form::Address => self.address(field, text),
            Form::Words | Form::Text => Ok(words_of(text, language)),
            Form::Value => self.typed(field, text),
        }
    }

    /// A term by address, code or name.
    fn concept(&self, field: &Field, text: &str) -> Result<Term, Fault> {
        if let Some(iri) = whole_address(text) {
            return Ok(iri.into());
        }
        let ontology = self.ontology;
        let fits = |concept: &&Concept| field.has_member(&concept.iri, ontology);
        let code = text
            .strip_suffix(']')
            .and_then(|rest| rest.rsplit_once('['))
            .map_or(text, |(_, code)| code.trim());
        let mut found: Vec<&Concept> = ontology
            .by_code(None, code)
            .into_iter()
            .filter(fits)
            .collect();
        if found.is_empty() {
            found = ontology.by_label(text).into_iter().filter(fits).collect();
        }
        if found.is_empty() {
            // The procedure of that name or code, whose method is wanted.
            let procedures = ontology.by_code(None, code).into_iter();
            let procedures = procedures.chain(ontology.by_label(text));
            let methods = procedures.filter_map(|one| ontology.method_of(&one.iri));
            found = methods.filter(fits).collect();
        }
        found.sort_by(|one, other| one.iri.cmp(&other.iri));
        found.dedup_by(|one, other| one.iri == other.iri);
        match found.as_slice() {
            [one] => Ok(NamedNode::new_unchecked(one.iri.clone()).into()),
            [] => listed(field, text, ontology).ok_or_else(|| self.unknown(field, text)),
            several => Err(Fault {
                fixes: several
                    .iter()
                    .take(CHOICES_MAX)
                    .map(|one| coded(one, "en"))
                    .collect(),
                ..Fault::new("ambiguous", text)
            }),
        }
    }

    fn unknown(&self, field: &Field, text: &str) -> Fault {
        let near = field.value_set().and_then(|wanted| {
            let literal = Literal::new_simple_literal(text);
            advice::proposed(&literal, wanted, self.ontology)
        });
        let name = |term: Term| match term {
            Term::NamedNode(iri) => {
                let concept = self.ontology.concept(iri.as_str());
                concept.map_or_else(|| iri.as_str().to_owned(), |one| one.name().to_owned())
            }
            other => crate::catalogue::checked::shown(&other),
        };
        Fault {
            fixes: near.map(name).into_iter().collect(),
            ..Fault::new("unknown-term", text)
        }
    }

    fn address(&self, field: &Field, text: &str) -> Result<Term, Fault> {
        if let Some(iri) = whole_address(text) {
            return Ok(iri.into());
        }
        let is_mail = text.contains('@') && !text.contains(char::is_whitespace);
        if is_mail && let Ok(iri) = NamedNode::new(format!("mailto:{text}")) {
            return Ok(iri.into());
        }
        // The name of a term, when there is only one of that name.
        let own = self.ontology.by_own_code(text).into_iter();
        let mut named: Vec<&Concept> = own.chain(self.ontology.by_label(text)).collect();
        named.dedup_by(|one, other| one.iri == other.iri);
        if let [one] = named.as_slice() {
            return Ok(NamedNode::new_unchecked(one.iri.clone()).into());
        }
        Err(self.with_proposal(field, text, Fault::new("no-address", text)))
    }

    fn typed(&self, field: &Field, text: &str) -> Result<Term, Fault> {
        let datatypes = || field.wanted.iter().flat_map(|one| &one.datatypes);
        let natural = natural_datatypes(text);
        let fitting = natural.into_iter().find(|natural| {
            let mut wanted = datatypes();
            wanted.any(|wanted| *wanted == *natural)
        });
        if let Some(datatype) = fitting {
            return Ok(Literal::new_typed_literal(text, datatype.into_owned()).into());
        }
        // Of types that we do not know, any text may be.
        let mut known = datatypes().filter(|one| !is_ours(one.as_ref()));
        if let Some(datatype) = known.next() {
            return Ok(Literal::new_typed_literal(text, datatype.clone()).into());
        }
        if let Some(truth) = advice::truth(text)
            && datatypes().any(|one| *one == xsd::BOOLEAN)
        {
            return Ok(Literal::new_typed_literal(truth, xsd::BOOLEAN).into());
        }
        let mut names: Vec<&str> = datatypes().map(|one| local_name(one.as_str())).collect();
        names.sort_unstable();
        names.dedup();
        names.truncate(CHOICES_MAX);
        let fault = Fault {
            wanted: names.join(", "),
            ..Fault::new("no-value", text)
        };
        Err(self.with_proposal(field, text, fault))
    }

    fn with_proposal(&self, field: &Field, text: &str, fault: Fault) -> Fault {
        let literal = Literal::new_simple_literal(text);
        let mut wanted = field.wanted.iter();
        let near = wanted.find_map(|wanted| advice::proposed(&literal, wanted, self.ontology));
        Fault {
            fixes: near
                .map(|term| crate::catalogue::checked::shown(&term))
                .into_iter()
                .collect(),
            ..fault
        }
    }

    /// The text that means a value in a column, the friendliest that is exact.
    pub fn written(
        &mut self,
        (at, field): (usize, &Field),
        language: Option<&str>,
        term: &Term,
    ) -> Option<String> {
        for text in self.candidates(field, term) {
            let cell = escaped(&text, field);
            if is_safe(&text) && self.means((at, field), language, &cell, term) {
                return Some(cell);
            }
        }
        let plain = unambiguous(term)?;
        let cell = escaped(&plain, field);
        self.means((at, field), language, &cell, term)
            .then_some(cell)
    }

    fn means(
        &mut self,
        field: (usize, &Field),
        language: Option<&str>,
        cell: &str,
        term: &Term,
    ) -> bool {
        let read = self.read(field, language, cell);
        matches!(read.as_slice(), [Ok(found)] if found == term)
    }

    fn candidates(&self, field: &Field, term: &Term) -> Vec<String> {
        match term {
            Term::NamedNode(iri) => {
                let mut texts = Vec::new();
                let concept = self.ontology.concept(iri.as_str());
                if let Some(concept) = concept.filter(|_| field.form == Form::Concept) {
                    texts.push(concept.name().to_owned());
                    texts.push(coded(concept, "en"));
                }
                texts.extend(iri.as_str().strip_prefix("mailto:").map(str::to_owned));
                texts.push(iri.as_str().to_owned());
                texts
            }
            Term::Literal(literal) => vec![literal.value().to_owned()],
            Term::BlankNode(_) | Term::Triple(_) => Vec::new(),
        }
    }
}

/// `Ovary [BP1000274]`
fn coded(concept: &Concept, language: &str) -> String {
    let name = concept.label(language).unwrap_or(&concept.code);
    format!("{name} [{}]", concept.code)
}

/// A value that is listed by its address, named by the last part of it.
fn listed(field: &Field, text: &str, ontology: &Ontology) -> Option<Term> {
    let mut members = field.value_set()?.members(ontology);
    let same = |iri: &&str| local_name(iri).eq_ignore_ascii_case(text);
    members
        .find(same)
        .map(|iri| NamedNode::new_unchecked(iri).into())
}

fn words_of(text: &str, language: Option<&str>) -> Term {
    match language {
        Some(tag) if !tag.is_empty() => {
            Literal::new_language_tagged_literal_unchecked(text, tag.to_ascii_lowercase()).into()
        }
        _ => Literal::new_simple_literal(text).into(),
    }
}

/// An address that is whole, or shortened with one of our prefixes.
pub fn whole_address(text: &str) -> Option<NamedNode> {
    let (scheme, rest) = text.split_once(':')?;
    if text.contains(char::is_whitespace) {
        return None;
    }
    if let Some((_, namespace)) = PREFIXES.iter().find(|(prefix, _)| *prefix == scheme)
        && !rest.starts_with("//")
    {
        return NamedNode::new(format!("{namespace}{rest}")).ok();
    }
    let known =
        rest.starts_with("//") || matches!(scheme, "mailto" | "urn" | "tel" | "doi" | "did");
    known.then(|| NamedNode::new(text).ok()).flatten()
}

/// A term that is written as in N-Triples: for what a column would take for something else.
fn exact(text: &str) -> Option<Term> {
    if !(text.starts_with('"') || text.starts_with('<')) {
        return None;
    }
    let line = format!("<x:s> <x:p> {text} .");
    let quads = format::parse(line.as_bytes(), Format::NTriples, None).ok()?;
    match quads.as_slice() {
        [quad] if !matches!(quad.object, Term::BlankNode(_) | Term::Triple(_)) => {
            Some(quad.object.clone())
        }
        _ => None,
    }
}

/// A term as in N-Triples, in letters that every spreadsheet keeps.
fn unambiguous(term: &Term) -> Option<String> {
    let text = match term {
        Term::NamedNode(_) | Term::Literal(_) => term.to_string(),
        Term::BlankNode(_) | Term::Triple(_) => return None,
    };
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() || letter == '\u{fffe}' || letter == '\u{ffff}' {
            let code = format!("\\u{:04X}", u32::from(letter));
            plain.push_str(&code);
        } else {
            plain.push(letter);
        }
    }
    // A workbook would read `_x000D_` as a letter.
    Some(plain.replace("_x", "\\u005Fx"))
}

/// Whether every spreadsheet gives a text back as it was.
fn is_safe(text: &str) -> bool {
    let odd = |c: char| c.is_control() && c != '\n' || c == '\u{fffe}' || c == '\u{ffff}';
    text.trim() == text && !text.is_empty() && !text.contains(odd) && !text.contains("_x")
}

/// What separates the values of a cell. In words only the bar: they have commas and lines of their own.
fn separators(field: &Field) -> &'static [char] {
    match field.form {
        Form::Words | Form::Text if field.is_keyword() => &['|', ';', '\n'],
        Form::Words | Form::Text => &['|'],
        Form::Concept | Form::Address | Form::Value => &['|', '\n', ';'],
    }
}

/// The values of a cell. A backslash before a separator keeps it from being one.
fn split(cell: &str, field: &Field) -> Vec<String> {
    let separators = separators(field);
    if !cell.contains(separators) && !cell.contains('\\') {
        let text = cell.trim();
        return if text.is_empty() {
            Vec::new()
        } else {
            vec![text.to_owned()]
        };
    }
    let (mut values, mut value, mut letters) = (Vec::new(), String::new(), cell.chars().peekable());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek().is_some_and(|next| separators.contains(next)) => {
                value.extend(letters.next());
            }
            '\\' if letters.peek() == Some(&'\\') => {
                value.extend(letters.next());
            }
            letter if separators.contains(&letter) => values.push(std::mem::take(&mut value)),
            letter => value.push(letter),
        }
    }
    values.push(value);
    let trimmed = values.iter().map(|value| value.trim().to_owned());
    trimmed.filter(|value| !value.is_empty()).collect()
}

/// A text as it stands in a cell that may hold several.
pub fn escaped(text: &str, field: &Field) -> String {
    let separators = separators(field);
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter == '\\' || separators.contains(&letter) {
            safe.push('\\');
        }
        safe.push(letter);
    }
    safe
}

/// Puts the values of a cell together.
pub fn joined(values: &[String]) -> String {
    values.join(" | ")
}

const OURS: [NamedNodeRef<'static>; 13] = [
    xsd::NON_NEGATIVE_INTEGER,
    xsd::INTEGER,
    xsd::DECIMAL,
    xsd::DATE,
    xsd::DATE_TIME,
    xsd::G_YEAR,
    xsd::G_YEAR_MONTH,
    xsd::BOOLEAN,
    xsd::DURATION,
    xsd::HEX_BINARY,
    xsd::DOUBLE,
    xsd::STRING,
    rdf::LANG_STRING,
];

fn is_ours(datatype: NamedNodeRef<'_>) -> bool {
    let integers = datatype.as_str().ends_with("nteger")
        || ["long", "int", "short", "byte", "float"].contains(&local_name(datatype.as_str()))
        || local_name(datatype.as_str()).starts_with("unsigned");
    integers || OURS.contains(&datatype)
}

/// The datatypes that a text may have by its form, the likelier first.
fn natural_datatypes(text: &str) -> Vec<NamedNodeRef<'static>> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let mut found = Vec::new();
    if digits(text) {
        if text.len() == 4 {
            found.push(xsd::G_YEAR);
        }
        found.extend([xsd::NON_NEGATIVE_INTEGER, xsd::INTEGER, xsd::DECIMAL]);
    } else if digits(unsigned) {
        found.extend([xsd::INTEGER, xsd::DECIMAL]);
    } else if unsigned
        .split_once('.')
        .is_some_and(|(whole, part)| digits(whole) && digits(part))
    {
        found.push(xsd::DECIMAL);
    }
    if matches!(text, "true" | "false") {
        found.push(xsd::BOOLEAN);
    }
    if text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10 {
        found.push(xsd::DATE);
    }
    if text.contains('T') && is_date_time(text) {
        found.push(xsd::DATE_TIME);
    }
    if let Some((year, month)) = text.split_once('-')
        && digits(year)
        && year.len() == 4
        && digits(month)
        && month.len() == 2
    {
        found.push(xsd::G_YEAR_MONTH);
    }
    if text.starts_with('P') && text.len() > 2 && text.bytes().any(|b| b.is_ascii_digit()) {
        found.push(xsd::DURATION);
    }
    if text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        found.push(xsd::HEX_BINARY);
    }
    found
}

fn is_date_time(text: &str) -> bool {
    text.parse::<jiff::Timestamp>().is_ok() || text.parse::<jiff::civil::DateTime>().is_ok()
}
