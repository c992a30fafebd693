//! How did the scores develop? Each month's end is made anew from the public changes, in their order.

use jiff::Timestamp;
use jiff::tz::Offset;
use rustc_hash::FxHashMap;

use super::overview::Overview;
use super::rules::Rules;
use crate::rdf::vocabulary::{dct, foaf};
use crate::rdf::{NamedNode, NamedNodeRef, Term, TermRef, Triple};

/// A month of the calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    pub fn of(at: Timestamp) -> Self {
        let date = Offset::UTC.to_datetime(at).date();
        Self(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// As ISO 8601 writes it.
impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month) = (self.0.div_euclid(12), self.0.rem_euclid(12) + 1);
        write!(f, "{year:04}-{month:02}")
    }
}

/// How a data set stands: its score, and with whom it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub score: u16,
    pub catalogue: Option<String>,
    pub provider: Option<String>,
}

impl Rules {
    /// How a public version of a record stands; `None` for what is no data set.
    pub fn standing(
        &self,
        kind: &str,
        iri: &NamedNode,
        catalogue: Option<&str>,
        triples: &[Triple],
    ) -> Option<Standing> {
        let mqa = self.evidence(kind, iri, triples)?.mqa()?;
        Some(Standing {
            score: mqa.score(),
            catalogue: catalogue.map(str::to_owned),
            provider: provider_of(iri, triples),
        })
    }
}

/// Plays the public changes again and looks at the end of each month.
#[derive(Debug, Default)]
pub struct Replay {
    standings: FxHashMap<i64, Standing>,
    month: Option<Month>,
    closed: Vec<(Month, Overview)>,
}

impl Replay {
    /// The next change: how the record stands from now on, `None` when it is public no longer.
    pub fn change(&mut self, record: i64, at: Timestamp, standing: Option<Standing>) {
        self.go_on_to(Month::of(at));
        match standing {
            Some(standing) => self.standings.insert(record, standing),
            None => self.standings.remove(&record),
        };
    }

    /// The months that have ended by now.
    pub fn end(mut self, now: Month) -> Vec<(Month, Overview)> {
        self.go_on_to(now);
        self.closed
    }

    fn go_on_to(&mut self, month: Month) {
        let mut at = *self.month.get_or_insert(month);
        if at < month {
            let overview = self.overview();
            while at < month {
                self.closed.push((at, overview.clone()));
                at = at.next();
            }
        }
        // A clock that was set back changes no month that has ended.
        self.month = Some(at);
    }

    fn overview(&self) -> Overview {
        let mut overview = Overview::default();
        for standing in self.standings.values() {
            let (catalogue, provider) = (&standing.catalogue, &standing.provider);
            overview.add(standing.score, catalogue.as_deref(), provider.as_deref());
        }
        overview
    }
}

/// Who provides a record: the name of its publisher, as the search counts it.
fn provider_of(iri: &NamedNode, triples: &[Triple]) -> Option<String> {
    let of = |subject: TermRef<'_>, predicate: NamedNodeRef<'static>| {
        let about = triples.iter().filter(move |triple| {
            triple.predicate == predicate && TermRef::from(triple.subject.as_ref()) == subject
        });
        about.map(|triple| &triple.object).collect::<Vec<&Term>>()
    };
    let mut provider = Provider::default();
    for publisher in of(iri.as_ref().into(), dct::PUBLISHER) {
        let names = of(publisher.as_ref(), foaf::NAME);
        provider.add(publisher, None);
        for name in names {
            provider.add(publisher, Some(name));
        }
    }
    provider.name()
}

/// The names that a publisher goes by. One of them is used everywhere: the first in the alphabet
/// of the English ones, else of all, else the IRI.
#[derive(Debug, Clone, Default)]
pub struct Provider {
    english: Option<String>,
    other: Option<String>,
    iri: Option<String>,
}

impl Provider {
    pub fn add(&mut self, publisher: &Term, name: Option<&Term>) {
        if let Term::NamedNode(iri) = publisher {
            keep(&mut self.iri, iri.as_str());
        }
        let Some(Term::Literal(name)) = name else {
            return;
        };
        let text = name.value().trim();
        let is_english = name.language().is_none_or(|tag| tag.starts_with("en"));
        if !text.is_empty() {
            let kept = if is_english {
                &mut self.english
            } else {
                &mut self.other
            };
            keep(kept, text);
        }
    }

    pub fn name(self) -> Option<String> {
        self.english.or(self.other).or(self.iri)
    }
}

fn keep(kept: &mut Option<String>, text: &str) {
    if kept.as_deref().is_none_or(|known| text < known) {
        *kept = Some(text.to_owned());
    }
}
