//! How many records use a concept: itself, or one below it?

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, SegmentReader, TERMINATED, Term};

use super::bits;
use super::definitions::{FacetKind, Source};
use super::index::{Error, Index, Segment};

/// How often a concept is used in one facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The facet's id, its name in addresses.
    pub facet: String,
    /// How many records say it and nothing below it.
    pub itself: u64,
    /// How many say it or something below it: what a search in the facet finds.
    pub with_below: u64,
}

impl Index {
    /// How many records are tagged with each concept or with one below it, in whatever property.
    pub fn count_using(&self, iris: &[String]) -> Result<Vec<u64>, Error> {
        let snapshot = self.snapshot();
        let readers = snapshot.searcher.segment_readers();
        let mut counts = Vec::with_capacity(iris.len());
        for iri in iris {
            let term = Term::from_field_text(self.fields.concept, self.concepts.canonical(iri));
            let mut count = 0;
            for (segment, reader) in snapshot.segments.iter().zip(readers) {
                count += using(segment, reader, &term)?;
            }
            counts.push(count);
        }
        Ok(counts)
    }

    /// The use of a concept by facet, without the facets that never name it.
    pub fn usage(&self, iri: &str) -> Result<Vec<Usage>, Error> {
        let iri = self.concepts.canonical(iri);
        let below: Vec<String> = self.concepts.children(iri);
        let snapshot = self.snapshot();
        let readers = snapshot.searcher.segment_readers();
        let mut used = Vec::new();
        for facet in &self.definitions.facets {
            let hierarchical = facet.kind == FacetKind::Hierarchical;
            let of_concepts = hierarchical || facet.kind == FacetKind::Flat;
            if !of_concepts || facet.source != Source::Iri {
                continue;
            }
            let (value, values_below) = {
                let values = self.values.read();
                let of_children = below.iter().filter(|_| hierarchical);
                let of_children: Vec<u32> = of_children
                    .filter_map(|child| values.exact(&facet.id, child))
                    .collect();
                (values.exact(&facet.id, iri), of_children)
            };
            let total = |value: u32| snapshot.totals.get(value as usize).copied().unwrap_or(0);
            let with_below = u64::from(value.map_or(0, total));
            if with_below == 0 {
                continue;
            }
            let mut narrower = 0;
            for (segment, reader) in snapshot.segments.iter().zip(readers) {
                let mut documents = bits::empty(segment.columns.documents);
                for value in &values_below {
                    self.unite_value(&mut documents, &segment.columns, reader, *value)?;
                }
                narrower += u64::from(bits::count_common(&documents, &segment.alive));
            }
            used.push(Usage {
                facet: facet.id.clone(),
                itself: with_below.saturating_sub(narrower),
                with_below,
            });
        }
        Ok(used)
    }
}

/// How many living documents of a segment have a term.
fn using(segment: &Segment, reader: &SegmentReader, term: &Term) -> Result<u64, Error> {
    let index = reader.inverted_index(term.field())?;
    if reader.num_deleted_docs() == 0 {
        return Ok(u64::from(index.doc_freq(term)?));
    }
    let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else {
        return Ok(0);
    };
    let mut documents = bits::empty(segment.columns.documents);
    while postings.doc() != TERMINATED {
        bits::set(&mut documents, postings.doc());
        postings.advance();
    }
    Ok(u64::from(bits::count_common(&documents, &segment.alive)))
}
