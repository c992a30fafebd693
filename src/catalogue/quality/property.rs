//! Which properties does the judgement of quality ask about?

use crate::rdf::NamedNodeRef;
use crate::rdf::vocabulary::{adms, dcat, dcatap, dct, foaf, geodcatap, healthdcatap, prov, rdf};

macro_rules! properties {
    ($($name:ident = $term:expr),+ $(,)?) => {
        /// A property that some metric, element or indicator asks about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the names are those of the properties")]
        pub enum Property { $($name),+ }

        impl Property {
            /// Every property.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The term of its vocabulary.
            pub fn term(self) -> NamedNodeRef<'static> {
                match self { $(Self::$name => $term),+ }
            }
        }
    };
}

properties! {
    Type = rdf::TYPE,
    Title = dct::TITLE,
    Description = dct::DESCRIPTION,
    Identifier = dct::IDENTIFIER,
    OtherIdentifier = adms::IDENTIFIER,
    Keyword = dcat::KEYWORD,
    Theme = dcat::THEME,
    Spatial = dct::SPATIAL,
    Temporal = dct::TEMPORAL,
    Distribution = dcat::DISTRIBUTION,
    AccessUrl = dcat::ACCESS_URL,
    DownloadUrl = dcat::DOWNLOAD_URL,
    Format = dct::FORMAT,
    MediaType = dcat::MEDIA_TYPE,
    License = dct::LICENSE,
    AccessRights = dct::ACCESS_RIGHTS,
    ContactPoint = dcat::CONTACT_POINT,
    Publisher = dct::PUBLISHER,
    Rights = dct::RIGHTS,
    ByteSize = dcat::BYTE_SIZE,
    Issued = dct::ISSUED,
    Modified = dct::MODIFIED,
    Legislation = dcatap::APPLICABLE_LEGISLATION,
    CodingSystem = healthdcatap::HAS_CODING_SYSTEM,
    Custodian = geodcatap::CUSTODIAN,
    HealthCategory = healthdcatap::HEALTH_CATEGORY,
    Hdab = healthdcatap::HDAB,
    StructuredData = healthdcatap::HAS_STRUCTURED_DATA,
    Variables = healthdcatap::HAS_VARIABLES,
    Provenance = dct::PROVENANCE,
    GeneratedBy = prov::WAS_GENERATED_BY,
    DerivedFrom = prov::WAS_DERIVED_FROM,
    Source = dct::SOURCE,
    ConformsTo = dct::CONFORMS_TO,
    ReferencedBy = dct::IS_REFERENCED_BY,
    Relation = dct::RELATION,
    QualifiedRelation = dcat::QUALIFIED_RELATION,
    InSeries = dcat::IN_SERIES,
    LandingPage = dcat::LANDING_PAGE,
    Page = foaf::PAGE,
}

/// A set of properties.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen(u64);

impl Seen {
    pub(super) fn insert(&mut self, property: Property) {
        self.0 |= 1 << property as u64;
    }

    pub(super) fn has(self, property: Property) -> bool {
        self.0 & (1 << property as u64) != 0
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

const _: () = assert!(Property::ALL.len() <= u64::BITS as usize);
