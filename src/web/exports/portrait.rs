//! What is a record shown from in the formats of others: its statements, those of its distributions, its catalogue?

use jiff::Timestamp;

use crate::catalogue::{Catalogue, CatalogueError, Lookup, Record, View};
use crate::crosswalk::{About, Described, Statements, statements};
use crate::rdf::vocabulary::{dcat, rdf};
use crate::rdf::{NamedNode, Term, Triple};
use crate::web::server::Door;

/// Distributions with records of their own that are told with the dataset.
const DISTRIBUTIONS_MAX: usize = 100;

/// Everything that a record is shown from.
pub struct Portrait {
    catalogue: Catalogue,
    record: Record,
    address: String,
    site: String,
    text: String,
    holder: Option<(String, String)>,
}

impl Portrait {
    /// Gathers it.
    pub async fn of(door: &Door, view: &View, record: &Record) -> Result<Self, CatalogueError> {
        let mut sent = view.sent(record).await?;
        let snapshot = view.snapshot();
        let children = snapshot.objects(record.iri.as_ref().into(), dcat::DISTRIBUTION);
        for child in children.into_iter().take(DISTRIBUTIONS_MAX) {
            let Term::NamedNode(child) = child else {
                continue;
            };
            let Some(said) = snapshot.graph(&child) else {
                continue;
            };
            let is_one = |one: &Triple| {
                one.predicate == rdf::TYPE
                    && one.object == dcat::DISTRIBUTION_CLASS.into_owned().into()
            };
            if said.iter().any(is_one) {
                let property: NamedNode = dcat::DISTRIBUTION.into_owned();
                sent.push(Triple::new(record.iri.clone(), property, child));
                sent.extend(said);
            }
        }
        let holder = match &record.parent {
            Some(parent) => match view.lookup_iri(parent.as_str()).await? {
                Lookup::Found(found) => Some((parent.as_str().to_owned(), found.name().to_owned())),
                Lookup::Gone(_) | Lookup::Missing => None,
            },
            None => None,
        };
        Ok(Self {
            catalogue: door.catalogue.clone(),
            address: door.base().iri(&record.path).into_string(),
            site: door.settings.name.clone(),
            record: record.clone(),
            text: statements::written(&sent),
            holder,
        })
    }

    /// Who holds the record, by IRI and name.
    pub fn holder(&self) -> Option<(&str, &str)> {
        let holder = self.holder.as_ref();
        holder.map(|(iri, name)| (iri.as_str(), name.as_str()))
    }

    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Where the record stands here.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Shows the record as the formats of others see it.
    pub fn show<T>(&self, work: impl FnOnce(&Described<'_>) -> T) -> T {
        let first: Timestamp = self.record.published.unwrap_or(self.record.created);
        let about = About {
            iri: self.record.iri.as_str(),
            address: &self.address,
            kind: &self.record.kind,
            parent: self.record.parent.as_ref().map(NamedNode::as_str),
            site: &self.site,
            first_published: first,
            changed: self.record.changed,
        };
        let statements = Statements::read(&self.text);
        work(&self.catalogue.described(about, &statements))
    }
}
