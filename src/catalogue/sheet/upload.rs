//! What would a file of sheets change? It is read against what stands here, checked as a whole, and stored whole or not at all.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::book::Book;
use super::cell::{Fault, Values, whole_address};
use super::layout::{Entry, Layout, Place, is_help};
use super::row::{Row, Said};
use super::rows::{Part, Rows, rows_of, said_by};
use super::table::{Column, Table};
use super::words;
use crate::auth::{Actor, Wish};
use crate::catalogue::checked;
use crate::catalogue::identifier::{Slug, path_of, split_path};
use crate::catalogue::kind::Kind;
use crate::catalogue::projection::{blocking, on_all_cores, provider_triples};
use crate::catalogue::record::State;
use crate::catalogue::writing::Precondition;
use crate::catalogue::writing::batch::{Effect, Operation, Outcome, Put, Receipt, Run};
use crate::catalogue::{Catalogue, CatalogueError};
use crate::ledger::Head;
use crate::rdf::vocabulary::{self, dct, rdf, skos};
use crate::rdf::{NamedNode, NamedOrBlankNode, Term, Triple};
use crate::shacl::Severity;

/// How many problems are told one by one.
pub const PROBLEMS_MAX: usize = 1_000;
/// How many differences of a record are told one by one.
const DIFFERENCES_MAX: usize = 50;

/// What is wanted with a file.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub language: String,
    /// The profile whose columns are meant, when it is not that of the kind.
    pub profile: Option<String>,
    /// The kind of record of a file with one sheet.
    pub kind: Option<String>,
    /// Where new records go that do not say it themselves.
    pub parent: Option<String>,
    /// The state that is wished; new records are drafts, old ones stay what they are.
    pub state: Option<State>,
    pub reason: Option<String>,
}

/// What a file says, and what would become of it.
#[derive(Debug, Default)]
pub struct Checkup {
    pub problems: Vec<Problem>,
    /// How many problems there are, told or not.
    pub problems_total: usize,
    pub records: Vec<Told>,
    /// Sheets that were not read.
    pub unread: Vec<String>,
    pub rows: usize,
    pub committed: bool,
}

/// Something to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub place: Place,
    pub message: String,
    /// Whether nothing can be stored before it is mended.
    pub is_blocking: bool,
}

/// What becomes of a record.
#[derive(Debug)]
pub struct Told {
    pub place: Place,
    pub iri: String,
    pub path: String,
    pub title: String,
    pub effect: Option<Effect>,
    pub state: Option<State>,
    pub version: u64,
    pub differences: Vec<Difference>,
}

/// A cell that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub heading: String,
    pub old: String,
    pub new: String,
}

impl Checkup {
    pub fn count(&self, effect: Effect) -> usize {
        let same = |told: &&Told| told.effect == Some(effect);
        self.records.iter().filter(same).count()
    }

    /// Whether it can be stored.
    pub fn is_ready(&self) -> bool {
        self.blocking() == 0 && !self.records.is_empty()
    }

    pub fn blocking(&self) -> usize {
        let blocking = |problem: &&Problem| problem.is_blocking;
        self.problems.iter().filter(blocking).count()
    }

    /// What a reader has seen: the same words mean that the same would happen.
    pub fn digest(&self) -> String {
        let mut text = String::new();
        for told in &self.records {
            let effect = told.effect.map_or("", Effect::name);
            // A new record has no address yet that lasts.
            let iri: &str = if told.version == 0 { "" } else { &told.iri };
            text.extend([iri, " ", effect, " ", &told.version.to_string(), "\n"]);
        }
        hex::encode(crate::rdf::canonical::digest(&text).0)
    }

    fn add(&mut self, problem: Problem) {
        self.problems_total += 1;
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem);
        } else if problem.is_blocking {
            // Whatever is told, one that blocks is among it.
            self.problems.pop();
            self.problems.push(problem);
        }
    }
}

/// A record of the file with the rows that make it.
struct Group {
    iri: NamedNode,
    kind: usize,
    main: Option<Entry>,
    /// Rows of things that stand inside it.
    inside: Vec<Entry>,
    parent: Option<NamedNode>,
    head: Option<Head>,
    current: Vec<Triple>,
}

/// A group that was read.
struct Made {
    group: usize,
    triples: Vec<Triple>,
    /// What each of its rows says.
    said: Vec<(Entry, Said)>,
    faults: Vec<(Place, Fault)>,
    differences: Vec<Difference>,
}

impl Catalogue {
    /// Reads a file of sheets and stores it, or only tells what it would change.
    pub async fn upload(
        &self,
        actor: &Actor,
        book: Book,
        wanted: &Wanted,
        run: Run,
    ) -> Result<Checkup, CatalogueError> {
        let tables = self.tables(wanted.profile.as_deref());
        let mut layout = Layout::default();
        for sheet in book.sheets.iter().filter(|sheet| !is_help(&sheet.name)) {
            let kind = wanted.kind.as_deref();
            layout.add(sheet, &tables, kind, &wanted.language);
        }
        drop(book);
        self.store_layout(actor, layout, wanted, run).await
    }

    /// Stores what was laid out in rows, or only tells what it would change.
    pub async fn store_layout(
        &self,
        actor: &Actor,
        mut layout: Layout,
        wanted: &Wanted,
        run: Run,
    ) -> Result<Checkup, CatalogueError> {
        let tables = self.tables(wanted.profile.as_deref());
        let mut checkup = Checkup {
            unread: std::mem::take(&mut layout.unread),
            rows: layout.entries.len(),
            ..Checkup::default()
        };
        let mut faults = std::mem::take(&mut layout.faults);
        if layout.entries.is_empty() && faults.is_empty() {
            faults.push((Place::default(), Fault::new("no-rows", "")));
        }
        let groups = self
            .groups(actor, &tables, &mut layout, wanted, &mut faults)
            .await?;
        let layout = Arc::new(layout);
        let (made, groups) = self
            .made(&tables, &layout, groups, &wanted.language)
            .await?;
        for (place, fault) in faults
            .iter()
            .chain(made.iter().flat_map(|made| &made.faults))
        {
            checkup.add(Problem {
                place: place.clone(),
                message: fault.sentence(&wanted.language),
                is_blocking: true,
            });
        }
        let run = if checkup.problems.is_empty() {
            run
        } else {
            Run::Try
        };
        let operations = self.operations(&made, &groups, wanted);
        let receipt = self.apply(actor, operations, run).await?;
        tell(
            &mut checkup,
            &layout,
            &tables,
            &groups,
            made,
            receipt,
            wanted,
        );
        Ok(checkup)
    }

    /// The tables of all kinds, made once for each profile.
    pub fn tables(&self, profile: Option<&str>) -> Arc<Vec<Table>> {
        let known = profile.filter(|name| self.profiles().get(name).is_some());
        let key = known.unwrap_or_default().to_owned();
        let mut kept = self.kept_tables().lock();
        let tables = kept.entry(key).or_insert_with(|| {
            let kinds = self.kinds().iter().filter(|kind| !kind.is_root());
            Arc::new(
                kinds
                    .filter_map(|kind| Table::find(self, kind, known))
                    .collect(),
            )
        });
        Arc::clone(tables)
    }

    /// Finds the record of each row, and where it stands.
    async fn groups(
        &self,
        actor: &Actor,
        tables: &[Table],
        layout: &mut Layout,
        wanted: &Wanted,
        faults: &mut Vec<(Place, Fault)>,
    ) -> Result<Vec<Group>, CatalogueError> {
        let entries = std::mem::take(&mut layout.entries);
        let mut groups: Vec<Group> = Vec::new();
        let mut by_iri: FxHashMap<String, usize> = FxHashMap::default();
        let mut inside = Vec::new();
        for entry in entries {
            let table = &tables[entry.table];
            if is_inside(self, table, &entry) {
                inside.push(entry);
                continue;
            }
            let fail =
                |column: Column, fault: Fault| (layout.place(&entry, Some(&column), ""), fault);
            let Some(iri) = self.address_of(table, &entry) else {
                let text = entry.address.clone().unwrap_or_default();
                faults.push(fail(Column::Record, Fault::new("bad-record", text)));
                continue;
            };
            if let Some(known) = by_iri.get(iri.as_str()) {
                let other = groups[*known].main.as_ref().map_or(0, |entry| entry.number);
                let rows = format!("{other}, {}", entry.number);
                faults.push(fail(Column::Record, Fault::new("twice", rows)));
                continue;
            }
            by_iri.insert(iri.as_str().to_owned(), groups.len());
            groups.push(Group {
                iri,
                kind: entry.table,
                main: Some(entry),
                inside: Vec::new(),
                parent: None,
                head: None,
                current: Vec::new(),
            });
        }
        for entry in inside {
            let table = &tables[entry.table];
            let place = layout.place(&entry, Some(&Column::Parent), "");
            let Some(text) = entry.parent.clone() else {
                let heading = words::heading(&Column::Parent, &wanted.language);
                faults.push((place, Fault::new("no-parent", heading)));
                continue;
            };
            let parent = self.parent_address(&table.kind, &text);
            let known = parent.as_ref().and_then(|iri| by_iri.get(iri.as_str()));
            if let Some(at) = known {
                groups[*at].inside.push(entry);
                continue;
            }
            let head = match &parent {
                Some(iri) => self.ledger().head(iri.as_str()).await?,
                None => None,
            };
            let kind =
                head.and_then(|head| tables.iter().position(|one| one.kind.name == head.kind));
            let (Some(iri), Some(kind)) = (parent, kind) else {
                faults.push((place, Fault::new("bad-parent", text)));
                continue;
            };
            by_iri.insert(iri.as_str().to_owned(), groups.len());
            groups.push(Group {
                iri,
                kind,
                main: None,
                inside: vec![entry],
                parent: None,
                head: None,
                current: Vec::new(),
            });
        }
        self.stand(
            actor,
            tables,
            layout,
            wanted,
            (&mut groups, &by_iri),
            faults,
        )
        .await?;
        Ok(groups)
    }

    /// Reads what stands here of each record, and finds what it is part of.
    async fn stand(
        &self,
        actor: &Actor,
        tables: &[Table],
        layout: &Layout,
        wanted: &Wanted,
        (groups, by_iri): (&mut Vec<Group>, &FxHashMap<String, usize>),
        faults: &mut Vec<(Place, Fault)>,
    ) -> Result<(), CatalogueError> {
        let mut parents: FxHashMap<String, bool> = FxHashMap::default();
        for group in groups {
            let head = self.ledger().head(group.iri.as_str()).await?;
            let may_read = |head: &Head| self.may(actor, Wish::ReadDraft, head).is_allowed();
            // Of a draft that is hidden from the sender, nothing is known here; it is found when it is to be written.
            let known = head.filter(|head| {
                may_read(head) || head.public.is_some() || head.first_published_at.is_some()
            });
            if let Some(head) = known {
                if may_read(&head) {
                    let version = self.ledger().version(&head.iri, head.version).await?;
                    if let Some(version) = version {
                        group.current = provider_triples(&head.iri, &version.ntriples)?;
                    }
                } else if head.public.is_some() {
                    let public = self.projection().snapshot().graph(&group.iri);
                    group.current = public.unwrap_or_default();
                }
                group.parent = head.parent.clone().map(NamedNode::new_unchecked);
                group.head = Some(head);
            }
            let Some(entry) = &group.main else { continue };
            let kind = &tables[entry.table].kind;
            let said = entry.parent.as_ref();
            let default = wanted.parent.as_ref().filter(|_| group.head.is_none());
            let Some(text) = said.or(default) else {
                continue;
            };
            let place = || layout.place(entry, Some(&Column::Parent), "");
            let Some(iri) = self.parent_address(kind, text) else {
                faults.push((place(), Fault::new("bad-parent", text)));
                continue;
            };
            let is_here = match parents.get(iri.as_str()) {
                Some(known) => *known,
                None => {
                    let here = by_iri.contains_key(iri.as_str())
                        || iri == self.base().iri("")
                        || self.ledger().head(iri.as_str()).await?.is_some();
                    parents.insert(iri.as_str().to_owned(), here);
                    here
                }
            };
            if !is_here {
                faults.push((place(), Fault::new("bad-parent", text)));
            }
            group.parent = Some(iri);
        }
        Ok(())
    }

    /// The address that a row names, or that its identifier stands for, or a new one.
    fn address_of(&self, table: &Table, entry: &Entry) -> Option<NamedNode> {
        match &entry.address {
            Some(text) => self.address_in(&table.kind, text),
            None => {
                let identifier = table.column("dct:identifier");
                let identifier = identifier.and_then(|column| entry.row.get(&column));
                Some(match identifier {
                    Some(text) => self.address_for(&table.kind, text.trim()),
                    None => self.base().iri(&path_of(&table.kind, &Slug::random())),
                })
            }
        }
    }

    /// The address of the record with an identifier (`dct:identifier`): the identifier itself when it is an address of
    /// the kind, else that of the public record that has it, else one that is always the same for it.
    pub fn address_for(&self, kind: &Kind, identifier: &str) -> NamedNode {
        let own = self.base().path(identifier).and_then(split_path);
        if own.is_some_and(|(prefix, _)| prefix == kind.prefix) {
            return NamedNode::new_unchecked(identifier);
        }
        let snapshot = self.projection().snapshot();
        let literal = crate::rdf::Literal::new_simple_literal(identifier);
        let term = crate::rdf::TermRef::from(literal.as_ref());
        let quads = snapshot.quads(None, Some(dct::IDENTIFIER), Some(term), None);
        let class = kind.classes.first().cloned().map(Term::from);
        let found = quads.take(FOUND_MAX).find_map(|quad| match quad.subject {
            NamedOrBlankNode::NamedNode(iri) if snapshot.contains_graph(&iri) => {
                let types = snapshot.objects(iri.as_ref().into(), rdf::TYPE);
                class
                    .as_ref()
                    .is_some_and(|class| types.contains(class))
                    .then_some(iri)
            }
            _ => None,
        });
        found.unwrap_or_else(|| {
            let slug = Slug::of_foreign(identifier);
            self.base().iri(&path_of(kind, &slug))
        })
    }

    fn address_in(&self, kind: &Kind, text: &str) -> Option<NamedNode> {
        let text = text.trim();
        if let Some(iri) = whole_address(text) {
            return Some(iri);
        }
        let (prefix, slug) = match split_path(text) {
            Some((prefix, slug)) => (prefix, slug),
            None => (kind.prefix.as_str(), Slug::parse(text)?),
        };
        (prefix == kind.prefix).then(|| self.base().iri(&path_of(kind, &slug)))
    }

    /// The address of what a record of a kind is part of.
    fn parent_address(&self, kind: &Kind, text: &str) -> Option<NamedNode> {
        let kinds = kind.parents.iter();
        let kinds = kinds.filter_map(|parent| self.kinds().by_name(&parent.kind));
        let mut above = kinds.filter(|parent| !parent.is_root());
        if text == "/" {
            return Some(self.base().iri(""));
        }
        above
            .find_map(|parent| self.address_in(parent, text))
            .or_else(|| whole_address(text))
    }

    /// Reads all groups on all cores, in their order.
    async fn made(
        &self,
        tables: &Arc<Vec<Table>>,
        layout: &Arc<Layout>,
        groups: Vec<Group>,
        language: &str,
    ) -> Result<(Vec<Made>, Arc<Vec<Group>>), CatalogueError> {
        let groups = Arc::new(groups);
        let (catalogue, tables, layout) = (self.clone(), Arc::clone(tables), Arc::clone(layout));
        let (all, language) = (Arc::clone(&groups), language.to_owned());
        let made = blocking(move || {
            let made = on_all_cores(&all, 1, |first, part| {
                let mut making = Making {
                    tables: &tables,
                    layout: &layout,
                    language: &language,
                    values: Values::new(catalogue.ontology(), catalogue.base()),
                };
                let numbered = part.iter().enumerate();
                numbered
                    .map(|(at, group)| making.group(first + at, group))
                    .collect::<Vec<_>>()
            });
            let made = made.ok_or_else(|| {
                CatalogueError::Interrupted(
                    "the reading of a sheet ended before its end".to_owned(),
                )
            })?;
            Ok::<_, CatalogueError>(made.into_iter().flatten().collect())
        });
        Ok((made.await?, groups))
    }

    fn operations(&self, made: &[Made], groups: &[Group], wanted: &Wanted) -> Vec<Operation> {
        let mut operations = Vec::with_capacity(made.len());
        for made in made {
            let group = &groups[made.group];
            let version = group.head.as_ref().map(|head| head.version);
            for (at, mut record) in self
                .incoming(&group.iri, &made.triples)
                .into_iter()
                .enumerate()
            {
                let is_main = at == 0;
                if is_main && group.parent.is_some() {
                    record.parent.clone_from(&group.parent);
                }
                let if_match = version.filter(|_| is_main).map(Precondition::Version);
                operations.push(Operation::Put(Put {
                    record,
                    state: wanted.state,
                    reason: wanted.reason.clone(),
                    if_match,
                }));
            }
        }
        operations
    }
}

/// Records with one identifier that are looked at.
const FOUND_MAX: usize = 100;

/// Whether a row is of something that stands inside a record, and is no record of its own.
fn is_inside(catalogue: &Catalogue, table: &Table, entry: &Entry) -> bool {
    if !table.kind.embedded {
        return false;
    }
    let Some(text) = entry.address.as_deref() else {
        return true;
    };
    if text.starts_with("_:") {
        return true;
    }
    let Some(iri) = catalogue.address_in(&table.kind, text) else {
        return false;
    };
    let path = catalogue.base().path(iri.as_str()).and_then(split_path);
    path.is_none_or(|(prefix, _)| prefix != table.kind.prefix)
}

/// What a thread needs to read groups.
struct Making<'a> {
    tables: &'a [Table],
    layout: &'a Layout,
    language: &'a str,
    values: Values<'a>,
}

impl Making<'_> {
    fn group(&mut self, at: usize, group: &Group) -> Made {
        let mut made = Made {
            group: at,
            triples: Vec::new(),
            said: Vec::new(),
            faults: Vec::new(),
            differences: Vec::new(),
        };
        let note = group.main.as_ref().and_then(|entry| entry.note.as_ref());
        let (noted, current): (Vec<Triple>, Vec<Triple>) = group
            .current
            .iter()
            .cloned()
            .partition(|triple| note.is_some() && is_note(triple, &group.iri));
        // Where the file tells of a record's parts in its last column, they have no rows of their own.
        let (tables, kind) = if self.carries_parts(group) {
            (std::slice::from_ref(&self.tables[group.kind]), 0)
        } else {
            (self.tables, group.kind)
        };
        let old = rows_of(
            tables,
            (kind, &group.iri),
            group.head.as_ref().and_then(|head| head.parent.as_deref()),
            current,
            &mut self.values,
        );
        let main = Part {
            table: group.kind,
            address: group.iri.as_str().to_owned(),
            row: self.main_row(group, &old, &mut made),
        };
        let mut rows = vec![(main, group.main.as_ref())];
        let mut free = free_addresses(group);
        for entry in &group.inside {
            let address = entry.address.clone().or_else(|| free.next());
            let address = address.unwrap_or_default();
            let before = old.inside.iter().find(|one| one.address == address);
            let empty = Row::new();
            let (row, differences) = self.overlaid(before.map_or(&empty, |one| &one.row), entry);
            if group.head.is_some() {
                made.differences.extend(differences);
                if before.is_none() {
                    made.differences.push(self.appears(entry.table, &address));
                }
            }
            let part = Part {
                table: entry.table,
                address,
                row,
            };
            rows.push((part, Some(entry)));
        }
        for before in &old.inside {
            if rows.iter().any(|(part, _)| part.address == before.address) {
                continue;
            }
            // A file that has rows of a record's parts has all of them.
            if group.inside.is_empty() {
                rows.push((before.clone(), None));
            } else {
                made.differences.push(Difference {
                    new: String::new(),
                    old: before.address.clone(),
                    ..self.appears(before.table, "")
                });
            }
        }
        if group.head.is_some() && moves(group) {
            let old = group.head.as_ref().and_then(|head| head.parent.clone());
            let new = group.parent.as_ref().map(|iri| iri.as_str().to_owned());
            made.differences.push(Difference {
                heading: words::heading(&Column::Parent, self.language).to_owned(),
                old: old.unwrap_or_default(),
                new: new.unwrap_or_default(),
            });
        }
        let note = note.map(|note| Triple::new(group.iri.clone(), skos::NOTE, note.clone()));
        if group.head.is_some() && note.as_ref().is_some_and(|note| noted != [note.clone()]) {
            let text = |triple: &Triple| checked::shown(&triple.object);
            made.differences.push(Difference {
                heading: "skos:note".to_owned(),
                old: noted.first().map(text).unwrap_or_default(),
                new: note.as_ref().map(text).unwrap_or_default(),
            });
        }
        // What does not change stays as it is to the letter.
        if group.head.is_some() && made.differences.is_empty() && !group.current.is_empty() {
            made.triples.clone_from(&group.current);
            return made;
        }
        self.speak(group, &old, rows, &mut made);
        made.triples.extend(note);
        made
    }

    /// Whether the other statements of a record's row tell of its parts.
    fn carries_parts(&self, group: &Group) -> bool {
        let other = group
            .main
            .as_ref()
            .and_then(|entry| entry.row.get(&Column::Other));
        let kind = &self.tables[group.kind].kind.name;
        let embedded = self.tables.iter().filter(|table| table.kind.embedded);
        let mut relations = embedded.filter_map(|table| table.kind.relation_from(kind));
        other.is_some_and(|text| {
            relations.any(|relation| {
                let short = vocabulary::short(relation.as_str());
                text.contains(relation.as_str()) || short.is_some_and(|short| text.contains(&short))
            })
        })
    }

    /// The row of the record itself, with what is new over what is old.
    fn main_row(&self, group: &Group, old: &Rows, made: &mut Made) -> Row {
        let Some(entry) = &group.main else {
            return old.main.clone();
        };
        let (new, differences) = self.overlaid(&old.main, entry);
        if group.head.is_some() {
            made.differences.extend(differences);
        }
        new
    }

    /// An old row with the cells of a new one over it. What the file has no column for stays.
    fn overlaid(&self, old: &Row, entry: &Entry) -> (Row, Vec<Difference>) {
        let table = &self.tables[entry.table];
        let present = &self.layout.sheets[entry.sheet].columns;
        let (mut row, mut differences) = (old.clone(), Vec::new());
        for column in present.keys() {
            let (before, after) = (old.get(column), entry.row.get(column));
            let same = match (before, after) {
                (Some(one), Some(other)) => one.trim() == other.trim(),
                (None, None) => true,
                _ => false,
            };
            if same {
                continue;
            }
            match after {
                Some(cell) => row.insert(column.clone(), cell.clone()),
                None => row.remove(column),
            };
            differences.push(Difference {
                heading: table.heading(column, self.language),
                old: before.cloned().unwrap_or_default(),
                new: after.cloned().unwrap_or_default(),
            });
        }
        differences.sort_by(|one, other| one.heading.cmp(&other.heading));
        (row, differences)
    }

    fn appears(&self, table: usize, address: &str) -> Difference {
        Difference {
            heading: self.tables[table].kind.title(self.language).to_owned(),
            old: String::new(),
            new: address.to_owned(),
        }
    }

    /// Turns the rows of a record into its statements.
    fn speak(
        &mut self,
        group: &Group,
        old: &Rows,
        rows: Vec<(Part, Option<&Entry>)>,
        made: &mut Made,
    ) {
        let (parts, entries): (Vec<Part>, Vec<Option<&Entry>>) = rows.into_iter().unzip();
        let (triples, said) = said_by(
            self.tables,
            (group.kind, &group.iri),
            &parts,
            &mut self.values,
        );
        made.triples = triples;
        for ((part, entry), mut said) in parts.iter().zip(entries).zip(said) {
            let Some(entry) = entry else { continue };
            let table = &self.tables[part.table];
            for (column, fault) in said.faults.drain(..) {
                let heading = table.heading(&column, self.language);
                let place = self.layout.place(entry, Some(&column), &heading);
                made.faults.push((place, fault));
            }
            made.said.push((entry.clone(), said));
        }
        let moves = moves(group);
        if let Some(parent) = group.parent.as_ref().filter(|_| old.names_parent || moves) {
            let part = Triple::new(group.iri.clone(), dct::IS_PART_OF, parent.clone());
            made.triples.push(part);
        }
        made.triples = crate::catalogue::incoming::distinct(std::mem::take(&mut made.triples));
    }
}

/// Whether the record is to be part of something else than it is now.
fn moves(group: &Group) -> bool {
    let now = group.head.as_ref().and_then(|head| head.parent.as_deref());
    group.parent.as_ref().map(NamedNode::as_str) != now
}

/// Whether a statement is the note that a crosswalk leaves with a record.
fn is_note(triple: &Triple, record: &NamedNode) -> bool {
    let about = NamedOrBlankNode::from(record.clone()) == triple.subject;
    let json = matches!(&triple.object, Term::Literal(literal) if literal.datatype() == rdf::JSON);
    about && json && triple.predicate == skos::NOTE
}

/// Addresses for parts that have none: the same at every upload, so that the same file changes nothing.
fn free_addresses(group: &Group) -> impl Iterator<Item = String> {
    let named = group
        .inside
        .iter()
        .filter_map(|entry| entry.address.clone());
    let taken: FxHashSet<String> = named.collect();
    let iri = group.iri.clone();
    let all = (1..).map(move |n| format!("{}#part-{n}", iri.as_str()));
    all.filter(move |address| !taken.contains(address))
}

/// Tells what came of each record, and where in the file what is wrong stands.
fn tell(
    checkup: &mut Checkup,
    layout: &Layout,
    tables: &[Table],
    groups: &[Group],
    made: Vec<Made>,
    receipt: Receipt,
    wanted: &Wanted,
) {
    checkup.committed = receipt.committed;
    let by_iri: FxHashMap<String, Made> = made
        .into_iter()
        .map(|made| (groups[made.group].iri.as_str().to_owned(), made))
        .collect();
    for outcome in receipt.outcomes {
        let made = by_iri.get(&outcome.iri);
        let group = made.map(|made| &groups[made.group]);
        let entry = group.and_then(|group| group.main.as_ref().or(group.inside.first()));
        let place = entry.map_or_else(Place::default, |entry| layout.place(entry, None, ""));
        tell_problems(checkup, layout, tables, (&outcome, made), &place, wanted);
        let mut differences = made.map_or_else(Vec::new, |made| made.differences.clone());
        differences.truncate(DIFFERENCES_MAX);
        // The same said in other words is no difference.
        if outcome.effect == Some(Effect::Unchanged) {
            differences.clear();
        }
        checkup.records.push(Told {
            place,
            title: outcome.title.clone().unwrap_or_else(|| outcome.iri.clone()),
            iri: outcome.iri,
            path: outcome.path,
            effect: outcome.effect,
            state: outcome.state,
            version: outcome.version,
            differences,
        });
    }
}

fn tell_problems(
    checkup: &mut Checkup,
    layout: &Layout,
    tables: &[Table],
    (outcome, made): (&Outcome, Option<&Made>),
    place: &Place,
    wanted: &Wanted,
) {
    let invalid = matches!(outcome.error, Some(CatalogueError::Invalid(_)));
    if let Some(error) = outcome.error.as_ref().filter(|_| !invalid) {
        checkup.add(Problem {
            place: place.clone(),
            message: error.to_string(),
            is_blocking: true,
        });
    }
    // A record that stays as it is needs no mending here.
    let Some(checked) = outcome
        .checked
        .as_ref()
        .filter(|_| outcome.effect != Some(Effect::Unchanged))
    else {
        return;
    };
    let faulty: FxHashSet<(Option<u32>, &Option<String>)> = made
        .into_iter()
        .flat_map(|made| &made.faults)
        .map(|(place, _)| (place.row, &place.column))
        .collect();
    if let Some(given_up) = &checked.given_up {
        checkup.add(Problem {
            place: place.clone(),
            message: given_up.clone(),
            is_blocking: invalid,
        });
    }
    for told in checked.sorted() {
        let result = told.result;
        if result.severity != Severity::Violation {
            break;
        }
        let language = wanted.language.as_str();
        let label = checked::label(result, language);
        let found = made.and_then(|made| {
            let predicate = result.property()?;
            made.said.iter().find_map(|(entry, said)| {
                let table = &tables[entry.table];
                let column = said.column(table, &result.focus_node, predicate)?;
                Some(layout.place(entry, Some(&column), &table.heading(&column, language)))
            })
        });
        let place = found.unwrap_or_else(|| Place {
            heading: Some(label).filter(|label| !label.is_empty()),
            ..place.clone()
        });
        // What cannot be read at all was told already.
        if place.column.is_some() && faulty.contains(&(place.row, &place.column)) {
            continue;
        }
        let mut message = result.message(language).to_owned();
        if let Some(value) = told.value(language) {
            message.extend([" (", &value, ")"]);
        }
        if let Some(advice) = told.advice {
            message.push(' ');
            message.push_str(&advice.sentence(language));
        }
        checkup.add(Problem {
            place,
            message,
            is_blocking: invalid,
        });
    }
}
