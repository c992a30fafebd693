//! One page of a search: which documents match, how many have each facet's values, and the hits
//! in order from a cursor on.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::panic::resume_unwind;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde::Serialize;
use tantivy::schema::Value;
use tantivy::{DocAddress, SegmentReader, TantivyDocument, Term};

use super::bits::{self, Bits};
use super::columns::{Columns, Values, value_term};
use super::definitions::FacetKind;
use super::document::{Stored, best};
use super::facets::{self, FacetResult};
use super::index::{Error, Index, Segment, Snapshot};
use super::matching;
use super::query::{Cursor, FacetChoice, Key, LIMIT_MAX, SearchQuery, Sort};
use super::reading::{self, Reading, Understood};
use super::spelling;
use super::words;

/// How many hits are brought in order at once when all are given.
const ROWS_AT_ONCE: usize = if cfg!(test) { 3 } else { 10_000 };
/// From so many documents on, facets are counted while the hits are brought in order: less is not worth a thread.
const BOTH_AT_ONCE_MIN: u64 = 50_000;
/// The length of the passage that a hit shows.
const PASSAGE_BYTES_MAX: usize = 280;

/// One page of hits and the facets of the whole result.
#[derive(Clone, Debug, Serialize)]
pub struct SearchPage {
    /// How many records match.
    pub total: u64,
    /// How many come before this page.
    pub offset: u64,
    /// The records of this page.
    pub hits: Vec<Hit>,
    /// All facets that have anything to choose, in their order.
    pub facets: Vec<FacetResult>,
    /// Words that mean concepts, and whether they are taken as these.
    pub understood: Vec<Understood>,
    /// Nothing has all the words, so these records have some.
    pub relaxed: bool,
    /// The same words as they were probably meant, when some of them stand nowhere.
    pub did_you_mean: Option<String>,
    /// Where the next page begins.
    #[serde(serialize_with = "as_text")]
    pub next: Option<Cursor>,
    /// Where the page before begins.
    #[serde(serialize_with = "as_text")]
    pub previous: Option<Cursor>,
}

#[expect(clippy::ref_option, reason = "the signature that serde asks for")]
fn as_text<S: serde::Serializer>(cursor: &Option<Cursor>, out: S) -> Result<S::Ok, S::Error> {
    cursor.as_ref().map(ToString::to_string).serialize(out)
}

/// One record that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// The record's IRI.
    pub iri: String,
    /// Its address on this server.
    pub path: String,
    /// Its kind.
    pub kind: String,
    /// Its title in the language asked for, or in the next best.
    pub title: String,
    /// A passage of its description as safe HTML, the words marked with `<mark>`.
    pub snippet_html: String,
    /// The publisher's name.
    pub publisher: Option<String>,
    /// The catalogue: its IRI and title.
    pub catalogue: Option<Labelled>,
    /// Countries.
    pub country: Vec<Labelled>,
    /// Cancers.
    pub cancer: Vec<Labelled>,
    /// Modalities.
    pub modality: Vec<Labelled>,
    /// Body parts.
    pub body_part: Vec<Labelled>,
    /// Tiers.
    pub tier: Vec<Labelled>,
    /// Access rights.
    pub access: Vec<Labelled>,
    /// The number of subjects.
    pub subjects: Option<i64>,
    /// The number of imaging studies.
    pub studies: Option<i64>,
    /// The first and the last year of acquisition.
    pub years: Option<(i64, i64)>,
    /// The points of its description's quality.
    pub quality: Option<i64>,
    /// Who made it.
    pub creators: Vec<String>,
    /// The description, not longer than what is kept beside the index.
    #[serde(skip)]
    pub description: String,
    /// How well it matches; 0 when the order is not by relevance.
    pub score: f32,
    /// When it was first published, in milliseconds of Unix time.
    pub first_published: i64,
    /// When it changed, in milliseconds of Unix time.
    pub changed: i64,
}

/// A value with its label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Labelled {
    /// The IRI.
    pub iri: String,
    /// The label in the language asked for, or in the next best.
    pub label: String,
}

/// A document that has the words.
pub(super) struct Ranked {
    pub(super) score: f32,
    pub(super) segment: u32,
    pub(super) document: u32,
}

/// A choice with its values found in the index.
pub(super) struct Choice {
    pub(super) facet: usize,
    /// As given, with the values' numbers; none when no record has it.
    pub(super) include: Vec<(String, Vec<u32>)>,
    pub(super) exclude: Vec<(String, Vec<u32>)>,
    pub(super) range: Option<(Option<i64>, Option<i64>)>,
}

/// The documents of one segment.
pub(super) struct Matches {
    /// What the words match; everything when there are none.
    base: Bits,
    /// By choice.
    filters: Vec<Bits>,
    /// What matches everything.
    pub(super) all: Bits,
}

impl Matches {
    /// What matches everything but one choice.
    pub(super) fn without(&self, choice: usize) -> Bits {
        let mut mask = self.base.clone();
        for (index, filter) in self.filters.iter().enumerate() {
            if index != choice {
                bits::intersect(&mut mask, filter);
            }
        }
        mask
    }
}

/// How well the documents of each segment match; empty when that is not what they are ordered by.
type Scores = Vec<Vec<f32>>;

/// A search as it was understood, with what it matches in each segment.
struct Asked {
    snapshot: Arc<Snapshot>,
    reading: Option<Reading>,
    choices: Vec<Choice>,
    sort: Sort,
    matches: Vec<Matches>,
    /// Nothing has all of its words: these have any.
    relaxed: bool,
}

impl Index {
    /// One page of a search, with exact counts.
    pub fn search(&self, query: &SearchQuery) -> Result<SearchPage, Error> {
        let Asked {
            snapshot,
            reading,
            choices,
            sort,
            matches,
            relaxed,
        } = self.asked(query)?;
        let total = matches
            .iter()
            .map(|matches| u64::from(bits::count(&matches.all)))
            .sum();
        let did_you_mean = if total == 0 || relaxed {
            self.did_you_mean(&snapshot, query, &choices)?
        } else {
            None
        };
        let limit = query.limit.min(LIMIT_MAX);
        let facets = || {
            let counted = facets::count(self, &snapshot, &matches, &choices, reading.is_none());
            facets::results(self, &snapshot, query, &choices, &counted)
        };
        let page = || {
            let scores = scores(&snapshot, reading.as_ref(), sort, &matches)?;
            let after = query.after.as_ref();
            self.page(&snapshot, after, limit, sort, &matches, &scores)
        };
        let (facets, page) = if self.len() < BOTH_AT_ONCE_MIN {
            (facets(), page())
        } else {
            std::thread::scope(|scope| {
                let facets = scope.spawn(facets);
                let page = page();
                (
                    facets.join().unwrap_or_else(|panic| resume_unwind(panic)),
                    page,
                )
            })
        };
        let (facets, mut page) = (facets?, page?);
        page.backfill(total);
        let wanted = reading.as_ref().map(|reading| &reading.marked);
        let hits = page
            .rows
            .iter()
            .map(|row| self.hit(&snapshot, row, query, wanted));
        Ok(SearchPage {
            total,
            offset: page.offset,
            hits: hits.collect::<Result<_, _>>()?,
            facets,
            relaxed,
            did_you_mean,
            next: page.next(total),
            previous: page.previous(),
            understood: reading.map_or_else(Vec::new, |reading| reading.understood),
        })
    }

    /// Reads a search and finds all that it matches.
    fn asked(&self, query: &SearchQuery) -> Result<Asked, Error> {
        let snapshot = self.snapshot();
        let text = query.text.as_deref();
        let reading =
            text.map(|text| reading::read(self, &snapshot, text, &query.language, &query.senses));
        let reading = reading.transpose()?.flatten();
        let choices = self.choices(query, &self.values.read());
        let sort = effective_sort(query.sort, reading.as_ref());
        let (matches, relaxed) = self.matches(&snapshot, reading.as_ref(), &choices)?;
        Ok(Asked {
            snapshot,
            reading,
            choices,
            sort,
            matches,
            relaxed,
        })
    }

    /// The best so many of the records that have all words, without a page around them.
    pub(super) fn ranked(
        &self,
        words: &str,
        limit: usize,
    ) -> Result<(Arc<Snapshot>, Vec<Ranked>), Error> {
        let snapshot = self.snapshot();
        let Some(reading) = reading::read(self, &snapshot, words, "en", &[])? else {
            return Ok((snapshot, Vec::new()));
        };
        let mut rows = Vec::new();
        let (bases, relaxed) = reading.wanted.find(&snapshot)?;
        if relaxed {
            return Ok((snapshot, rows));
        }
        let readers = snapshot.searcher.segment_readers();
        for ((segment, base), reader) in (0..).zip(&bases).zip(readers) {
            let scores = reading.wanted.score(reader, base)?;
            rows.extend(bits::documents(base).map(|document| Ranked {
                score: scores[document as usize],
                segment,
                document,
            }));
        }
        let place = |row: &Ranked| (row.segment, row.document);
        rows.sort_unstable_by(|a, b| {
            let by_score = b.score.total_cmp(&a.score);
            by_score.then_with(|| place(a).cmp(&place(b)))
        });
        rows.truncate(limit);
        Ok((snapshot, rows))
    }

    /// Gives every hit of a search in its order, from the first to the last, as the index was when
    /// this began. Tells how many there were.
    pub fn each<E: From<Error>>(
        &self,
        query: &SearchQuery,
        mut visit: impl FnMut(Hit) -> Result<(), E>,
    ) -> Result<u64, E> {
        let Asked {
            snapshot,
            reading,
            sort,
            matches,
            ..
        } = self.asked(query)?;
        let scores = scores(&snapshot, reading.as_ref(), sort, &matches)?;
        // Nobody reads marked passages in a whole result.
        let mut after = query.after.clone();
        let mut visited = 0;
        loop {
            let page = self.page(
                &snapshot,
                after.as_ref(),
                ROWS_AT_ONCE,
                sort,
                &matches,
                &scores,
            )?;
            for row in &page.rows {
                visit(self.hit(&snapshot, row, query, None)?)?;
                visited += 1;
            }
            after = page.next(u64::MAX);
            if page.rows.len() < ROWS_AT_ONCE {
                return Ok(visited);
            }
        }
    }

    /// The words as they were probably meant, when those then find anything.
    fn did_you_mean(
        &self,
        snapshot: &Snapshot,
        query: &SearchQuery,
        choices: &[Choice],
    ) -> Result<Option<String>, Error> {
        let text = query.text.as_deref().unwrap_or_default();
        let Some(meant) = spelling::mended(self, snapshot, text, &query.language)? else {
            return Ok(None);
        };
        let reading = reading::read(self, snapshot, &meant, &query.language, &query.senses)?;
        let Some(reading) = reading else {
            return Ok(None);
        };
        let (matches, _) = self.matches(snapshot, Some(&reading), choices)?;
        let finds = matches.iter().any(|one| bits::count(&one.all) > 0);
        Ok(finds.then_some(meant))
    }

    pub(super) fn choices(&self, query: &SearchQuery, values: &Values) -> Vec<Choice> {
        let chosen = query.facets.iter().filter(|(_, choice)| !choice.is_empty());
        let found = chosen.filter_map(|(id, choice)| {
            let facet = self.definitions.position(id)?;
            Some(self.choice(facet, choice, values))
        });
        found.collect()
    }

    fn choice(&self, facet: usize, choice: &FacetChoice, values: &Values) -> Choice {
        let find = |given: &String| (given.clone(), self.find_value(facet, given, values));
        Choice {
            facet,
            include: choice.include.iter().map(find).collect(),
            exclude: choice.exclude.iter().map(find).collect(),
            range: choice.range,
        }
    }

    /// A value may be given in full, by another IRI of its concept, or by its last segment.
    pub(super) fn find_value(&self, facet: usize, given: &str, values: &Values) -> Vec<u32> {
        let id = &self.definitions.facets[facet].id;
        let exact = values.exact(id, given);
        let exact = exact.or_else(|| values.exact(id, self.concepts.canonical(given)));
        exact.map_or_else(
            || values.by_short(facet, given).to_vec(),
            |number| vec![number],
        )
    }

    pub(super) fn matches(
        &self,
        snapshot: &Snapshot,
        reading: Option<&Reading>,
        choices: &[Choice],
    ) -> Result<(Vec<Matches>, bool), Error> {
        let (bases, relaxed) = if let Some(reading) = reading {
            reading.wanted.find(snapshot)?
        } else {
            let all = snapshot.segments.iter().map(|one| one.alive.clone());
            (all.collect(), false)
        };
        let readers = snapshot.searcher.segment_readers();
        let mut matches = Vec::with_capacity(bases.len());
        for ((segment, reader), base) in snapshot.segments.iter().zip(readers).zip(bases) {
            let filters = choices
                .iter()
                .map(|choice| self.chosen(segment, reader, choice));
            let filters = filters.collect::<Result<Vec<_>, _>>()?;
            let mut all = base.clone();
            for filter in &filters {
                bits::intersect(&mut all, filter);
            }
            matches.push(Matches { base, filters, all });
        }
        Ok((matches, relaxed))
    }

    /// The documents of a segment that one choice admits.
    fn chosen(
        &self,
        segment: &Segment,
        reader: &SegmentReader,
        choice: &Choice,
    ) -> Result<Bits, Error> {
        let documents = segment.columns.documents;
        let mut admitted = bits::empty(documents);
        for value in choice.include.iter().flat_map(|(_, values)| values) {
            self.unite_value(&mut admitted, &segment.columns, reader, *value)?;
        }
        if let Some(range) = choice.range {
            self.unite_range(&mut admitted, &segment.columns, reader, choice.facet, range)?;
        }
        if choice.include.is_empty() && choice.range.is_none() {
            admitted = bits::full(documents);
        }
        let mut excluded = bits::empty(documents);
        for value in choice.exclude.iter().flat_map(|(_, values)| values) {
            self.unite_value(&mut excluded, &segment.columns, reader, *value)?;
        }
        bits::subtract(&mut admitted, &excluded);
        Ok(admitted)
    }

    pub(super) fn unite_value(
        &self,
        set: &mut Bits,
        columns: &Columns,
        reader: &SegmentReader,
        value: u32,
    ) -> Result<(), Error> {
        if let Some(dense) = columns.dense(value) {
            bits::unite(set, dense);
            return Ok(());
        }
        let term = {
            let values = self.values.read();
            let facet = &self.definitions.facets[values.facet_of(value)];
            value_term(&facet.id, values.value_of(value))
        };
        let term = Term::from_field_text(self.fields.facet, &term);
        matching::unite(reader, &term, set)
    }

    fn unite_range(
        &self,
        set: &mut Bits,
        columns: &Columns,
        reader: &SegmentReader,
        facet: usize,
        (low, high): (Option<i64>, Option<i64>),
    ) -> Result<(), Error> {
        let (low, high) = (low.unwrap_or(i64::MIN), high.unwrap_or(i64::MAX));
        match self.definitions.facets[facet].kind {
            FacetKind::Range => {
                let Some(numbers) = columns.numbers_of(facet) else {
                    return Ok(());
                };
                for document in 0..columns.documents {
                    if numbers
                        .of(document)
                        .is_some_and(|(from, to)| from <= high && low <= to)
                    {
                        bits::set(set, document);
                    }
                }
            }
            FacetKind::Year => {
                for value in self.years_within(facet, low, high) {
                    self.unite_value(set, columns, reader, value)?;
                }
            }
            FacetKind::Flat | FacetKind::Hierarchical => {}
        }
        Ok(())
    }

    fn years_within(&self, facet: usize, low: i64, high: i64) -> Vec<u32> {
        let values = self.values.read();
        let year = |value: u32| values.value_of(value).parse::<i64>().ok();
        let within = |value: &u32| year(*value).is_some_and(|year| (low..=high).contains(&year));
        values
            .of_facet(facet)
            .iter()
            .copied()
            .filter(within)
            .collect()
    }

    fn page(
        &self,
        snapshot: &Snapshot,
        after: Option<&Cursor>,
        limit: usize,
        sort: Sort,
        matches: &[Matches],
        scores: &Scores,
    ) -> Result<Page, Error> {
        let text_keys = sort == Sort::Title;
        let after = after.filter(|cursor| matches!(cursor.key, Key::Text(_)) == text_keys);
        let backwards = after.is_some_and(|cursor| cursor.backwards);
        let mut page = Page {
            rows: Vec::new(),
            offset: 0,
            limit,
            backwards,
        };
        let largest = self.definitions.position(&self.definitions.roles.subjects);
        for ((segment, matches), ordinal) in snapshot.segments.iter().zip(matches).zip(0..) {
            let ordering = Ordering {
                columns: &segment.columns,
                matches,
                scores: scores.get(ordinal as usize).map(Vec::as_slice),
                sort,
                largest,
            };
            let bound = after.map(|cursor| ordering.bound(cursor)).transpose()?;
            let (mut rows, before) = ordering.select(limit, bound, backwards);
            page.offset += before;
            for (key, tie, document) in rows.drain(..) {
                page.rows.push(ordering.row(ordinal, document, key, tie)?);
            }
        }
        page.trim();
        Ok(page)
    }

    pub(super) fn stored(&self, snapshot: &Snapshot, at: DocAddress) -> Result<Stored, Error> {
        let document: TantivyDocument = snapshot.searcher.doc(at)?;
        let text = document.get_first(self.fields.hit);
        let text = text
            .as_ref()
            .and_then(Value::as_str)
            .ok_or(Error::Damaged)?;
        Ok(serde_json::from_str(text)?)
    }

    fn hit(
        &self,
        snapshot: &Snapshot,
        row: &Row,
        query: &SearchQuery,
        wanted: Option<&FxHashSet<String>>,
    ) -> Result<Hit, Error> {
        let stored = self.stored(snapshot, DocAddress::new(row.segment, row.document))?;
        Ok(self.hit_of(stored, row.score, &query.language, wanted))
    }

    pub(super) fn hit_of(
        &self,
        stored: Stored,
        score: f32,
        language: &str,
        wanted: Option<&FxHashSet<String>>,
    ) -> Hit {
        let roles = &self.definitions.roles;
        let language = words::primary(language);
        let values = |role: &String| {
            let values = stored.values.get(role).into_iter().flatten();
            values.map(|iri| self.labelled(iri, &language)).collect()
        };
        let title = best(&stored.titles, &language).map(|(_, title)| title.clone());
        let description = best(&stored.descriptions, &language).map(|(_, text)| text.clone());
        Hit {
            description: description.unwrap_or_default(),
            quality: stored.quality,
            creators: stored.creators.clone(),
            title: title.unwrap_or_else(|| stored.iri.clone()),
            snippet_html: snippet(&stored.descriptions, &language, wanted),
            country: values(&roles.country),
            cancer: values(&roles.cancer),
            modality: values(&roles.modality),
            body_part: values(&roles.body_part),
            tier: values(&roles.tier),
            access: values(&roles.access),
            iri: stored.iri,
            path: stored.path,
            kind: stored.kind,
            publisher: stored.publisher,
            catalogue: stored.catalogue.map(|(iri, label)| Labelled { iri, label }),
            subjects: stored.subjects,
            studies: stored.studies,
            years: stored.years,
            score,
            first_published: stored.first_published,
            changed: stored.changed,
        }
    }

    pub(super) fn labelled(&self, iri: &str, language: &str) -> Labelled {
        let label = self.concepts.label(iri, language);
        let label = label.unwrap_or_else(|| super::definitions::last_segment(iri).to_owned());
        Labelled {
            iri: iri.to_owned(),
            label,
        }
    }
}

/// How well what was found matches, when it is ordered by that.
fn scores(
    snapshot: &Snapshot,
    reading: Option<&Reading>,
    sort: Sort,
    matches: &[Matches],
) -> Result<Scores, Error> {
    let Some(reading) = reading.filter(|_| sort == Sort::Relevance) else {
        return Ok(Scores::new());
    };
    let readers = snapshot.searcher.segment_readers().iter();
    let segments = readers.zip(matches);
    segments
        .map(|(reader, matches)| reading.wanted.score(reader, &matches.all))
        .collect()
}

fn effective_sort(sort: Sort, reading: Option<&Reading>) -> Sort {
    if sort == Sort::Relevance && reading.is_none() {
        Sort::Newest
    } else {
        sort
    }
}

fn snippet(
    descriptions: &[(String, String)],
    language: &str,
    wanted: Option<&FxHashSet<String>>,
) -> String {
    let nothing = FxHashSet::default();
    let wanted = wanted.unwrap_or(&nothing);
    let Some(preferred) = best(descriptions, language) else {
        return String::new();
    };
    let (html, marks) = words::passage(&preferred.1, &preferred.0, wanted, PASSAGE_BYTES_MAX);
    if marks > 0 || wanted.is_empty() {
        return html;
    }
    let others = descriptions.iter().filter(|other| *other != preferred);
    let mut others = others.map(|(tag, text)| words::passage(text, tag, wanted, PASSAGE_BYTES_MAX));
    others
        .find(|(_, marks)| *marks > 0)
        .map_or(html, |(html, _)| html)
}

/// The order of the documents of one segment.
struct Ordering<'a> {
    columns: &'a Columns,
    matches: &'a Matches,
    scores: Option<&'a [f32]>,
    sort: Sort,
    largest: Option<usize>,
}

/// A document's place within its segment: the smaller comes first.
type Place = (u64, u64);

impl Ordering<'_> {
    /// Where a cursor stands among the documents of this segment: the first place after it, and
    /// the first place not before it.
    fn bound(&self, cursor: &Cursor) -> Result<(Place, Place), Error> {
        let exact = |key| ((key, cursor.tie.saturating_add(1)), (key, cursor.tie));
        let title = match &cursor.key {
            Key::Number(number) => return Ok(exact(*number)),
            Key::Text(title) => title,
        };
        let Some(titles) = &self.columns.titles else {
            return Ok(((0, 0), (0, 0)));
        };
        if let Some(rank) = titles.dictionary().term_ord(title)? {
            return Ok(exact(rank));
        }
        let from = std::ops::Bound::Included(title.as_str());
        let bounds = titles
            .dictionary()
            .term_bounds_to_ord(from, std::ops::Bound::Unbounded)?;
        let next = match bounds.0 {
            std::ops::Bound::Included(rank) => rank,
            std::ops::Bound::Excluded(rank) => rank + 1,
            std::ops::Bound::Unbounded => 0,
        };
        Ok(((next, 0), (next, 0)))
    }

    /// The first `limit` documents after the bound, or the last before it, and how many documents
    /// stand before the bound and the page.
    fn select(
        &self,
        limit: usize,
        bound: Option<(Place, Place)>,
        backwards: bool,
    ) -> (Vec<(u64, u64, u32)>, u64) {
        let columns = self.columns;
        let asked = (limit, bound, backwards);
        // What to sort by is asked once, not for each document.
        match self.sort {
            Sort::Relevance => {
                let scores = self.scores.unwrap_or_default();
                self.pick(asked, |at| {
                    let score = scores.get(at).copied().unwrap_or(0.0);
                    u64::from(u32::MAX - score.max(0.0).to_bits())
                })
            }
            Sort::Newest => self.pick(asked, |at| latest_first(columns.first_published[at])),
            Sort::Changed => self.pick(asked, |at| latest_first(columns.changed[at])),
            Sort::Largest => {
                let numbers = self.largest.and_then(|facet| columns.numbers_of(facet));
                self.pick(asked, |at| {
                    let document = u32::try_from(at).unwrap_or(u32::MAX);
                    let number = numbers.and_then(|numbers| numbers.of(document));
                    number.map_or(u64::MAX, |(low, _)| latest_first(low))
                })
            }
            Sort::Quality => self.pick(asked, |at| match columns.quality[at] {
                i64::MIN => u64::MAX,
                points => latest_first(points),
            }),
            Sort::Title => self.pick(asked, |at| u64::from(columns.title_ranks[at])),
        }
    }

    fn pick(
        &self,
        (limit, bound, backwards): (usize, Option<(Place, Place)>, bool),
        key: impl Fn(usize) -> u64,
    ) -> (Vec<(u64, u64, u32)>, u64) {
        let ties = &self.columns.ties;
        let mut before = 0;
        if backwards {
            let limit_place = bound.map_or((u64::MAX, u64::MAX), |(_, at)| at);
            let mut last = BinaryHeap::new();
            for document in bits::documents(&self.matches.all) {
                let at = document as usize;
                let (key, tie) = (key(at), ties[at]);
                if (key, tie) < limit_place {
                    before += 1;
                    keep(&mut last, Reverse((key, tie, document)), limit);
                }
            }
            return (last.into_iter().map(|Reverse(row)| row).collect(), before);
        }
        let start = bound.map_or((0, 0), |(after, _)| after);
        let mut first = BinaryHeap::new();
        let mut worst = u64::MAX;
        // What came last stands last and is most often wanted first: then hardly anything is replaced.
        for document in bits::documents_backwards(&self.matches.all) {
            let at = document as usize;
            let key = key(at);
            // Most documents come after all that are kept: nothing else of them is looked at.
            if key > worst {
                continue;
            }
            let tie = ties[at];
            if (key, tie) < start {
                before += 1;
                continue;
            }
            keep(&mut first, (key, tie, document), limit);
            if first.len() == limit {
                worst = first.peek().map_or(0, |row: &(u64, u64, u32)| row.0);
            }
        }
        (first.into_vec(), before)
    }

    fn row(&self, segment: u32, document: u32, key: u64, tie: u64) -> Result<Row, Error> {
        let score = self.scores.map_or(0.0, |scores| scores[document as usize]);
        let key = match (&self.columns.titles, self.sort) {
            (Some(titles), Sort::Title) => {
                let mut title = String::new();
                titles.ord_to_str(key, &mut title)?;
                Key::Text(title)
            }
            _ => Key::Number(key),
        };
        Ok(Row {
            key,
            tie,
            segment,
            document,
            score,
        })
    }
}

/// Keeps the smallest so many.
fn keep<T: Ord>(heap: &mut BinaryHeap<T>, row: T, limit: usize) {
    if heap.len() < limit {
        heap.push(row);
    } else if heap.peek().is_some_and(|largest| row < *largest)
        && let Some(mut largest) = heap.peek_mut()
    {
        *largest = row;
    }
}

/// Maps numbers so that the larger comes first.
fn latest_first(number: i64) -> u64 {
    !(number.cast_unsigned() ^ (1 << 63))
}

/// A hit not yet fetched.
#[derive(Debug, PartialEq)]
struct Row {
    key: Key,
    tie: u64,
    segment: u32,
    document: u32,
    score: f32,
}

struct Page {
    rows: Vec<Row>,
    offset: u64,
    limit: usize,
    backwards: bool,
}

impl Page {
    /// Brings the rows of all segments in order and keeps one page of them.
    fn trim(&mut self) {
        self.rows
            .sort_by(|one, other| (&one.key, one.tie).cmp(&(&other.key, other.tie)));
        if self.backwards {
            let surplus = self.rows.len().saturating_sub(self.limit);
            self.rows.drain(..surplus);
            self.offset -= self.rows.len() as u64;
        } else {
            self.rows.truncate(self.limit);
        }
    }

    /// A page after the end begins at the end.
    fn backfill(&mut self, total: u64) {
        self.offset = self.offset.min(total);
    }

    fn next(&self, total: u64) -> Option<Cursor> {
        let last = self.rows.last()?;
        let more = self.offset + (self.rows.len() as u64) < total;
        more.then(|| Cursor {
            backwards: false,
            key: last.key.clone(),
            tie: last.tie,
        })
    }

    fn previous(&self) -> Option<Cursor> {
        let first = self.rows.first()?;
        let more = self.offset > 0;
        more.then(|| Cursor {
            backwards: true,
            key: first.key.clone(),
            tie: first.tie,
        })
    }
}
