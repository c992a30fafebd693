//! What does a page of a stream say? Linked Data Event Streams with the activities of DCAT-AP Feeds: what was done to
//! which record, when, and its description from then on.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::Feeds;
use super::log::{Activity, Member, Stream};
use super::node::{Child, Node};
use crate::catalogue::projection::{blocking, membership, on_all_cores};
use crate::catalogue::{Base, Catalogue, CatalogueError};
use crate::ledger::{PublicChange, What};
use crate::rdf::lines::{Copying, Skolem, Syntax};
use crate::rdf::vocabulary::{activity, dcat, dct, foaf, ldes, rdf, sh, tree, vcard, vs, xsd};
use crate::rdf::{BlankNode, Format, Literal, NamedNode, NamedNodeRef, Quad, Term, Triple, format};

/// How often a reader may look for something new, in seconds.
pub const POLLING_SECONDS: u32 = 60;
/// The shape of every member.
const SHAPE: NamedNodeRef<'static> = NamedNodeRef::new_unchecked(
    "https://semiceu.github.io/LDES-DCAT-AP-feeds/shape.ttl#ActivityShape",
);
/// Members that are worth a thread.
const SHARE_MIN: usize = 16;
/// A deletion is told for good; the least that a reader may count on.
const DELETIONS_KEPT: &str = "P10Y";
/// Things that stand by themselves in a feed of DCAT-AP, so that none of them may be a blank node.
const STANDALONE: [NamedNodeRef<'static>; 12] = [
    foaf::AGENT,
    foaf::ORGANIZATION,
    foaf::PERSON,
    vcard::KIND,
    vcard::ORGANIZATION,
    vcard::INDIVIDUAL,
    dcat::CATALOG_CLASS,
    dcat::DATASET_CLASS,
    dcat::DISTRIBUTION_CLASS,
    dcat::DATA_SERVICE,
    dct::LICENSE_DOCUMENT,
    dct::RIGHTS_STATEMENT,
];

/// Where a stream is read.
#[derive(Clone, Debug)]
pub struct Place {
    pub stream: Stream,
    /// The address of its first page.
    root: String,
    /// What the members are members of.
    collection: NamedNode,
}

impl Place {
    /// Every change.
    pub fn all(base: &Base) -> Self {
        Self {
            stream: Stream::All,
            root: format!("{base}/ldes"),
            collection: base.iri("/ldes#stream"),
        }
    }

    /// Of each record the last change.
    pub fn latest(base: &Base) -> Self {
        Self {
            stream: Stream::Latest,
            root: format!("{base}/ldes/latest"),
            collection: base.iri("/ldes#stream"),
        }
    }

    /// The changes of a catalogue and of what stands below it.
    pub fn catalogue(base: &Base, record: u32, path: &str) -> Self {
        Self {
            stream: Stream::Catalogue(record),
            root: format!("{base}/ldes{path}"),
            collection: base.iri(&format!("/ldes{path}#stream")),
        }
    }

    /// The address of a page.
    pub fn address(&self, node: Node) -> NamedNode {
        NamedNode::new_unchecked(format!("{}{}", self.root, node.path()))
    }
}

/// Tells whether a page has changed, and whether it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    pub digest: u64,
    pub is_closed: bool,
}

/// What stands on a page, before it is written.
struct Page {
    place: Place,
    node: Node,
    children: Vec<Child>,
    members: Vec<Member>,
    begins: Option<jiff::Timestamp>,
    is_closed: bool,
}

impl Feeds {
    /// Whether there is a page, and in which state; `None` when there is none.
    pub fn tag(&self, place: &Place, node: Node) -> Option<Tag> {
        let page = self.page(place, node)?;
        let mut digest = FxHasher::default();
        for child in &page.children {
            (child.node, child.from, child.until).hash(&mut digest);
        }
        for member in &page.members {
            (member.entry.sequence, member.leaves, member.stands).hash(&mut digest);
        }
        page.is_closed.hash(&mut digest);
        Some(Tag {
            digest: digest.finish(),
            is_closed: page.is_closed,
        })
    }

    /// A page in a format; `None` when there is none.
    pub async fn write(
        &self,
        place: &Place,
        node: Node,
        format: Format,
    ) -> Result<Option<Vec<u8>>, CatalogueError> {
        let Some(page) = self.page(place, node) else {
            return Ok(None);
        };
        let changes = self.changes(&page.members).await?;
        let catalogue = self.catalogue.clone();
        let write = move || page.write(&catalogue, &changes, format);
        blocking(write).await.map(Some)
    }

    /// One activity by itself; `None` when the record had none of this number.
    pub async fn activity(
        &self,
        path: &str,
        sequence: u64,
        format: Format,
    ) -> Result<Option<Vec<u8>>, CatalogueError> {
        let place = Place::all(self.catalogue.base());
        let members = {
            let log = self.log();
            log.members_since(place.stream, sequence.saturating_sub(1), 1)
        };
        let changes = self.changes(&members).await?;
        let is_it = changes
            .iter()
            .any(|change| change.sequence == sequence && change.path == path);
        if !is_it {
            return Ok(None);
        }
        let mut text = Text::new(&self.catalogue, syntax(format));
        text.members(None, &members, &changes)?;
        text.into_format(format).map(Some)
    }

    /// Members that came after a change, as one document, and the last of them.
    pub async fn news(
        &self,
        place: &Place,
        since: u64,
        format: Format,
        limit: usize,
    ) -> Result<Option<(Vec<u8>, u64)>, CatalogueError> {
        let members = self.log().members_since(place.stream, since, limit);
        let Some(last) = members.last() else {
            return Ok(None);
        };
        let changes = self.changes(&members).await?;
        let mut text = Text::new(&self.catalogue, syntax(format));
        text.members(Some(&place.collection), &members, &changes)?;
        Ok(Some((text.into_format(format)?, last.entry.sequence)))
    }

    pub(super) async fn changes(
        &self,
        members: &[Member],
    ) -> Result<Vec<PublicChange>, CatalogueError> {
        let sequences: Vec<u64> = members.iter().map(|one| one.entry.sequence).collect();
        Ok(self
            .catalogue
            .ledger()
            .public_changes_at(&sequences)
            .await?)
    }

    fn page(&self, place: &Place, node: Node) -> Option<Page> {
        let log = self.log();
        log.has(place.stream, node).then(|| Page {
            place: place.clone(),
            node,
            children: log.children(place.stream, node),
            members: log.members(place.stream, node),
            begins: log.begins(place.stream),
            is_closed: log.is_closed(place.stream, node),
        })
    }
}

/// The address of an activity: below that of its record.
pub fn activity_iri(base: &Base, path: &str, member: &Member) -> String {
    let sequence = member.entry.sequence;
    let end = if member.leaves { "/left" } else { "" };
    format!("{base}{path}/events/{sequence}{end}")
}

impl Activity {
    pub fn class(self) -> NamedNodeRef<'static> {
        match self {
            Self::Create => activity::CREATE,
            Self::Update => activity::UPDATE,
            Self::Delete => activity::DELETE,
        }
    }
}

/// The lines that a format is made from.
fn syntax(format: Format) -> Syntax {
    if format == Format::TriG {
        Syntax::TriG
    } else {
        Syntax::NQuads
    }
}

impl Page {
    fn write(
        &self,
        catalogue: &Catalogue,
        changes: &[PublicChange],
        format: Format,
    ) -> Result<Vec<u8>, CatalogueError> {
        let mut text = Text::new(catalogue, syntax(format));
        // Readers of streams look for the ways on before the members.
        for triple in self.frame() {
            text.say(&triple);
        }
        let parts = self.parts(catalogue, changes, syntax(format))?;
        text.out.reserve(parts.iter().map(String::len).sum());
        for part in parts {
            text.out.push_str(&part);
        }
        text.into_format(format)
    }

    /// The members as text, written on all cores.
    fn parts(
        &self,
        catalogue: &Catalogue,
        changes: &[PublicChange],
        syntax: Syntax,
    ) -> Result<Vec<String>, CatalogueError> {
        let parts = on_all_cores(&self.members, SHARE_MIN, |_, members| {
            let mut text = Text::new(catalogue, syntax);
            text.members(Some(&self.place.collection), members, changes)?;
            Ok(text.out)
        });
        let parts = parts.ok_or_else(|| {
            CatalogueError::Interrupted("a thread that wrote members panicked".to_owned())
        })?;
        parts.into_iter().collect()
    }

    fn frame(&self) -> Vec<Triple> {
        let here = self.place.address(self.node);
        let stream = &self.place.collection;
        let mut said = vec![
            triple(stream, rdf::TYPE, ldes::EVENT_STREAM),
            triple(stream, ldes::TIMESTAMP_PATH, activity::PUBLISHED),
            triple(stream, ldes::SEQUENCE_PATH, vs::SEQUENCE),
            triple(stream, ldes::VERSION_OF_PATH, activity::OBJECT),
            triple(&here, rdf::TYPE, tree::NODE_CLASS),
        ];
        if self.node == Node::Root {
            said.extend(self.stream());
        }
        if self.is_closed {
            said.push(triple(&here, ldes::IMMUTABLE, Literal::from(true)));
        }
        for child in &self.children {
            said.extend(self.relations(&here, child));
        }
        said
    }

    /// What the first page says about the whole.
    fn stream(&self) -> Vec<Triple> {
        let here = self.place.address(Node::Root);
        let stream = &self.place.collection;
        let policy = NamedNode::new_unchecked(format!("{}#retention", here.as_str()));
        let mut said = vec![
            triple(stream, tree::SHAPE, SHAPE),
            triple(stream, ldes::VERSION_CREATE_OBJECT, activity::CREATE),
            triple(stream, ldes::VERSION_UPDATE_OBJECT, activity::UPDATE),
            triple(stream, ldes::VERSION_DELETE_OBJECT, activity::DELETE),
            triple(
                stream,
                ldes::POLLING_INTERVAL,
                integer(POLLING_SECONDS.into()),
            ),
            triple(stream, tree::VIEW, here.clone()),
            triple(&here, rdf::TYPE, ldes::EVENT_SOURCE),
            triple(&here, ldes::RETENTION_POLICY, policy.clone()),
        ];
        if self.place.stream == Stream::Latest {
            let kept = Literal::new_typed_literal(DELETIONS_KEPT, xsd::DURATION);
            said.extend([
                triple(&policy, rdf::TYPE, ldes::LATEST_VERSION_SUBSET),
                triple(&policy, ldes::AMOUNT, integer(1)),
                triple(&policy, ldes::VERSION_AMOUNT, integer(1)),
                triple(&policy, ldes::VERSION_DELETE_DURATION, kept),
            ]);
        } else if let Some(begins) = self.begins {
            said.push(triple(&policy, ldes::STARTING_FROM, instant(begins)));
        }
        said.extend(self.shape());
        said
    }

    /// What the shape asks of an activity. Readers that look for it find it here, and need not fetch it from its own address.
    fn shape(&self) -> Vec<Triple> {
        let (shape, here) = (SHAPE.into_owned(), self.place.address(Node::Root));
        let once = |part: &str, path: NamedNodeRef<'_>| {
            let property = NamedNode::new_unchecked(format!("{}#{part}", here.as_str()));
            let said = [
                triple(&shape, sh::PROPERTY, property.clone()),
                triple(&property, sh::PATH, path),
                triple(&property, sh::MIN_COUNT, integer(1)),
                triple(&property, sh::MAX_COUNT, integer(1)),
            ];
            (property, said)
        };
        let (object, of_object) = once("object", activity::OBJECT);
        let (published, of_published) = once("published", activity::PUBLISHED);
        let mut said = vec![
            triple(&shape, rdf::TYPE, sh::NODE_SHAPE),
            triple(&object, sh::NODE_KIND, sh::IRI),
            triple(&published, sh::DATATYPE, xsd::DATE_TIME),
        ];
        said.extend(of_object);
        said.extend(of_published);
        said
    }

    /// Two ways to a page below: everything there is not before one time and before another.
    fn relations(&self, here: &NamedNode, child: &Child) -> Vec<Triple> {
        let bounds = [
            (tree::GREATER_THAN_OR_EQUAL_TO_RELATION, child.from),
            (tree::LESS_THAN_RELATION, child.until),
        ];
        let node = self.place.address(child.node);
        let one = |(class, at)| {
            let way = BlankNode::default();
            [
                Triple::new(here.clone(), tree::RELATION, way.clone()),
                Triple::new(way.clone(), rdf::TYPE, class),
                Triple::new(way.clone(), tree::PATH, activity::PUBLISHED),
                Triple::new(way.clone(), tree::VALUE, instant(at)),
                Triple::new(way, tree::NODE, node.clone()),
            ]
        };
        bounds.into_iter().flat_map(one).collect()
    }
}

/// A document of lines, to which graphs are copied.
struct Text<'a> {
    catalogue: &'a Catalogue,
    genid: String,
    syntax: Syntax,
    out: String,
}

impl<'a> Text<'a> {
    fn new(catalogue: &'a Catalogue, syntax: Syntax) -> Self {
        Self {
            genid: format!("{}/.well-known/genid/", catalogue.base()),
            catalogue,
            syntax,
            out: String::new(),
        }
    }

    fn say(&mut self, triple: &Triple) {
        // Writing to memory does not fail.
        let _ = writeln!(self.out, "{triple} .");
    }

    fn members(
        &mut self,
        collection: Option<&NamedNode>,
        members: &[Member],
        changes: &[PublicChange],
    ) -> Result<(), CatalogueError> {
        let known: HashMap<u64, &PublicChange> = changes
            .iter()
            .map(|change| (change.sequence, change))
            .collect();
        let told = members
            .iter()
            .filter_map(|member| known.get(&member.entry.sequence));
        let bytes = told.map(|change| match &change.what {
            // Each line also names its graph.
            What::Put { ntriples, .. } => ntriples.len() * 2,
            What::Remove { .. } => 0,
        });
        self.out.reserve(bytes.sum());
        for member in members {
            if let Some(change) = known.get(&member.entry.sequence) {
                self.member(collection, member, change)?;
            }
        }
        Ok(())
    }

    fn member(
        &mut self,
        collection: Option<&NamedNode>,
        member: &Member,
        change: &PublicChange,
    ) -> Result<(), CatalogueError> {
        let iri = activity_iri(self.catalogue.base(), &change.path, member);
        let subject = NamedNode::new_unchecked(&iri);
        if let Some(collection) = collection {
            self.say(&triple(collection, tree::MEMBER, subject.clone()));
        }
        let object = NamedNode::new_unchecked(&change.iri);
        let published = instant(member.entry.published());
        let sequence = integer(i64::try_from(member.entry.sequence).unwrap_or(i64::MAX));
        self.say(&triple(&subject, rdf::TYPE, member.activity().class()));
        self.say(&triple(&subject, activity::OBJECT, object));
        self.say(&triple(&subject, activity::PUBLISHED, published));
        self.say(&triple(&subject, vs::SEQUENCE, sequence));
        match &change.what {
            What::Put { ntriples, .. } if member.stands && !member.leaves => {
                self.payload(&iri, change, ntriples)
            }
            What::Put { .. } | What::Remove { .. } => Ok(()),
        }
    }

    /// The record's description, in a graph with the name of the activity, with what leads to it from above.
    fn payload(
        &mut self,
        iri: &str,
        change: &PublicChange,
        ntriples: &str,
    ) -> Result<(), CatalogueError> {
        let (base, kinds) = (self.catalogue.base(), self.catalogue.kinds());
        let mut lines = String::with_capacity(ntriples.len() + 256);
        lines.push_str(ntriples);
        if let Some((parent, relation)) = membership(base, kinds, change) {
            let _ = writeln!(lines, "{parent} {relation} <{}> .", change.iri);
        }
        let copying = Copying {
            syntax: self.syntax,
            graph: iri,
            record: &change.iri,
            skolem: Some(Skolem {
                prefix: &self.genid,
                classes: &STANDALONE,
            }),
        };
        Ok(copying.write(&lines, &mut self.out)?)
    }

    fn into_format(self, format: Format) -> Result<Vec<u8>, CatalogueError> {
        let bytes = self.out.into_bytes();
        if matches!(format, Format::NQuads | Format::TriG) {
            return Ok(bytes);
        }
        let quads = format::parse(&bytes, Format::NQuads, None)?;
        Ok(format::write_quads(format, quads.iter().map(Quad::as_ref)))
    }
}

fn triple(subject: &NamedNode, predicate: NamedNodeRef<'_>, object: impl Into<Term>) -> Triple {
    Triple::new(subject.clone(), predicate, object)
}

fn integer(n: i64) -> Literal {
    Literal::new_typed_literal(n.to_string(), xsd::INTEGER)
}

/// An instant as all pages write it, so that the order of texts is that of times.
pub(super) fn written(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// To the microsecond, since the order of a stream depends on it.
fn instant(at: jiff::Timestamp) -> Literal {
    Literal::new_typed_literal(written(at), xsd::DATE_TIME)
}
