//! How is a proposal said, in the reader's language?

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::{Advice, Reason};
use crate::rdf::vocabulary::xsd;
use crate::rdf::{Literal, Term};

/// Sentence → language → template.
type Templates = BTreeMap<String, BTreeMap<String, String>>;

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    toml::from_str(include_str!("words.toml")).expect("it is part of the program and tested")
});

impl Reason {
    /// The name that programs know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::NearMiss => "near-miss",
            Self::Name => "name",
            Self::Code => "code",
            Self::Method => "method",
            Self::Equivalent => "equivalent",
            Self::Head => "head",
            Self::Elsewhere => "elsewhere",
            Self::Scheme => "scheme",
            Self::Address => "address",
            Self::Mailto => "mailto",
            Self::Form => "form",
            Self::Language => "language",
        }
    }
}

impl Advice {
    /// The proposal as one sentence or two.
    pub fn sentence(&self, language: &str) -> String {
        let template = template(self.reason.name(), language);
        let value = self.value.as_ref().map(written).unwrap_or_default();
        let label = in_language(&self.labels, language)
            .map(|label| format!(" ({label})"))
            .unwrap_or_default();
        let sent = in_language(&self.sent, language)
            .map(|label| self::template("sent", language).replace("{label}", label))
            .unwrap_or_default();
        template
            .replace("{sent}", &sent)
            .replace("{label}", &label)
            .replace("{value}", &value)
    }

    /// The proposal for programs: the reason, the sentence, the value as in SPARQL's JSON results.
    pub fn to_json(&self, language: &str) -> Value {
        let value = self.value.as_ref().map(|value| match value {
            Term::NamedNode(iri) => json!({ "type": "uri", "value": iri.as_str() }),
            Term::Literal(literal) => match literal.language() {
                Some(tag) => {
                    json!({ "type": "literal", "value": literal.value(), "xml:lang": tag })
                }
                None => json!({
                    "type": "literal",
                    "value": literal.value(),
                    "datatype": literal.datatype().as_str(),
                }),
            },
            Term::BlankNode(node) => json!({ "type": "bnode", "value": node.as_str() }),
            Term::Triple(triple) => json!({ "type": "triple", "value": triple.to_string() }),
        });
        json!({
            "reason": self.reason.name(),
            "text": self.sentence(language),
            "value": value,
            "label": in_language(&self.labels, language),
        })
    }
}

fn template(name: &str, language: &str) -> &'static str {
    let primary = language.split('-').next().unwrap_or(language);
    let of = TEMPLATES.get(name);
    of.and_then(|languages| languages.get(primary).or_else(|| languages.get("en")))
        .map_or("", String::as_str)
}

/// A value as one writes it in Turtle.
fn written(term: &Term) -> String {
    match term {
        Term::Literal(literal) if literal.language().is_none() => {
            let quoted = Literal::new_simple_literal(literal.value());
            match literal.datatype().as_str().strip_prefix(xsd::NAMESPACE) {
                Some("string") => quoted.to_string(),
                Some(datatype) => format!("{quoted}^^xsd:{datatype}"),
                None => term.to_string(),
            }
        }
        _ => term.to_string(),
    }
}

fn in_language<'a>(texts: &'a [(String, String)], language: &str) -> Option<&'a str> {
    let primary = language.split('-').next().unwrap_or(language);
    [primary, "en"]
        .into_iter()
        .find_map(|wanted| texts.iter().find(|(tag, _)| tag == wanted))
        .or_else(|| texts.first())
        .map(|(_, text)| text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rdf::NamedNode;

    const REASONS: [Reason; 12] = [
        Reason::NearMiss,
        Reason::Name,
        Reason::Code,
        Reason::Method,
        Reason::Equivalent,
        Reason::Head,
        Reason::Elsewhere,
        Reason::Scheme,
        Reason::Address,
        Reason::Mailto,
        Reason::Form,
        Reason::Language,
    ];

    #[test]
    fn every_reason_has_its_own_words_in_five_languages() {
        for reason in REASONS {
            let all = ["en", "de", "fr", "es", "it"].map(|tag| template(reason.name(), tag));
            let distinct: std::collections::BTreeSet<_> = all.iter().collect();
            assert_eq!(distinct.len(), 5, "{}", reason.name());
            assert!(!distinct.contains(&""), "{}", reason.name());
        }
        assert_eq!(TEMPLATES.len(), REASONS.len() + 1);
    }

    #[test]
    fn a_sentence_names_value_label_and_what_was_sent() {
        let advice = Advice {
            reason: Reason::NearMiss,
            value: Some(NamedNode::new_unchecked("https://example.org/#T2").into()),
            labels: vec![("en".to_owned(), "Tier 2".to_owned())],
            sent: vec![("en".to_owned(), "Tier 1 C+".to_owned())],
        };
        assert_eq!(
            advice.sentence("en-GB"),
            "Did you mean <https://example.org/#T2> (Tier 2)? What was sent is “Tier 1 C+”."
        );
        let date = Advice {
            reason: Reason::Form,
            value: Some(Literal::new_typed_literal("2021-05-03", xsd::DATE).into()),
            labels: Vec::new(),
            sent: Vec::new(),
        };
        assert_eq!(
            date.sentence("de"),
            "Bitte als \"2021-05-03\"^^xsd:date angeben."
        );
    }
}
