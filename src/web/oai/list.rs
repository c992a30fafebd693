//! How are many records written: page after page of the ledger, on all cores, within bounds?

use std::collections::VecDeque;
use std::num::NonZero;
use std::thread;

use tokio::task::{JoinError, JoinHandle};

use super::answer::Answering;
use super::form::{Form, Source};
use super::granularity::{Moment, written};
use super::identifier::Names;
use super::request::{Code, Refusal, Selection, Verb};
use super::token::Position;
use crate::catalogue::harvest::sets_of_place;
use crate::catalogue::projection::blocking;
use crate::catalogue::{Catalogue, CatalogueError, View};
use crate::crosswalk::xml::{push_element, push_end, push_start};
use crate::crosswalk::{About, Statements};
use crate::ledger::{Harvest, Standing};
use crate::web::error::WebError;

/// Headers in one answer.
const HEADERS_MAX: usize = 1_000;
/// An answer that has become so long, in bytes, ends with the record that made it so.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// Records that are read at once, and written by one thread.
const ROWS: usize = 80;
/// About how long a header alone is.
const HEADER_BYTES: usize = 400;

/// What records are written with; shared by the threads that write.
#[derive(Clone)]
pub struct Pen {
    pub catalogue: Catalogue,
    pub names: Names,
    pub site: String,
    /// `None` writes headers alone.
    pub form: Option<Form>,
    /// The set that was asked for: a record that has gone is told of in it.
    pub set: Option<String>,
}

/// A part of a list as XML, and where the next one begins.
pub type Listed = Result<(String, Option<Position>), Refusal>;

/// Some records as XML, how many they are, and whether all that were given are among them.
struct Written {
    xml: String,
    records: usize,
}

/// An answer that is being written.
struct Work<'v> {
    view: &'v View,
    pen: Pen,
    reading: Reading,
    writing: VecDeque<Writing>,
    /// Records that are being written.
    underway: usize,
    told: Told,
}

/// What an answer tells.
#[derive(Default)]
struct Told {
    body: String,
    records: usize,
    /// The change of its last record.
    after: u64,
    /// Whether nothing follows.
    is_last: bool,
}

/// Records that are being written, by the changes that they stand after.
struct Writing {
    sequences: Vec<u64>,
    written: JoinHandle<Result<Written, CatalogueError>>,
}

impl Work<'_> {
    async fn done(mut self) -> Result<Told, WebError> {
        loop {
            self.begin().await?;
            let Some(part) = self.writing.pop_front() else {
                self.told.is_last = self.reading.is_end;
                return Ok(self.told);
            };
            let is_whole = self.add(part).await?;
            if !is_whole || self.told.body.len() >= ANSWER_BYTES_MAX {
                self.told.is_last = is_whole && self.writing.is_empty() && self.reading.is_end;
                return Ok(self.told);
            }
        }
    }

    /// Some are written while the next are read, but not many more than there is room for.
    async fn begin(&mut self) -> Result<(), WebError> {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        while self.writing.len() <= cores && !self.reading.is_done() && !self.will_be_full() {
            let standing = self.reading.next(self.view).await?;
            if standing.is_empty() {
                break;
            }
            let sequences: Vec<u64> = standing.iter().map(|one| one.sequence).collect();
            self.underway += sequences.len();
            let pen = self.pen.clone();
            let written = tokio::spawn(blocking(move || pen.some(&standing)));
            self.writing.push_back(Writing { sequences, written });
        }
        Ok(())
    }

    /// Whether what is being written is about enough.
    fn will_be_full(&self) -> bool {
        let told = &self.told;
        let each = told.body.len().checked_div(told.records);
        let each = each.unwrap_or_else(|| self.pen.bytes_of_a_record());
        self.underway > 0 && told.body.len() + each * self.underway >= ANSWER_BYTES_MAX
    }

    /// Adds what was written; gives back whether all that was given is there.
    async fn add(&mut self, part: Writing) -> Result<bool, WebError> {
        let interrupted = |error: JoinError| CatalogueError::Interrupted(error.to_string());
        let written = part.written.await.map_err(interrupted)??;
        self.underway -= part.sequences.len();
        if self.told.body.is_empty() && !self.reading.is_done() {
            self.told.body.reserve(ANSWER_BYTES_MAX + written.xml.len());
        }
        self.told.body.push_str(&written.xml);
        self.told.records += written.records;
        let last = written.records.checked_sub(1);
        if let Some(sequence) = last.and_then(|last| part.sequences.get(last)) {
            self.told.after = *sequence;
        }
        Ok(written.records == part.sequences.len())
    }
}

/// What of a list is still to be read for an answer.
struct Reading {
    wanted: Harvest,
    left: usize,
    /// Whether nothing follows what was read.
    is_end: bool,
}

impl Reading {
    fn is_done(&self) -> bool {
        self.is_end || self.left == 0
    }

    async fn next(&mut self, view: &View) -> Result<Vec<Standing>, WebError> {
        let rows = ROWS.min(self.left);
        // One row more than is told says whether anything follows.
        let mut standing = view.harvest(&self.wanted, rows + 1).await?;
        self.is_end = standing.len() <= rows;
        standing.truncate(rows);
        self.left -= standing.len();
        if let Some(last) = standing.last() {
            self.wanted.after = last.sequence;
        }
        Ok(standing)
    }
}

impl Answering<'_> {
    /// Where a list begins: everything that is public now, or was changed in a time.
    pub async fn begin(
        &self,
        verb: Verb,
        selection: Selection,
    ) -> Result<Result<Position, Refusal>, WebError> {
        let ledger = self.door.catalogue.ledger();
        let from = selection.from.map(|from| from.at);
        let before = selection.until.map(Moment::end);
        let newest = ledger.last_public_sequence().await;
        let newest = newest.map_err(CatalogueError::from)?;
        let span = if from.is_none() && before.is_none() {
            (newest > 0).then_some((1, newest))
        } else {
            let span = ledger.public_span(from, before).await;
            span.map_err(CatalogueError::from)?
        };
        let Some((first, last)) = span else {
            return Ok(Err(nothing()));
        };
        let position = Position {
            verb,
            form: selection.form,
            after: first.saturating_sub(1),
            through: last,
            up_to: newest,
            from,
            before,
            told: 0,
            set: selection.set,
        };
        Ok(Ok(position))
    }

    /// The records from a position on, and the token for the rest.
    pub async fn list(&self, position: Position) -> Result<Listed, WebError> {
        if position.set.is_some() {
            self.know_sets(position.up_to).await?;
        }
        let headers_only = position.verb == Verb::Identifiers;
        let records_max = if headers_only {
            HEADERS_MAX
        } else {
            position.form.records_max()
        };
        let pen = self.pen(
            (!headers_only).then_some(position.form),
            position.set.clone(),
        );
        let work = Work {
            view: &self.view,
            pen,
            reading: Reading {
                wanted: Harvest {
                    after: position.after,
                    through: position.through,
                    up_to: position.up_to,
                    from: position.from,
                    before: position.before,
                    set: position.set.clone(),
                },
                left: records_max,
                is_end: false,
            },
            writing: VecDeque::new(),
            underway: 0,
            told: Told {
                after: position.after,
                ..Told::default()
            },
        };
        let Told {
            mut body,
            records,
            after,
            is_last,
        } = work.done().await?;
        if records == 0 {
            return Ok(Err(nothing()));
        }
        let next = self.push_token(&mut body, &position, (after, records, is_last));
        Ok(Ok((body, next)))
    }

    /// A list of several answers says where each stands; the last one's token is empty (OAI-PMH §3.5).
    fn push_token(
        &self,
        body: &mut String,
        position: &Position,
        (after, records, is_last): (u64, usize, bool),
    ) -> Option<Position> {
        let is_whole = is_last && position.told == 0;
        if is_whole {
            return None;
        }
        let next = (!is_last).then(|| Position {
            after,
            told: position.told + records as u64,
            ..position.clone()
        });
        let token = next.as_ref().map(|next| next.token(&self.key));
        let cursor = position.told.to_string();
        push_element(
            body,
            "resumptionToken",
            &[("cursor", Some(&cursor))],
            &token.unwrap_or_default(),
        );
        next
    }

    pub fn pen(&self, form: Option<Form>, set: Option<String>) -> Pen {
        Pen {
            catalogue: self.door.catalogue.clone(),
            names: self.names.clone(),
            site: self.door.settings.name.clone(),
            form,
            set,
        }
    }
}

fn nothing() -> Refusal {
    Refusal::new(
        Code::NoRecordsMatch,
        "no record was changed in that time and set",
    )
}

impl Pen {
    /// About how long a record is, in bytes, before one was written.
    fn bytes_of_a_record(&self) -> usize {
        self.form.map_or(HEADER_BYTES, Form::bytes_of_a_record)
    }

    /// Writes records one after the other until they are long enough.
    fn some(&self, standing: &[Standing]) -> Result<Written, CatalogueError> {
        let bytes = (standing.len() * self.bytes_of_a_record()).min(ANSWER_BYTES_MAX);
        let mut written = Written {
            xml: String::with_capacity(bytes),
            records: 0,
        };
        for one in standing {
            self.push(&mut written.xml, one)?;
            written.records += 1;
            if written.xml.len() >= ANSWER_BYTES_MAX {
                break;
            }
        }
        Ok(written)
    }

    /// Adds a record, or its header alone.
    pub fn push(&self, out: &mut String, standing: &Standing) -> Result<(), CatalogueError> {
        if self.form.is_some() {
            out.push_str("<record>");
        }
        match standing.ntriples()? {
            Some(ntriples) => self.push_present(out, standing, &ntriples)?,
            None => self.push_removed(out, standing),
        }
        if self.form.is_some() {
            out.push_str("</record>");
        }
        Ok(())
    }

    fn push_present(
        &self,
        out: &mut String,
        standing: &Standing,
        ntriples: &str,
    ) -> Result<(), CatalogueError> {
        let address = self.catalogue.base().iri(&standing.path).into_string();
        let about = About {
            iri: &standing.iri,
            address: &address,
            kind: &standing.kind,
            parent: standing.parent.as_deref(),
            site: &self.site,
            first_published: standing.first_published_at,
            changed: standing.at,
        };
        let statements = Statements::read(ntriples);
        let record = self.catalogue.described(about, &statements);
        let sets = self.catalogue.sets_of(&record);
        self.push_header(out, standing, None, &sets);
        let Some(form) = self.form else {
            return Ok(());
        };
        out.push_str("<metadata>");
        let source = Source {
            catalogue: &self.catalogue,
            record: &record,
            path: &standing.path,
            ntriples,
            host: self.names.host(),
        };
        form.push(out, &source)?;
        out.push_str("</metadata>");
        Ok(())
    }

    fn push_removed(&self, out: &mut String, standing: &Standing) {
        let parent = standing.parent.as_deref();
        let mut sets = sets_of_place(self.catalogue.base(), &standing.kind, parent);
        let asked = self.set.iter().filter(|set| !sets.contains(set));
        sets.extend(asked.cloned().collect::<Vec<_>>());
        self.push_header(out, standing, Some("deleted"), &sets);
    }

    fn push_header(
        &self,
        out: &mut String,
        standing: &Standing,
        status: Option<&str>,
        sets: &[String],
    ) {
        push_start(out, "header", &[("status", status)]);
        push_element(out, "identifier", &[], &self.names.of_path(&standing.path));
        push_element(out, "datestamp", &[], &written(standing.at));
        for set in sets {
            push_element(out, "setSpec", &[], set);
        }
        push_end(out, "header");
    }
}
