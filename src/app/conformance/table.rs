//! What is checked, and which clause asks for it? The table of all checks.

use crate::rdf::NamedNodeRef;
use crate::rdf::vocabulary::{dcat, dct, fdp};

/// How much a check counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Must,
    Should,
}

impl Level {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
        }
    }
}

/// One promise.
#[derive(Debug)]
pub(super) struct Check {
    /// Its section, a point, and its name.
    pub id: &'static str,
    pub level: Level,
    pub clause: &'static str,
    /// What is promised.
    pub what: &'static str,
}

impl Check {
    pub(super) fn section(&self) -> &'static str {
        self.id.split('.').next().unwrap_or(self.id)
    }
}

const COMPLIANCE: &str = "FAIR Data Point specification, Compliance";
const API: &str = "FAIR Data Point specification, API";
const ROOT: &str = "FAIR Data Point specification, Metadata: FAIR Data Point";
const CATALOGUE: &str = "FAIR Data Point specification, Metadata: Catalog";
const NAVIGATION: &str = "FAIR Data Point specification, Metadata: Navigation information";
const SCHEMAS: &str = "FAIR Data Point specification, Metadata: Schemas and profiles";

const fn must(id: &'static str, clause: &'static str, what: &'static str) -> Check {
    Check {
        id,
        level: Level::Must,
        clause,
        what,
    }
}

const fn should(id: &'static str, clause: &'static str, what: &'static str) -> Check {
    Check {
        id,
        level: Level::Should,
        clause,
        what,
    }
}

/// All checks, in the order in which they are told.
pub(super) const CHECKS: &[Check] = &[
    must(
        "root.answers",
        COMPLIANCE,
        "the root address answers with the record of the service",
    ),
    must(
        "root.turtle",
        COMPLIANCE,
        "the root record can be had as Turtle",
    ),
    must(
        "root.json-ld",
        COMPLIANCE,
        "the root record can be had as JSON-LD",
    ),
    must(
        "root.turtle-by-default",
        COMPLIANCE,
        "who names no format gets Turtle",
    ),
    must(
        "root.same-in-both",
        COMPLIANCE,
        "Turtle and JSON-LD say the same",
    ),
    must(
        "root.type",
        ROOT,
        "the root record is a fdp-o:FAIRDataPoint (or fdp-o:MetadataService)",
    ),
    must("root.title", ROOT, "it has a title"),
    must("root.publisher", ROOT, "it has a publisher, a foaf:Agent"),
    must("root.license", ROOT, "it has one licence"),
    must(
        "root.conforms-to",
        ROOT,
        "it names the profile that it conforms to",
    ),
    must(
        "root.endpoint-url",
        ROOT,
        "it names its endpoint (dcat:endpointURL)",
    ),
    must(
        "root.identifier",
        ROOT,
        "it has one identifier of the metadata",
    ),
    must(
        "root.issued",
        ROOT,
        "it says once when the metadata were issued, as xsd:dateTime",
    ),
    must(
        "root.modified",
        ROOT,
        "it says once when the metadata were modified, as xsd:dateTime",
    ),
    must(
        "root.specification",
        ROOT,
        "it names the specification that it follows",
    ),
    must(
        "root.dates",
        ROOT,
        "start and end, where they are given, are given once as xsd:date",
    ),
    must(
        "navigation.root",
        NAVIGATION,
        "the root record leads on by an ldp:DirectContainer with a title",
    ),
    must(
        "navigation.relations",
        NAVIGATION,
        "each container names its membership resource and its relation",
    ),
    must(
        "navigation.members",
        "Linked Data Platform 1.0, §5.4.1",
        "what a container contains, the relation leads to as well",
    ),
    must(
        "navigation.reachable",
        NAVIGATION,
        "everything that is contained can be read by everybody",
    ),
    must(
        "navigation.back",
        NAVIGATION,
        "what is contained names the record that it is part of",
    ),
    must(
        "catalogue.exists",
        COMPLIANCE,
        "there is at least one catalogue",
    ),
    must("catalogue.type", CATALOGUE, "a catalogue is a dcat:Catalog"),
    must("catalogue.title", CATALOGUE, "a catalogue has a title"),
    must(
        "catalogue.publisher",
        CATALOGUE,
        "a catalogue has a publisher",
    ),
    must(
        "catalogue.license",
        CATALOGUE,
        "a catalogue has one licence",
    ),
    must(
        "catalogue.conforms-to",
        CATALOGUE,
        "a catalogue names the profile that it conforms to",
    ),
    must(
        "catalogue.part-of",
        CATALOGUE,
        "a catalogue is part of the FAIR Data Point",
    ),
    must(
        "catalogue.parts",
        CATALOGUE,
        "a catalogue has parts (dct:hasPart or a sub-property)",
    ),
    must(
        "catalogue.themes",
        CATALOGUE,
        "a catalogue names its taxonomy of themes",
    ),
    must(
        "catalogue.identifier",
        CATALOGUE,
        "a catalogue has one identifier of the metadata",
    ),
    must(
        "catalogue.issued",
        CATALOGUE,
        "a catalogue says once when its metadata were issued",
    ),
    must(
        "catalogue.modified",
        CATALOGUE,
        "a catalogue says once when its metadata were modified",
    ),
    must(
        "dataset.type",
        COMPLIANCE,
        "what a catalogue leads to by dcat:dataset is a dcat:Dataset",
    ),
    must("dataset.title", COMPLIANCE, "a dataset has a title"),
    must(
        "dataset.identifier",
        COMPLIANCE,
        "a dataset has one identifier of the metadata",
    ),
    should(
        "schema.profile",
        SCHEMAS,
        "a record references its profile, and the profile can be read",
    ),
    must(
        "schema.artifact",
        SCHEMAS,
        "a profile that can be read points to SHACL",
    ),
    must(
        "schema.target",
        SCHEMAS,
        "the shapes are for a class of the record",
    ),
    should("api.spec", API, "the shapes of the root are at /spec"),
    should(
        "api.expanded",
        API,
        "a record with all above it is at /expanded",
    ),
    should(
        "api.meta",
        API,
        "state and path of a record are at /meta, in JSON",
    ),
    should(
        "api.page",
        API,
        "the children of a record come page by page, with links to the other pages",
    ),
    should(
        "api.format",
        API,
        "?format= chooses the format as Accept does",
    ),
    should(
        "api.cross-origin",
        API,
        "every page of the web may read (CORS)",
    ),
    should(
        "api.not-acceptable",
        "RFC 9110, §15.5.7",
        "a format that cannot be had is refused, not answered by another",
    ),
    must(
        "api.not-found",
        "RFC 9110, §15.5.5",
        "a record that does not exist is 404 (or 410)",
    ),
    should(
        "api.problem",
        "RFC 9457",
        "failures are told to programs in JSON",
    ),
    must(
        "safety.create",
        API,
        "nobody makes a record without saying who they are",
    ),
    must(
        "safety.replace",
        API,
        "nobody replaces the root record without saying who they are",
    ),
    must(
        "safety.delete",
        API,
        "nobody deletes a record without saying who they are",
    ),
    must(
        "safety.publish",
        API,
        "nobody changes a state without saying who they are",
    ),
    must(
        "safety.token",
        "RFC 6750, §3.1",
        "a token that is not known is refused with 401",
    ),
    should(
        "safety.login",
        API,
        "a login that is wrong is refused with 401",
    ),
    must(
        "safety.people",
        API,
        "the people of the service are not shown to everybody",
    ),
    must(
        "safety.settings",
        API,
        "settings are not shown to everybody",
    ),
    must("safety.drafts", API, "drafts are in no answer to everybody"),
];

/// What a property must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Node,
    Any,
    Instant,
}

/// How often a property stands in a record (specification, the tables of properties).
pub(super) struct Rule {
    pub check: &'static str,
    pub property: NamedNodeRef<'static>,
    pub at_most_one: bool,
    pub form: Form,
}

const fn rule(
    check: &'static str,
    property: NamedNodeRef<'static>,
    at_most_one: bool,
    form: Form,
) -> Rule {
    Rule {
        check,
        property,
        at_most_one,
        form,
    }
}

/// Of the root record.
pub(super) const OF_ROOT: &[Rule] = &[
    rule("root.title", dct::TITLE, false, Form::Text),
    rule("root.publisher", dct::PUBLISHER, false, Form::Any),
    rule("root.license", dct::LICENSE, true, Form::Node),
    rule("root.conforms-to", dct::CONFORMS_TO, false, Form::Node),
    rule("root.endpoint-url", dcat::ENDPOINT_URL, false, Form::Node),
    rule("root.identifier", fdp::METADATA_IDENTIFIER, true, Form::Any),
    rule("root.issued", fdp::METADATA_ISSUED, true, Form::Instant),
    rule("root.modified", fdp::METADATA_MODIFIED, true, Form::Instant),
    rule(
        "root.specification",
        fdp::CONFORMS_TO_FDP_SPEC,
        true,
        Form::Any,
    ),
];

/// Of a catalogue.
pub(super) const OF_CATALOGUE: &[Rule] = &[
    rule("catalogue.title", dct::TITLE, false, Form::Text),
    rule("catalogue.publisher", dct::PUBLISHER, false, Form::Any),
    rule("catalogue.license", dct::LICENSE, true, Form::Node),
    rule("catalogue.conforms-to", dct::CONFORMS_TO, false, Form::Node),
    rule("catalogue.part-of", dct::IS_PART_OF, true, Form::Node),
    rule("catalogue.themes", dcat::THEME_TAXONOMY, false, Form::Any),
    rule(
        "catalogue.identifier",
        fdp::METADATA_IDENTIFIER,
        true,
        Form::Any,
    ),
    rule(
        "catalogue.issued",
        fdp::METADATA_ISSUED,
        true,
        Form::Instant,
    ),
    rule(
        "catalogue.modified",
        fdp::METADATA_MODIFIED,
        true,
        Form::Instant,
    ),
];

/// Of a dataset.
pub(super) const OF_DATASET: &[Rule] = &[
    rule("dataset.title", dct::TITLE, false, Form::Text),
    rule(
        "dataset.identifier",
        fdp::METADATA_IDENTIFIER,
        true,
        Form::Any,
    ),
];
