//! What each facet offers: values with exact counts, branches of hierarchies, histograms.
//!
//! A facet is counted without its own choice, so that one sees what another choice would bring.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet as _, TERMINATED, Term};

use super::columns::{Values, value_term};
use super::definitions::{FacetDefinition, FacetKind, Source, last_segment};
use super::document::best;
use super::find::{Choice, Matches};
use super::index::{Error, Index, Snapshot};
use super::query::{EVERYTHING, SearchQuery};
use super::tree::Tree;
use super::words;

/// How many values of a flat facet, or children of one concept, are listed unless chosen.
const VALUES_SHOWN_MAX: usize = 20;
/// How many values of a flat facet are listed when all are asked for.
const VALUES_ALL_MAX: usize = 500;
/// How deep branches are opened; deeper ones come from damaged hierarchies.
const DEPTH_MAX: usize = 24;
/// How many years are listed.
const YEARS_SHOWN_MAX: usize = 400;

/// One facet of a result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FacetResult {
    /// The facet's id, its name in addresses.
    pub id: String,
    /// Its label.
    pub label: String,
    /// How its values hang together.
    #[serde(serialize_with = "kind_name")]
    pub kind: FacetKind,
    /// The values: the most frequent first; the top of a hierarchy with its open branches; years
    /// in order.
    pub values: Vec<FacetValue>,
    /// How many more values have counts.
    pub more: usize,
    /// Counts by range, for numbers.
    pub histogram: Vec<Bucket>,
    /// The least number.
    pub min: Option<i64>,
    /// The greatest number.
    pub max: Option<i64>,
    /// The range that was chosen.
    pub range: Option<(Option<i64>, Option<i64>)>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde asks for"
)]
fn kind_name<S: serde::Serializer>(kind: &FacetKind, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(match kind {
        FacetKind::Hierarchical => "hierarchical",
        FacetKind::Flat => "flat",
        FacetKind::Range => "range",
        FacetKind::Year => "year",
    })
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FacetValue {
    /// The value as it stands in an address: an IRI or a literal.
    pub value: String,
    /// Its label.
    pub label: String,
    /// How many records have it, or something below it.
    pub count: u64,
    /// Whether it is chosen.
    pub chosen: bool,
    /// Whether it is excluded.
    pub excluded: bool,
    /// The values below, when the branch is open.
    pub children: Vec<FacetValue>,
    /// Whether more values stand below than are listed.
    pub has_more: bool,
}

/// One range of a histogram, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bucket {
    /// The least number of the range.
    pub from: i64,
    /// The greatest, if any.
    pub to: Option<i64>,
    /// How many records lie in it.
    pub count: u64,
}

/// Counts by value for a result.
pub(super) struct Counted {
    all: Vec<u32>,
    /// Of facets that have a choice, without it.
    own: BTreeMap<usize, Vec<u32>>,
    bounds: BTreeMap<usize, (i64, i64)>,
}

impl Counted {
    fn of(&self, facet: usize, value: u32) -> u64 {
        let counts = self.own.get(&facet).unwrap_or(&self.all);
        u64::from(counts.get(value as usize).copied().unwrap_or(0))
    }
}

/// Counts all facets.
pub(super) fn count(
    index: &Index,
    snapshot: &Snapshot,
    matches: &[Matches],
    choices: &[Choice],
    without_words: bool,
) -> Counted {
    let values = index.values.read();
    let all = if without_words && choices.is_empty() {
        snapshot.totals.clone()
    } else {
        let mut counts = vec![0; values.len()];
        for (segment, matches) in snapshot.segments.iter().zip(matches) {
            segment.count(&matches.all, &mut counts);
        }
        counts
    };
    let mut own = BTreeMap::new();
    for (position, choice) in choices.iter().enumerate() {
        if without_words && choices.len() == 1 {
            own.insert(choice.facet, snapshot.totals.clone());
            continue;
        }
        let mut counts = vec![0; values.len()];
        for (segment, matches) in snapshot.segments.iter().zip(matches) {
            let mask = matches.without(position);
            segment.count_facet(&mask, choice.facet, &values, &mut counts);
        }
        own.insert(choice.facet, counts);
    }
    Counted {
        all,
        own,
        bounds: bounds(snapshot, matches),
    }
}

/// The least and the greatest number of each range facet among all that matches.
fn bounds(snapshot: &Snapshot, matches: &[Matches]) -> BTreeMap<usize, (i64, i64)> {
    let mut bounds = BTreeMap::new();
    for (segment, matches) in snapshot.segments.iter().zip(matches) {
        for numbers in &segment.columns.numbers {
            if let Some((low, high)) = numbers.ends_among(&matches.all) {
                let known = bounds.entry(numbers.facet).or_insert((low, high));
                *known = (known.0.min(low), known.1.max(high));
            }
        }
    }
    bounds
}

/// The facets that have anything to choose.
pub(super) fn results(
    index: &Index,
    snapshot: &Snapshot,
    query: &SearchQuery,
    choices: &[Choice],
    counted: &Counted,
) -> Result<Vec<FacetResult>, Error> {
    let values = index.values.read();
    let language = words::primary(&query.language);
    let mut results = Vec::new();
    for (position, facet) in index.definitions.facets.iter().enumerate() {
        let choice = choices.iter().find(|choice| choice.facet == position);
        let open = query.open.get(&facet.id).into_iter().flatten();
        let open = open.flat_map(|value| index.find_value(position, value, &values));
        let lister = Lister {
            index,
            snapshot,
            values: &values,
            counted,
            language: &language,
            position,
            facet,
            choice,
            open: open.collect(),
            all: query
                .open
                .get(&facet.id)
                .is_some_and(|open| open.iter().any(|one| one == EVERYTHING)),
        };
        let result = lister.result()?;
        if !result.values.is_empty() || result.histogram.iter().any(|bucket| bucket.count > 0) {
            results.push(result);
        }
    }
    Ok(results)
}

struct Lister<'a> {
    index: &'a Index,
    snapshot: &'a Snapshot,
    values: &'a Values,
    counted: &'a Counted,
    language: &'a str,
    position: usize,
    facet: &'a FacetDefinition,
    choice: Option<&'a Choice>,
    open: BTreeSet<u32>,
    /// Whether all values of a flat facet are listed.
    all: bool,
}

impl Lister<'_> {
    fn result(&self) -> Result<FacetResult, Error> {
        let mut result = FacetResult {
            id: self.facet.id.clone(),
            label: self.facet.label(self.language).to_owned(),
            kind: self.facet.kind,
            values: Vec::new(),
            more: 0,
            histogram: Vec::new(),
            min: None,
            max: None,
            range: self.choice.and_then(|choice| choice.range),
        };
        match self.facet.kind {
            FacetKind::Flat => (result.values, result.more) = self.flat()?,
            FacetKind::Hierarchical => (result.values, result.more) = self.tree()?,
            FacetKind::Range => {
                result.histogram = self.buckets();
                if let Some((min, max)) = self.counted.bounds.get(&self.position) {
                    (result.min, result.max) = (Some(*min), Some(*max));
                }
            }
            FacetKind::Year => {
                (result.values, result.histogram) = self.years()?;
                result.min = result.histogram.first().map(|bucket| bucket.from);
                result.max = result.histogram.last().map(|bucket| bucket.from);
            }
        }
        result.values.extend(self.unknown());
        Ok(result)
    }

    /// All values with counts, ranked.
    fn ranked(&self, of: &[u32]) -> Vec<(u64, u32)> {
        let counted = of
            .iter()
            .map(|value| (self.counted.of(self.position, *value), *value));
        let mut ranked: Vec<_> = counted.filter(|(count, _)| *count > 0).collect();
        ranked.sort_unstable_by(|one, other| self.rank(*one, *other));
        ranked
    }

    /// The first so many of the ranked values, and how many there are besides.
    fn most_frequent(&self, of: &[u32], shown_max: usize) -> (Vec<u32>, usize) {
        let counted = of
            .iter()
            .map(|value| (self.counted.of(self.position, *value), *value));
        let mut found: Vec<_> = counted.filter(|(count, _)| *count > 0).collect();
        let more = found.len().saturating_sub(shown_max);
        if more > 0 {
            found.select_nth_unstable_by(shown_max, |one, other| self.rank(*one, *other));
            found.truncate(shown_max);
        }
        found.sort_unstable_by(|one, other| self.rank(*one, *other));
        (found.into_iter().map(|(_, value)| value).collect(), more)
    }

    /// The most frequent of some values of a tree, and those besides whose branches are open.
    fn branches(&self, of: &[u32], opened: &BTreeSet<u32>) -> (Vec<u32>, usize) {
        let (mut shown, more) = self.most_frequent(of, VALUES_SHOWN_MAX);
        if more > 0 {
            let is_open = |value: &&u32| opened.contains(*value) || self.is_touched(**value);
            let counts = |value: &&u32| self.counted.of(self.position, **value) > 0;
            for value in of.iter().filter(is_open).filter(counts) {
                if !shown.contains(value) {
                    shown.push(*value);
                }
            }
        }
        (shown, more)
    }

    /// The more frequent first, equal ones in the order of their text.
    fn rank(&self, one: (u64, u32), other: (u64, u32)) -> std::cmp::Ordering {
        let text = |value: u32| self.values.value_of(value);
        let by_count = other.0.cmp(&one.0);
        by_count.then_with(|| text(one.1).cmp(text(other.1)))
    }

    fn flat(&self) -> Result<(Vec<FacetValue>, usize), Error> {
        let shown_max = if self.all {
            VALUES_ALL_MAX
        } else {
            VALUES_SHOWN_MAX
        };
        let of = self.values.of_facet(self.position);
        let (mut shown, more) = self.most_frequent(of, shown_max);
        for value in self.touched() {
            if !shown.contains(&value) {
                shown.push(value);
            }
        }
        let listed = shown.into_iter().map(|value| self.value(value));
        Ok((listed.collect::<Result<_, _>>()?, more))
    }

    fn years(&self) -> Result<(Vec<FacetValue>, Vec<Bucket>), Error> {
        let ranked = self.ranked(self.values.of_facet(self.position));
        let year = |value: u32| self.values.value_of(value).parse::<i64>().unwrap_or(0);
        let mut years: Vec<u32> = ranked.iter().map(|(_, value)| *value).collect();
        years.extend(self.touched());
        years.sort_by_key(|value| year(*value));
        years.dedup();
        years.truncate(YEARS_SHOWN_MAX);
        let bucket = |value: &u32| {
            let count = self.counted.of(self.position, *value);
            Bucket {
                from: year(*value),
                to: Some(year(*value)),
                count,
            }
        };
        let histogram = years.iter().map(bucket).collect();
        let listed = years.iter().map(|value| self.value(*value));
        Ok((listed.collect::<Result<_, _>>()?, histogram))
    }

    fn buckets(&self) -> Vec<Bucket> {
        let ranges = (0..self.facet.buckets.len()).filter_map(|bucket| {
            let (from, to) = self.facet.bucket(bucket)?;
            let value = self.values.exact(&self.facet.id, &bucket.to_string());
            let count = value.map_or(0, |value| self.counted.of(self.position, value));
            Some(Bucket {
                from,
                to: (to != i64::MAX).then_some(to),
                count,
            })
        });
        ranges.collect()
    }

    /// The children of the root, with values from outside the hierarchy beside them.
    fn tree(&self) -> Result<(Vec<FacetValue>, usize), Error> {
        let opened = self.opened();
        let tree = self.index.tree(self.position, self.values);
        let (shown, more) = self.branches(&tree.top, &opened);
        let nodes = shown
            .into_iter()
            .map(|value| self.node(value, &tree, &opened, DEPTH_MAX));
        let mut nodes = nodes.collect::<Result<Vec<_>, Error>>()?;
        let shown: BTreeSet<String> = nodes.iter().flat_map(values_of).collect();
        for value in self.touched() {
            if !shown.contains(self.values.value_of(value).as_ref()) {
                nodes.push(self.value(value)?);
            }
        }
        Ok((nodes, more))
    }

    fn node(
        &self,
        value: u32,
        tree: &Tree,
        opened: &BTreeSet<u32>,
        depth: usize,
    ) -> Result<FacetValue, Error> {
        let mut node = self.value(value)?;
        if depth == 0 || !opened.contains(&value) {
            let counts = |child: &u32| self.counted.of(self.position, *child) > 0;
            node.has_more = tree.below(value).iter().any(counts);
            return Ok(node);
        }
        let (shown, more) = self.branches(tree.below(value), opened);
        node.has_more = more > 0;
        for child in shown {
            node.children
                .push(self.node(child, tree, opened, depth - 1)?);
        }
        Ok(node)
    }

    /// Values whose branch is shown: those chosen or asked for, and all above them.
    fn opened(&self) -> BTreeSet<u32> {
        let mut opened: BTreeSet<u32> = self.open.clone();
        opened.extend(self.touched());
        for value in opened.clone() {
            let above = self.index.concepts.ancestors(self.values.value_of(value));
            let known = above
                .iter()
                .filter_map(|iri| self.values.exact(&self.facet.id, iri));
            opened.extend(known);
        }
        opened
    }

    /// Values that are chosen or excluded.
    fn touched(&self) -> BTreeSet<u32> {
        let choice = self.choice.into_iter();
        let given = choice.flat_map(|choice| choice.include.iter().chain(&choice.exclude));
        given
            .flat_map(|(_, values)| values.iter().copied())
            .collect()
    }

    fn is_touched(&self, value: u32) -> bool {
        self.is_in(value, |choice| &choice.include) || self.is_in(value, |choice| &choice.exclude)
    }

    fn is_in(&self, value: u32, list: impl Fn(&Choice) -> &Vec<(String, Vec<u32>)>) -> bool {
        let given = self
            .choice
            .into_iter()
            .flat_map(|choice| list(choice).iter());
        given.into_iter().any(|(_, values)| values.contains(&value))
    }

    fn value(&self, value: u32) -> Result<FacetValue, Error> {
        Ok(FacetValue {
            value: self.values.value_of(value).to_string(),
            label: self.label(value)?,
            count: self.counted.of(self.position, value),
            chosen: self.is_in(value, |choice| &choice.include),
            excluded: self.is_in(value, |choice| &choice.exclude),
            children: Vec::new(),
            has_more: false,
        })
    }

    /// Chosen values that no record has, so that one can take them back.
    fn unknown(&self) -> Vec<FacetValue> {
        let listed = |given: &[(String, Vec<u32>)], chosen: bool| {
            let unknown = given.iter().filter(|(_, values)| values.is_empty());
            let unknown = unknown.map(|(value, _)| FacetValue {
                value: value.clone(),
                label: self.text_label(value),
                count: 0,
                chosen,
                excluded: !chosen,
                children: Vec::new(),
                has_more: false,
            });
            unknown.collect::<Vec<_>>()
        };
        let Some(choice) = self.choice else {
            return Vec::new();
        };
        let mut unknown = listed(&choice.include, true);
        unknown.extend(listed(&choice.exclude, false));
        unknown
    }

    fn label(&self, value: u32) -> Result<String, Error> {
        if self.facet.source == Source::Catalogue {
            return catalogue_title(self.index, self.snapshot, self.values, value);
        }
        Ok(self.text_label(self.values.value_of(value)))
    }

    fn text_label(&self, value: &str) -> String {
        value_label(self.index, self.facet, value, self.language)
    }
}

/// The label of a value that is not a catalogue.
pub(super) fn value_label(
    index: &Index,
    facet: &FacetDefinition,
    value: &str,
    language: &str,
) -> String {
    if let Some(label) = facet.value_label(value, language) {
        return label.to_owned();
    }
    if facet.source != Source::Iri || matches!(facet.kind, FacetKind::Year | FacetKind::Range) {
        return value.to_owned();
    }
    let label = index.concepts.label(value, language);
    label.unwrap_or_else(|| last_segment(value).to_owned())
}

/// The title of a catalogue: from its own record, else from what its records say of it.
pub(super) fn catalogue_title(
    index: &Index,
    snapshot: &Snapshot,
    values: &Values,
    value: u32,
) -> Result<String, Error> {
    if let Some(title) = snapshot.catalogue_titles.lock().get(&value) {
        return Ok(title.clone());
    }
    let iri = values.value_of(value);
    let facet = &index.definitions.facets[values.facet_of(value)];
    let own = Term::from_field_text(index.fields.iri, iri);
    let member = Term::from_field_text(index.fields.facet, &value_term(&facet.id, iri));
    let mut title = None;
    if let Some(at) = first(snapshot, &own)? {
        let stored = index.stored(snapshot, at)?;
        title = best(&stored.titles, words::DEFAULT_LANGUAGE).map(|(_, title)| title.clone());
    }
    if title.is_none()
        && let Some(at) = first(snapshot, &member)?
    {
        title = index
            .stored(snapshot, at)?
            .catalogue
            .map(|(_, title)| title);
    }
    let title = title.unwrap_or_else(|| last_segment(iri).to_owned());
    snapshot
        .catalogue_titles
        .lock()
        .insert(value, title.clone());
    Ok(title)
}

/// The first living document that has a term.
pub(super) fn first(snapshot: &Snapshot, term: &Term) -> Result<Option<DocAddress>, Error> {
    for (reader, segment) in snapshot.searcher.segment_readers().iter().zip(0..) {
        let index = reader.inverted_index(term.field())?;
        let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else {
            continue;
        };
        while postings.doc() != TERMINATED {
            if !reader.is_deleted(postings.doc()) {
                return Ok(Some(DocAddress::new(segment, postings.doc())));
            }
            postings.advance();
        }
    }
    Ok(None)
}

fn values_of(node: &FacetValue) -> Vec<String> {
    let mut values = vec![node.value.clone()];
    values.extend(node.children.iter().flat_map(values_of));
    values
}
