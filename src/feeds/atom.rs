//! What changed, for readers of feeds? Atom (RFC 4287) with an archive that reaches back to the first change (RFC 5005 §4).

use std::fmt::Write as _;

use super::Feeds;
use super::event::{activity_iri, written};
use super::log::{Activity, Member};
use crate::catalogue::{Base, CatalogueError};
use crate::ledger::PublicChange;

/// The media type.
pub const MEDIA_TYPE: &str = "application/atom+xml";
/// Where the feed is.
pub const PATH: &str = "/changes.atom";

/// A page of the feed.
pub struct AtomPage {
    pub text: String,
    /// The last change on it.
    pub sequence: u64,
    /// Whether it will stay as it is.
    pub is_closed: bool,
}

/// Which page of the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Newest,
    Archive(usize),
}

/// The address of a page of the archive.
fn archive_address(base: &Base, number: usize) -> String {
    format!("{base}/changes/{number}.atom")
}

impl Feeds {
    /// A page of the feed of everything; `None` when there is none of this number. `name` is the catalogue's,
    /// `hub` the address that tells subscribers.
    pub async fn atom(
        &self,
        which: Which,
        name: &str,
        hub: Option<&str>,
    ) -> Result<Option<AtomPage>, CatalogueError> {
        let (number, members, is_full, newest) = {
            let log = self.log();
            let newest = log.newest_archive();
            let number = match which {
                Which::Newest => newest,
                Which::Archive(number) => number,
            };
            let (members, is_full) = log.archive(number);
            (number, members, is_full, newest)
        };
        if which != Which::Newest && (members.is_empty() || !is_full) {
            return Ok(None);
        }
        let changes = self.changes(&members).await?;
        let sequence = members.last().map_or(0, |last| last.entry.sequence);
        let telling = Telling {
            base: self.catalogue.base(),
            name,
            hub,
            which,
            number,
            newest,
        };
        Ok(Some(AtomPage {
            text: telling.feed(&members, &changes),
            sequence,
            is_closed: which != Which::Newest,
        }))
    }

    /// What came after a change, as a feed of its own, and the last of it.
    pub async fn atom_news(
        &self,
        since: u64,
        name: &str,
        hub: &str,
        limit: usize,
    ) -> Result<Option<(String, u64)>, CatalogueError> {
        let members = self.log().members_since(super::Stream::All, since, limit);
        let Some(last) = members.last() else {
            return Ok(None);
        };
        let changes = self.changes(&members).await?;
        let newest = self.log().newest_archive();
        let telling = Telling {
            base: self.catalogue.base(),
            name,
            hub: Some(hub),
            which: Which::Newest,
            number: newest,
            newest,
        };
        Ok(Some((
            telling.feed(&members, &changes),
            last.entry.sequence,
        )))
    }
}

struct Telling<'a> {
    base: &'a Base,
    name: &'a str,
    hub: Option<&'a str>,
    which: Which,
    number: usize,
    newest: usize,
}

impl Telling<'_> {
    fn feed(&self, members: &[Member], changes: &[PublicChange]) -> String {
        let mut feed = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" \
             xmlns:fh=\"http://purl.org/syndication/history/1.0\">\n",
        );
        let current = format!("{}{PATH}", self.base);
        let updated = members.last().map(|last| last.entry.published());
        element(&mut feed, "id", &current);
        element(&mut feed, "title", self.name);
        element(&mut feed, "updated", &written(updated.unwrap_or_default()));
        let _ = writeln!(feed, "<author><name>{}</name></author>", xml(self.name));
        element(&mut feed, "generator", "Vesalius");
        self.links(&mut feed, &current);
        // The newest first, as readers expect it.
        for member in members.iter().rev() {
            let sequence = member.entry.sequence;
            let change = changes.iter().find(|change| change.sequence == sequence);
            if let Some(change) = change {
                self.entry(&mut feed, member, change);
            }
        }
        feed.push_str("</feed>\n");
        feed
    }

    fn links(&self, feed: &mut String, current: &str) {
        let archive = |number: usize| archive_address(self.base, number);
        match self.which {
            Which::Newest => link(feed, "self", current),
            Which::Archive(number) => {
                feed.push_str("<fh:archive/>\n");
                link(feed, "self", &archive(number));
                link(feed, "current", current);
                if number + 1 < self.newest {
                    link(feed, "next-archive", &archive(number + 1));
                }
            }
        }
        if let Some(before) = self.number.checked_sub(1) {
            link(feed, "prev-archive", &archive(before));
        }
        if let Some(hub) = self.hub {
            link(feed, "hub", hub);
        }
    }

    fn entry(&self, feed: &mut String, member: &Member, change: &PublicChange) {
        let address = self.base.iri(&change.path);
        let title = change.title.as_deref().filter(|title| !title.is_empty());
        let at = written(member.entry.published());
        feed.push_str("<entry>\n");
        element(feed, "id", &activity_iri(self.base, &change.path, member));
        element(feed, "title", title.unwrap_or(&change.iri));
        element(feed, "updated", &at);
        element(feed, "published", &at);
        let (term, label) = (member.activity().class().as_str(), word(member.activity()));
        let _ = writeln!(feed, "<category term=\"{term}\" label=\"{label}\"/>");
        let iri = xml(&change.iri);
        let _ = writeln!(feed, "<link rel=\"related\" href=\"{iri}\"/>");
        link(feed, "alternate", address.as_str());
        element(feed, "summary", word(member.activity()));
        feed.push_str("</entry>\n");
    }
}

fn word(activity: Activity) -> &'static str {
    match activity {
        Activity::Create => "published",
        Activity::Update => "changed",
        Activity::Delete => "withdrawn or deleted",
    }
}

fn element(feed: &mut String, name: &str, text: &str) {
    let _ = writeln!(feed, "<{name}>{}</{name}>", xml(text));
}

fn link(feed: &mut String, relation: &str, address: &str) {
    let _ = writeln!(feed, "<link rel=\"{relation}\" href=\"{}\"/>", xml(address));
}

/// Text inside XML; what XML 1.0 cannot hold is left out.
pub fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => safe.push(letter),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => (),
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(xml("a\u{1}<b>&\"\n"), "a&lt;b&gt;&amp;&quot;\n");
    }
}
