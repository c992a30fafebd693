//! On which line of a document does a statement stand? For reports that point at the source.

use oxrdf::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term, Triple};
use oxrdfxml::RdfXmlParser;
use oxttl::{TriGParser, TurtleParser};
use rustc_hash::FxHashMap;

use super::format::{self, Format, SyntaxError};

/// A place in a document; both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub line: u64,
    pub column: u64,
}

/// A document that was read together with the places of its statements.
pub struct Places {
    lines: Vec<String>,
    /// Subject → its statements with the line on which each ends.
    statements: FxHashMap<NamedOrBlankNode, Vec<Statement>>,
}

struct Statement {
    predicate: NamedNode,
    object: Term,
    /// From 0; `None` where the format's parser does not say.
    line: Option<usize>,
}

impl Places {
    /// Reads a document as [`format::parse`] does, and remembers where each statement stands.
    pub fn read(
        bytes: &[u8],
        format: Format,
        base: Option<&str>,
    ) -> Result<(Vec<Triple>, Self), SyntaxError> {
        let located = match format {
            Format::Turtle | Format::N3 | Format::TriG | Format::NTriples | Format::NQuads => {
                line_by_line(bytes, format, base)?
            }
            Format::RdfXml => rdf_xml(bytes, base)?,
            Format::JsonLd => format::parse(bytes, format, base)?
                .into_iter()
                .map(|quad| (quad, None))
                .collect(),
        };
        let mut places = Self {
            lines: String::from_utf8_lossy(bytes)
                .lines()
                .map(str::to_owned)
                .collect(),
            statements: FxHashMap::default(),
        };
        let mut triples = Vec::with_capacity(located.len());
        for (quad, line) in located {
            let triple = Triple::from(quad);
            let of_subject = places.statements.entry(triple.subject.clone()).or_default();
            of_subject.push(Statement {
                predicate: triple.predicate.clone(),
                object: triple.object.clone(),
                line,
            });
            triples.push(triple);
        }
        Ok((triples, places))
    }

    /// Where a value of a property stands; without such a value the property, without such a
    /// property the first statement about the subject.
    pub fn of(
        &self,
        subject: &Term,
        predicate: Option<&NamedNode>,
        value: Option<&Term>,
    ) -> Option<Place> {
        let subject = match subject {
            Term::NamedNode(node) => NamedOrBlankNode::from(node.clone()),
            Term::BlankNode(node) => NamedOrBlankNode::from(node.clone()),
            Term::Literal(_) | Term::Triple(_) => return None,
        };
        let statements = self.statements.get(&subject)?;
        let of_property = |statement: &&Statement| Some(&statement.predicate) == predicate;
        let exact = statements
            .iter()
            .filter(of_property)
            .find(|statement| Some(&statement.object) == value);
        // A value may be the end of a longer path, or stand under another name.
        let of_value = || {
            statements
                .iter()
                .find(|statement| Some(&statement.object) == value)
        };
        let found = exact
            .or_else(of_value)
            .or_else(|| statements.iter().find(of_property));
        match found {
            Some(statement) => self.place_of(statement),
            None => self.place_of_subject(&subject, statements),
        }
    }

    fn place_of(&self, statement: &Statement) -> Option<Place> {
        let value = text_of(&statement.object);
        let property = local_name(statement.predicate.as_str());
        match statement.line {
            // A parser may see the end of a statement only on a later line.
            Some(line) => [value.as_str(), property]
                .into_iter()
                .find_map(|text| self.backwards(line, text))
                .or(Some(first_column(line))),
            None => [value.as_str(), property]
                .into_iter()
                .find_map(|text| self.anywhere(text)),
        }
    }

    fn place_of_subject(
        &self,
        subject: &NamedOrBlankNode,
        statements: &[Statement],
    ) -> Option<Place> {
        let name = match subject {
            NamedOrBlankNode::NamedNode(node) => local_name(node.as_str()).to_owned(),
            NamedOrBlankNode::BlankNode(_) => "[".to_owned(),
        };
        match statements.iter().find_map(|statement| statement.line) {
            Some(line) => self
                .backwards(line, &name)
                .or_else(|| Some(first_column(line))),
            None => self.anywhere(&name),
        }
    }

    /// The nearest line at or above one that holds a text, within a few lines.
    fn backwards(&self, line: usize, text: &str) -> Option<Place> {
        const LINES_BACK_MAX: usize = 12;
        let from = line.saturating_sub(LINES_BACK_MAX);
        (from..=line)
            .rev()
            .find_map(|number| self.on_line(number, text))
    }

    fn anywhere(&self, text: &str) -> Option<Place> {
        (0..self.lines.len()).find_map(|number| self.on_line(number, text))
    }

    fn on_line(&self, number: usize, text: &str) -> Option<Place> {
        let line = self.lines.get(number)?;
        let first = text.lines().next().filter(|text| !text.is_empty())?;
        let at = line.find(first)?;
        Some(Place {
            line: number as u64 + 1,
            column: line[..at].chars().count() as u64 + 1,
        })
    }
}

fn first_column(line: usize) -> Place {
    Place {
        line: line as u64 + 1,
        column: 1,
    }
}

/// What of a term stands in a document as it is, whatever prefixes are declared.
fn text_of(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => local_name(node.as_str()).to_owned(),
        Term::Literal(literal) => literal.value().to_owned(),
        Term::BlankNode(_) | Term::Triple(_) => String::new(),
    }
}

fn local_name(iri: &str) -> &str {
    let trimmed = iri.trim_end_matches(['/', '#']);
    trimmed.rsplit(['#', '/']).next().unwrap_or(trimmed)
}

type Located = Vec<(Quad, Option<usize>)>;

/// Gives the parser line after line: what comes out after a line stands on it.
fn line_by_line(bytes: &[u8], format: Format, base: Option<&str>) -> Result<Located, SyntaxError> {
    let mut located = Vec::new();
    let failed = |error: oxttl::TurtleSyntaxError| format::turtle_error(format, &error);
    if matches!(format, Format::TriG | Format::NQuads) {
        let mut parser = TriGParser::new();
        if let Some(base) = base {
            parser = parser
                .with_base_iri(base)
                .map_err(|error| format::base_error(format, &error))?;
        }
        let mut parser = parser.low_level();
        for (number, line) in lines(bytes) {
            match line {
                Some(line) => parser.extend_from_slice(line),
                None => parser.end(),
            }
            while let Some(quad) = parser.parse_next() {
                located.push((quad.map_err(failed)?, Some(number)));
            }
        }
        return Ok(located);
    }
    let mut parser = TurtleParser::new();
    if let Some(base) = base {
        parser = parser
            .with_base_iri(base)
            .map_err(|error| format::base_error(format, &error))?;
    }
    let mut parser = parser.low_level();
    for (number, line) in lines(bytes) {
        match line {
            Some(line) => parser.extend_from_slice(line),
            None => parser.end(),
        }
        while let Some(triple) = parser.parse_next() {
            let quad = triple.map_err(failed)?.in_graph(GraphName::DefaultGraph);
            located.push((quad, Some(number)));
        }
    }
    Ok(located)
}

/// The lines with their ends, and `None` when all were given.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, Option<&[u8]>)> {
    let last = bytes.split(|byte| *byte == b'\n').count().saturating_sub(1);
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(Some)
        .enumerate()
        .chain(std::iter::once((last, None)))
}

fn rdf_xml(bytes: &[u8], base: Option<&str>) -> Result<Located, SyntaxError> {
    // The checks against hostile documents are those of the plain reader.
    format::parse(bytes, Format::RdfXml, base)?;
    let mut parser = RdfXmlParser::new();
    if let Some(base) = base {
        parser = parser
            .with_base_iri(base)
            .map_err(|error| format::base_error(Format::RdfXml, &error))?;
    }
    let mut located = Vec::new();
    let mut triples = parser.for_slice(bytes);
    let (mut seen, mut line) = (0, 0);
    while let Some(triple) = triples.next() {
        let Ok(triple) = triple else { break };
        let position = usize::try_from(triples.buffer_position()).unwrap_or(bytes.len());
        let position = position.clamp(seen, bytes.len());
        line += bytes[seen..position].split(|byte| *byte == b'\n').count() - 1;
        seen = position;
        located.push((triple.in_graph(GraphName::DefaultGraph), Some(line)));
    }
    Ok(located)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "\
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/> .

ex:one
    dct:title \"Eins\"@de ;
    dct:publisher [
        dct:title \"Wer\" ;
        dct:type ex:nobody
    ] ;
    dct:issued \"gestern\" .
";

    fn term(iri: &str) -> Term {
        NamedNode::new_unchecked(iri).into()
    }

    fn place(places: &Places, property: &str, value: Option<&Term>) -> Option<(u64, u64)> {
        let property = NamedNode::new_unchecked(format!("http://purl.org/dc/terms/{property}"));
        let place = places.of(&term("http://example.org/one"), Some(&property), value)?;
        Some((place.line, place.column))
    }

    #[test]
    fn a_value_stands_where_it_was_written() {
        let (_, places) = Places::read(DOCUMENT.as_bytes(), Format::Turtle, None).unwrap();
        let wrong = oxrdf::Literal::new_simple_literal("gestern").into();
        assert_eq!(place(&places, "issued", Some(&wrong)), Some((10, 17)));
        assert_eq!(place(&places, "publisher", None), Some((6, 9)));
        assert_eq!(place(&places, "license", None), Some((4, 4)));
    }

    #[test]
    fn values_inside_nested_nodes_are_found() {
        let (triples, places) = Places::read(DOCUMENT.as_bytes(), Format::Turtle, None).unwrap();
        let inner = triples
            .iter()
            .find(|triple| triple.object == term("http://example.org/nobody"))
            .unwrap();
        let found = places.of(
            &Term::from(inner.subject.clone()),
            Some(&inner.predicate),
            Some(&inner.object),
        );
        assert_eq!(found.map(|place| place.line), Some(8));
    }

    #[test]
    fn every_format_has_places() {
        let (triples, _) = Places::read(DOCUMENT.as_bytes(), Format::Turtle, None).unwrap();
        for format in Format::ALL {
            let text = format::write_triples(format, triples.iter().map(Triple::as_ref));
            let (read, places) = Places::read(&text, format, None).unwrap();
            assert_eq!(read.len(), triples.len(), "{}", format.name());
            let wrong = oxrdf::Literal::new_simple_literal("gestern").into();
            let (line, column) = place(&places, "issued", Some(&wrong)).unwrap();
            let text = String::from_utf8(text).unwrap();
            let line = text
                .lines()
                .nth(usize::try_from(line).unwrap() - 1)
                .unwrap();
            let rest: String = line
                .chars()
                .skip(usize::try_from(column).unwrap() - 1)
                .collect();
            assert!(rest.starts_with("gestern"), "{}: {line}", format.name());
        }
    }
}
