//! What does a form ask for, in which order, and how is each thing typed in?

use crate::catalogue::quality::Level;
use crate::rdf::{NamedNode, Term};
use crate::shacl::{Message, in_language};

/// How deep things are described inside of things: publisher, contact point, opening hours …
pub const NODE_DEPTH_MAX: usize = 6;

/// What a profile asks of the things of a class.
#[derive(Debug)]
pub struct Form {
    pub class: NamedNode,
    /// In the order of the profile; none is empty.
    pub groups: Vec<Group>,
}

/// Fields that belong together.
#[derive(Debug)]
pub struct Group {
    /// A short name, unique in its form.
    pub id: String,
    /// By language; empty for fields that no group holds.
    pub labels: Vec<Message>,
    pub fields: Vec<Field>,
}

/// One property.
#[derive(Debug)]
pub struct Field {
    /// The property in short, which names the field in what a browser sends.
    pub key: String,
    pub path: NamedNode,
    pub names: Vec<Message>,
    pub descriptions: Vec<Message>,
    pub level: Level,
    /// How many values there may be.
    pub max: Option<usize>,
    pub input: Input,
    /// What stands in it when a new record is begun.
    pub default: Option<Term>,
}

/// How a value is typed in.
#[derive(Debug)]
pub enum Input {
    /// Words; with a language where they have one.
    Text {
        long: bool,
        languages: bool,
    },
    /// One of a few values.
    Choice(Vec<Term>),
    /// A term of a vocabulary: below a root, or in a code list.
    Concept {
        sets: Vec<String>,
    },
    Iri,
    /// A day, a month, a year or a moment.
    Date,
    /// Whole numbers, written as this datatype.
    Integer(NamedNode),
    /// A number of bytes, which people write as 1.5 GB.
    Bytes(NamedNode),
    Decimal,
    Boolean,
    Duration,
    /// Any other datatype, as it is written in RDF.
    Typed(NamedNode),
    /// A thing with fields of its own, or a link to one.
    Node(Nested),
}

/// The fields of a thing inside of a record.
#[derive(Debug)]
pub struct Nested {
    pub class: Option<NamedNode>,
    pub fields: Vec<Field>,
}

impl Form {
    /// All fields of the record itself.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.groups.iter().flat_map(|group| &group.fields)
    }

    /// The field that a prefix such as `dct:publisher|0|foaf:name` names.
    pub fn field_at(&self, prefix: &str) -> Option<&Field> {
        // Every second part is the number of a row: that of a row alone names no field.
        if prefix.split('|').count().is_multiple_of(2) {
            return None;
        }
        let mut parts = prefix.split('|');
        let first = parts.next()?;
        let mut field = self.fields().find(|field| field.key == first)?;
        while let (Some(_), Some(key)) = (parts.next(), parts.next()) {
            let Input::Node(nested) = &field.input else {
                return None;
            };
            field = nested.fields.iter().find(|field| field.key == key)?;
        }
        Some(field)
    }
}

impl Group {
    /// The title in a language, or in the nearest there is.
    pub fn label(&self, language: &str) -> Option<&str> {
        in_language(&self.labels, language)
    }
}

impl Field {
    /// The label in a language, or in the nearest there is, or the property's own name.
    pub fn name(&self, language: &str) -> &str {
        let last = || crate::catalogue::profile::local_name(self.path.as_str());
        in_language(&self.names, language).unwrap_or_else(last)
    }

    /// The help in a language, or in the nearest there is.
    pub fn help(&self, language: &str) -> Option<&str> {
        in_language(&self.descriptions, language)
    }

    /// Whether another value may be added to so many.
    pub fn takes_more_than(&self, count: usize) -> bool {
        self.max.is_none_or(|max| count < max)
    }
}
