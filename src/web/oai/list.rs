//! How are many records written: page after page of the ledger, on all cores, within bounds?

use std::thread;

use super::answer::Answering;
use super::form::{Form, Source};
use super::granularity::{Moment, written};
use super::identifier::Names;
use super::request::{Code, Refusal, Selection, Verb};
use super::token::Position;
use crate::catalogue::harvest::sets_of_place;
use crate::catalogue::projection::blocking;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::crosswalk::xml::{push_element, push_end, push_start};
use crate::crosswalk::{About, Statements};
use crate::ledger::{Harvest, Standing};
use crate::web::error::WebError;

/// Headers in one answer.
const HEADERS_MAX: usize = 1_000;
/// An answer that has become so long, in bytes, ends with the record that made it so.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// Records that are read at once.
const ROWS: usize = 128;
/// Records that are worth a thread.
const SHARE_MIN: usize = 16;

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

/// Some records as XML, how many they are, and whether all that were given are among them.
struct Written {
    xml: String,
    records: usize,
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
    pub async fn list(&self, position: Position) -> Result<Result<String, Refusal>, WebError> {
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
        let mut wanted = Harvest {
            after: position.after,
            through: position.through,
            up_to: position.up_to,
            from: position.from,
            before: position.before,
            set: position.set.clone(),
        };
        let mut body = String::new();
        let mut records = 0;
        let mut is_last = false;
        let mut ahead = self
            .view
            .harvest(&wanted, ROWS.min(records_max) + 1)
            .await?;
        loop {
            // One row more than is told says whether anything follows.
            let rows = ROWS.min(records_max - records);
            let is_end = ahead.len() <= rows;
            ahead.truncate(rows);
            let ends: Vec<u64> = ahead.iter().map(|one| one.sequence).collect();
            let Some(end) = ends.last() else { break };
            wanted.after = *end;
            let left = records_max - records - ends.len();
            let reading = async {
                if is_end || left == 0 {
                    return Ok(Vec::new());
                }
                self.view.harvest(&wanted, ROWS.min(left) + 1).await
            };
            let pen = pen.clone();
            // The next rows are read while these are written.
            let (written, read) = tokio::join!(blocking(move || pen.all(&ahead)), reading);
            let written = written?;
            records += written.records;
            body.push_str(&written.xml);
            wanted.after = ends[written.records - 1];
            let is_cut = written.records < ends.len() || body.len() >= ANSWER_BYTES_MAX;
            is_last = is_end && written.records == ends.len();
            if is_end || is_cut || left == 0 {
                break;
            }
            ahead = read?;
        }
        if records == 0 {
            return Ok(Err(nothing()));
        }
        self.push_token(&mut body, &position, (wanted.after, records, is_last));
        Ok(Ok(body))
    }

    /// A list of several answers says where each stands; the last one's token is empty (OAI-PMH §3.5).
    fn push_token(
        &self,
        body: &mut String,
        position: &Position,
        (after, records, is_last): (u64, usize, bool),
    ) {
        let is_whole = is_last && position.told == 0;
        if is_whole {
            return;
        }
        let next = Position {
            after,
            told: position.told + records as u64,
            ..position.clone()
        };
        let token = if is_last {
            String::new()
        } else {
            next.token(&self.key)
        };
        let cursor = position.told.to_string();
        push_element(
            body,
            "resumptionToken",
            &[("cursor", Some(&cursor))],
            &token,
        );
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
    /// Writes records on all cores, as many from the first on as fit.
    fn all(&self, standing: &[Standing]) -> Result<Written, CatalogueError> {
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let share = standing.len().div_ceil(cores).max(SHARE_MIN);
        thread::scope(|scope| {
            let mut shares = standing.chunks(share);
            let first = shares.next().unwrap_or_default();
            let others: Vec<_> = shares
                .map(|share| (share.len(), scope.spawn(move || self.some(share))))
                .collect();
            let mut all = self.some(first)?;
            let mut is_whole = all.records == first.len();
            for (given, other) in others {
                let panicked = |_| {
                    CatalogueError::Interrupted("a thread that wrote records panicked".to_owned())
                };
                let other = other.join().map_err(panicked)??;
                if is_whole {
                    is_whole = other.records == given;
                    all.xml.push_str(&other.xml);
                    all.records += other.records;
                }
            }
            Ok(all)
        })
    }

    /// Writes records one after the other until they are long enough.
    fn some(&self, standing: &[Standing]) -> Result<Written, CatalogueError> {
        let mut written = Written {
            xml: String::new(),
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
