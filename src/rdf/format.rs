//! The one table of serialisations: media types, extensions, parsers and writers.

use std::collections::HashMap;
use std::fmt;
use std::io;

use oxjsonld::{JsonLdParser, JsonLdSerializer};
use oxrdf::{BlankNode, GraphName, NamedOrBlankNode, Quad, QuadRef, Term, TripleRef};
use oxrdfxml::{RdfXmlParser, RdfXmlSerializer};
use oxttl::{
    NQuadsParser, NQuadsSerializer, NTriplesParser, NTriplesSerializer, TriGParser, TriGSerializer,
    TurtleParser, TurtleSerializer,
};

use super::vocabulary::PREFIXES;

/// A serialisation of RDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Turtle,
    JsonLd,
    RdfXml,
    NTriples,
    NQuads,
    TriG,
    /// Written as the Turtle subset; read as Turtle.
    N3,
}

struct Row {
    format: Format,
    name: &'static str,
    extension: &'static str,
    /// The first is the one we answer with; the others are understood.
    media_types: &'static [&'static str],
    /// Other values of `?format=` and other extensions.
    aliases: &'static [&'static str],
    named_graphs: bool,
}

const TABLE: [Row; 7] = [
    Row {
        format: Format::Turtle,
        name: "Turtle",
        extension: "ttl",
        media_types: &["text/turtle", "application/x-turtle", "text/plain"],
        aliases: &["turtle"],
        named_graphs: false,
    },
    Row {
        format: Format::JsonLd,
        name: "JSON-LD",
        extension: "jsonld",
        media_types: &["application/ld+json"],
        aliases: &["json-ld"],
        named_graphs: true,
    },
    Row {
        format: Format::RdfXml,
        name: "RDF/XML",
        extension: "rdf",
        media_types: &["application/rdf+xml", "application/xml", "text/xml"],
        aliases: &["rdfxml", "xml", "owl"],
        named_graphs: false,
    },
    Row {
        format: Format::NTriples,
        name: "N-Triples",
        extension: "nt",
        media_types: &["application/n-triples"],
        aliases: &["ntriples"],
        named_graphs: false,
    },
    Row {
        format: Format::NQuads,
        name: "N-Quads",
        extension: "nq",
        media_types: &["application/n-quads"],
        aliases: &["nquads"],
        named_graphs: true,
    },
    Row {
        format: Format::TriG,
        name: "TriG",
        extension: "trig",
        media_types: &["application/trig"],
        aliases: &[],
        named_graphs: true,
    },
    Row {
        format: Format::N3,
        name: "N3",
        extension: "n3",
        media_types: &["text/n3", "text/rdf+n3"],
        aliases: &[],
        named_graphs: false,
    },
];

impl Format {
    /// Every format, the preferred first.
    pub const ALL: [Self; 7] = [
        Self::Turtle,
        Self::JsonLd,
        Self::RdfXml,
        Self::NTriples,
        Self::NQuads,
        Self::TriG,
        Self::N3,
    ];

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The name people know it by.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The extension of its files, without the dot.
    pub fn extension(self) -> &'static str {
        self.row().extension
    }

    /// The media type that we answer with.
    pub fn media_type(self) -> &'static str {
        self.row().media_types[0]
    }

    /// Every media type that means this format.
    pub fn media_types(self) -> &'static [&'static str] {
        self.row().media_types
    }

    /// Whether a document of this format can name its graphs.
    pub fn has_named_graphs(self) -> bool {
        self.row().named_graphs
    }

    /// The format of a media type without parameters, in any case.
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        let wanted = media_type.trim();
        let known = |row: &&Row| {
            row.media_types
                .iter()
                .any(|m| m.eq_ignore_ascii_case(wanted))
        };
        TABLE.iter().find(known).map(|row| row.format)
    }

    /// The format of a file extension or of a value of `?format=`.
    pub fn from_extension(extension: &str) -> Option<Self> {
        let wanted = |name: &str| name.eq_ignore_ascii_case(extension);
        let known = |row: &&Row| wanted(row.extension) || row.aliases.iter().any(|a| wanted(a));
        TABLE.iter().find(known).map(|row| row.format)
    }
}

/// Where and why a document is not well-formed. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    pub format: Format,
    pub message: String,
    pub line: Option<u64>,
    pub column: Option<u64>,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "not well-formed {}: {}",
            self.format.name(),
            self.message
        )?;
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, " (line {line}, column {column})"),
            (Some(line), None) => write!(f, " (line {line})"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for SyntaxError {}

/// How deep a JSON document may be nested: its parser works by recursion.
pub const JSON_DEPTH_MAX: usize = 100;

/// The deepest nesting of a JSON text, found without parsing it.
fn json_depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut inside, mut escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'[' | b'{' if !inside => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !inside => depth = depth.saturating_sub(1),
            _ => (),
        }
    }
    deepest
}

/// Whether an XML document declares entities that hold entities: a few lines of them stand for
/// gigabytes.
fn has_nested_entities(bytes: &[u8]) -> bool {
    const DECLARATION: &[u8] = b"<!ENTITY";
    let mut rest = bytes;
    while let Some(at) = rest
        .windows(DECLARATION.len())
        .position(|part| part == DECLARATION)
    {
        rest = &rest[at + DECLARATION.len()..];
        let end = rest
            .iter()
            .position(|byte| *byte == b'>')
            .unwrap_or(rest.len());
        let nested = |pair: &[u8]| pair[0] == b'&' && pair[1] != b'#';
        if rest[..end].windows(2).any(nested) {
            return true;
        }
    }
    false
}

/// Reads a whole document. Relative IRIs resolve against `base`; without one they are an error.
/// A JSON-LD context that would have to be fetched is an error: nothing here opens a connection.
pub fn parse(bytes: &[u8], format: Format, base: Option<&str>) -> Result<Vec<Quad>, SyntaxError> {
    let mut quads = Vec::new();
    parse_each(bytes, format, base, |quad| quads.push(quad))?;
    Ok(quads)
}

/// Reads a document quad by quad, as [`parse`] does.
pub fn parse_each(
    bytes: &[u8],
    format: Format,
    base: Option<&str>,
    mut each: impl FnMut(Quad),
) -> Result<(), SyntaxError> {
    let fail = |message: String| SyntaxError {
        format,
        message,
        line: None,
        column: None,
    };
    let base_error = |error: oxiri::IriParseError| base_error(format, &error);
    let turtle_error = |error: oxttl::TurtleSyntaxError| turtle_error(format, &error);
    let default = |triple: oxrdf::Triple| triple.in_graph(GraphName::DefaultGraph);
    match format {
        Format::Turtle | Format::N3 => {
            let mut parser = TurtleParser::new();
            if let Some(base) = base {
                parser = parser.with_base_iri(base).map_err(base_error)?;
            }
            for triple in parser.for_slice(bytes) {
                each(default(triple.map_err(turtle_error)?));
            }
        }
        Format::TriG => {
            let mut parser = TriGParser::new();
            if let Some(base) = base {
                parser = parser.with_base_iri(base).map_err(base_error)?;
            }
            for quad in parser.for_slice(bytes) {
                each(quad.map_err(turtle_error)?);
            }
        }
        Format::NTriples => {
            for triple in NTriplesParser::new().for_slice(bytes) {
                each(default(triple.map_err(turtle_error)?));
            }
        }
        Format::NQuads => {
            for quad in NQuadsParser::new().for_slice(bytes) {
                each(quad.map_err(turtle_error)?);
            }
        }
        Format::RdfXml => {
            if has_nested_entities(bytes) {
                return Err(fail("an entity is made of other entities".to_owned()));
            }
            let mut parser = RdfXmlParser::new();
            if let Some(base) = base {
                parser = parser.with_base_iri(base).map_err(base_error)?;
            }
            let mut triples = parser.for_slice(bytes);
            while let Some(triple) = triples.next() {
                // This parser's errors have no place: the last byte it looked at tells the line.
                each(default(triple.map_err(|error| SyntaxError {
                    line: Some(line_at(bytes, triples.buffer_position())),
                    ..fail(error.to_string())
                })?));
            }
        }
        Format::JsonLd => {
            if json_depth(bytes) > JSON_DEPTH_MAX {
                let message = format!("it is nested deeper than {JSON_DEPTH_MAX} levels");
                return Err(fail(message));
            }
            let mut parser = JsonLdParser::new();
            if let Some(base) = base {
                parser = parser.with_base_iri(base).map_err(base_error)?;
            }
            let mut names = BlankNames::default();
            for quad in parser.for_slice(bytes) {
                let quad = quad.map_err(|error| SyntaxError {
                    format,
                    line: error.location().map(|at| at.start.line + 1),
                    column: error.location().map(|at| at.start.column + 1),
                    message: error.to_string(),
                })?;
                each(names.mended(quad));
            }
        }
    }
    Ok(())
}

/// RDF 1.1 let the names of blank nodes have colons, RDF 1.2 does not: our parser of JSON-LD takes
/// them, those of the other formats do not. Such nodes get other names.
#[derive(Default)]
struct BlankNames(HashMap<String, BlankNode>);

impl BlankNames {
    fn mended(&mut self, mut quad: Quad) -> Quad {
        if let NamedOrBlankNode::BlankNode(node) = &quad.subject {
            quad.subject = self.name(node).into();
        }
        if let Term::BlankNode(node) = &quad.object {
            quad.object = self.name(node).into();
        }
        if let GraphName::BlankNode(node) = &quad.graph_name {
            quad.graph_name = self.name(node).into();
        }
        quad
    }

    fn name(&mut self, node: &BlankNode) -> BlankNode {
        if !node.as_str().contains(':') {
            return node.clone();
        }
        let name = node.as_str().to_owned();
        self.0.entry(name).or_default().clone()
    }
}

fn line_at(bytes: &[u8], position: u64) -> u64 {
    let read = usize::try_from(position).unwrap_or(usize::MAX);
    let seen = &bytes[..bytes.len().min(read)];
    seen.split(|byte| *byte == b'\n').count() as u64
}

/// Why a source could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    #[error("the source cannot be read")]
    Io(#[from] io::Error),
}

/// Reads a source quad by quad. The line formats pass through little memory, however long they
/// are; the others are read whole.
pub fn read_each(
    mut source: impl io::Read,
    format: Format,
    base: Option<&str>,
    mut each: impl FnMut(Quad),
) -> Result<(), ReadError> {
    let failed = |error: oxttl::TurtleParseError| match error {
        oxttl::TurtleParseError::Io(error) => ReadError::Io(error),
        oxttl::TurtleParseError::Syntax(error) => ReadError::Syntax(turtle_error(format, &error)),
    };
    match format {
        Format::NQuads => {
            for quad in NQuadsParser::new().for_reader(source) {
                each(quad.map_err(failed)?);
            }
        }
        Format::NTriples => {
            for triple in NTriplesParser::new().for_reader(source) {
                each(triple.map_err(failed)?.in_graph(GraphName::DefaultGraph));
            }
        }
        Format::Turtle | Format::JsonLd | Format::RdfXml | Format::TriG | Format::N3 => {
            let mut bytes = Vec::new();
            source.read_to_end(&mut bytes)?;
            parse_each(&bytes, format, base, each)?;
        }
    }
    Ok(())
}

pub(super) fn base_error(format: Format, error: &oxiri::IriParseError) -> SyntaxError {
    SyntaxError {
        format,
        message: format!("the base is no IRI: {error}"),
        line: None,
        column: None,
    }
}

pub(super) fn turtle_error(format: Format, error: &oxttl::TurtleSyntaxError) -> SyntaxError {
    SyntaxError {
        format,
        message: error.message().to_owned(),
        line: Some(error.location().start.line + 1),
        column: Some(error.location().start.column + 1),
    }
}

/// Writes triples with our usual prefixes. The order given is kept.
pub fn write_triples<'a>(
    format: Format,
    triples: impl IntoIterator<Item = TripleRef<'a>>,
) -> Vec<u8> {
    let quads = triples
        .into_iter()
        .map(|triple| triple.in_graph(oxrdf::GraphNameRef::DefaultGraph));
    write_quads(format, quads)
}

/// Writes quads with our usual prefixes. A format without named graphs writes their union.
pub fn write_quads<'a>(format: Format, quads: impl IntoIterator<Item = QuadRef<'a>>) -> Vec<u8> {
    try_write(format, quads).expect("writing to memory does not fail")
}

fn try_write<'a>(
    format: Format,
    quads: impl IntoIterator<Item = QuadRef<'a>>,
) -> io::Result<Vec<u8>> {
    let quads: Vec<QuadRef<'a>> = quads.into_iter().collect();
    let used = used_prefixes(&quads);
    let mut out = Vec::with_capacity(8192);
    let mut writer = Writer::with_prefixes(format, &mut out, &used);
    for quad in quads {
        writer.quad(quad)?;
    }
    writer.finish()?;
    Ok(out)
}

/// Those of our prefixes that a document needs. One that would make a name with a backslash is left out: the names are
/// then written in full, since not all readers of Turtle know such names (rdflib.js, that of many web clients, does not).
fn used_prefixes(quads: &[QuadRef<'_>]) -> Vec<(&'static str, &'static str)> {
    let (mut used, mut escaping) = ([false; PREFIXES.len()], [false; PREFIXES.len()]);
    let mut look = |iri: &str| {
        for (at, (_, namespace)) in PREFIXES.iter().enumerate() {
            let Some(local) = iri.strip_prefix(namespace) else {
                continue;
            };
            if !has_to_be_escaped(local) {
                used[at] = true;
                return;
            }
            escaping[at] = true;
        }
    };
    for quad in quads {
        look(quad.predicate.as_str());
        if let oxrdf::NamedOrBlankNodeRef::NamedNode(subject) = quad.subject {
            look(subject.as_str());
        }
        match quad.object {
            oxrdf::TermRef::NamedNode(object) => look(object.as_str()),
            oxrdf::TermRef::Literal(literal) => look(literal.datatype().as_str()),
            oxrdf::TermRef::BlankNode(_) | oxrdf::TermRef::Triple(_) => (),
        }
    }
    let kept = (0..PREFIXES.len()).filter(|&at| used[at] && !escaping[at]);
    kept.map(|at| PREFIXES[at]).collect()
}

/// Whether a local name has a character that Turtle takes with a backslash only (`PN_LOCAL_ESC`, Turtle §6.5).
fn has_to_be_escaped(local: &str) -> bool {
    local.starts_with(['-', '.'])
        || local.ends_with('.')
        || local.contains(|c: char| c.is_ascii_punctuation() && !matches!(c, '_' | '-' | '.' | ':'))
}

/// Writes statements one by one, with our usual prefixes.
pub struct Writer<W: io::Write>(Serializer<W>);

enum Serializer<W: io::Write> {
    Turtle(oxttl::turtle::WriterTurtleSerializer<W>),
    TriG(oxttl::trig::WriterTriGSerializer<W>),
    NTriples(oxttl::ntriples::WriterNTriplesSerializer<W>),
    NQuads(oxttl::nquads::WriterNQuadsSerializer<W>),
    RdfXml(oxrdfxml::WriterRdfXmlSerializer<W>),
    JsonLd(oxjsonld::WriterJsonLdSerializer<W>),
}

impl<W: io::Write> Writer<W> {
    /// Declares all our prefixes, since nobody knows what will come.
    pub fn new(format: Format, out: W) -> Self {
        Self::with_prefixes(format, out, PREFIXES)
    }

    fn with_prefixes(format: Format, out: W, prefixes: &[(&str, &str)]) -> Self {
        const VALID: &str = "our prefixes are IRIs";
        macro_rules! with_prefixes {
            ($serializer:expr) => {
                prefixes
                    .iter()
                    .fold($serializer, |serializer, (name, iri)| {
                        serializer.with_prefix(*name, *iri).expect(VALID)
                    })
            };
        }
        Self(match format {
            Format::Turtle | Format::N3 => {
                Serializer::Turtle(with_prefixes!(TurtleSerializer::new()).for_writer(out))
            }
            Format::TriG => Serializer::TriG(with_prefixes!(TriGSerializer::new()).for_writer(out)),
            Format::NTriples => Serializer::NTriples(NTriplesSerializer::new().for_writer(out)),
            Format::NQuads => Serializer::NQuads(NQuadsSerializer::new().for_writer(out)),
            Format::RdfXml => {
                Serializer::RdfXml(with_prefixes!(RdfXmlSerializer::new()).for_writer(out))
            }
            Format::JsonLd => {
                Serializer::JsonLd(with_prefixes!(JsonLdSerializer::new()).for_writer(out))
            }
        })
    }

    pub fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        self.quad(triple.in_graph(oxrdf::GraphNameRef::DefaultGraph))
    }

    /// Writes a quad; a format without named graphs writes its triple.
    pub fn quad(&mut self, quad: QuadRef<'_>) -> io::Result<()> {
        match &mut self.0 {
            Serializer::Turtle(writer) => writer.serialize_triple(TripleRef::from(quad)),
            Serializer::TriG(writer) => writer.serialize_quad(quad),
            Serializer::NTriples(writer) => writer.serialize_triple(TripleRef::from(quad)),
            Serializer::NQuads(writer) => writer.serialize_quad(quad),
            Serializer::RdfXml(writer) => writer.serialize_triple(TripleRef::from(quad)),
            Serializer::JsonLd(writer) => writer.serialize_quad(quad),
        }
    }

    /// Writes what closes the document.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Serializer::Turtle(writer) => writer.finish().map(drop),
            Serializer::TriG(writer) => writer.finish().map(drop),
            Serializer::NTriples(writer) => {
                writer.finish();
                Ok(())
            }
            Serializer::NQuads(writer) => {
                writer.finish();
                Ok(())
            }
            Serializer::RdfXml(writer) => writer.finish().map(drop),
            Serializer::JsonLd(writer) => writer.finish().map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for format in Format::ALL {
            assert_eq!(format.row().format, format);
            assert_eq!(Format::from_extension(format.extension()), Some(format));
            assert_eq!(Format::from_media_type(format.media_type()), Some(format));
        }
    }

    #[test]
    fn a_syntax_error_names_line_and_column() {
        let error = parse(b"<urn:a> <urn:b> .\n", Format::Turtle, None).expect_err("no object");
        assert_eq!(error.line, Some(1));
    }

    #[test]
    fn blank_nodes_of_json_ld_get_names_that_every_format_can_write() {
        let text = br#"[{"@id": "_:a:b", "urn:p": [{"@id": "_:c:d"}, {"@id": "_:e"}]},
            {"@id": "_:c:d", "urn:p": [{"@id": "_:a:b"}]}]"#;
        let quads = parse(text, Format::JsonLd, None).expect("JSON-LD");
        let written = write_quads(Format::NQuads, quads.iter().map(Quad::as_ref));
        let again = parse(&written, Format::NQuads, None).expect("N-Quads");
        assert_eq!(quads, again);
        assert_eq!(quads.len(), 3);
        assert_eq!(
            Term::from(quads[0].subject.clone()),
            quads[2].object,
            "one name for one node"
        );
    }

    #[test]
    fn no_name_is_written_with_a_backslash() {
        let text = br#"<urn:a> <http://www.w3.org/ns/dx/prof/hasRole> <http://www.w3.org/ns/dx/prof/role/validation> ;
            <http://purl.org/dc/terms/title> "A" ; <http://purl.org/dc/terms/type> <http://www.w3.org/2004/02/skos/core#a.b> ."#;
        let triples = parse(text, Format::Turtle, None).expect("Turtle");
        let written = write_quads(Format::Turtle, triples.iter().map(Quad::as_ref));
        let written = String::from_utf8(written).expect("UTF-8");
        assert!(!written.contains('\\'), "{written}");
        assert!(!written.contains("prof:"), "{written}");
        assert!(
            written.contains("dct:title") && written.contains("skos:a.b"),
            "{written}"
        );
        let again = parse(written.as_bytes(), Format::Turtle, None).expect("Turtle");
        assert_eq!(triples, again);
    }

    #[test]
    fn a_remote_context_is_refused() {
        let text = br#"{"@context": "http://10.0.0.1/context.jsonld", "name": "x"}"#;
        assert!(parse(text, Format::JsonLd, None).is_err());
    }
}
